package io.carousel.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sequences of word numbers, each with a class, or with one at each word, or with none. */
public final class TokenDataset implements Dataset {
  private final List<int[]> sequences;
  private final int @Nullable [] classes;
  private final int @Nullable [][] stepClasses;

  /**
   * A data set over existing arrays, which are not copied.
   *
   * @param sequences word numbers from 1 on; a sequence may be empty
   * @param classes the class of each sequence, from 0 on, or null
   * @throws IllegalArgumentException if the numbers of sequences and classes differ, or a number is too small
   */
  public TokenDataset(List<int[]> sequences, int @Nullable [] classes) {
    this(sequences, classes, null);
  }

  private TokenDataset(List<int[]> sequences, int @Nullable [] classes, int @Nullable [][] stepClasses) {
    this.sequences = Collections.unmodifiableList(sequences);
    this.classes = classes;
    this.stepClasses = stepClasses;
    int rows = sequences.size();
    Checks.sameSize("TokenDataset", "classes", rows, classes == null ? rows : classes.length);
    Checks.notNegative("TokenDataset", classes);
    for (int row = 0; row < rows; row++) {
      for (int token : sequences.get(row)) {
        if (token < Vocabulary.UNKNOWN) {
          throw new IllegalArgumentException(
              "TokenDataset: word numbers must be at least 1, got " + token + " in row " + row
                  + "; leave padding out, batches add it by themselves");
        }
      }
    }
  }

  /**
   * Sequences with a class at each word, for tagging; arrays are not copied.
   *
   * @param classes as many as a sequence has words, from 0 on
   * @throws IllegalArgumentException if the numbers differ, or a number is too small
   */
  public static TokenDataset ofStepClasses(List<int[]> sequences, List<int[]> classes) {
    Checks.sameSize("TokenDataset", "lists of classes", sequences.size(), classes.size());
    for (int row = 0; row < classes.size(); row++) {
      Checks.notNegative("TokenDataset", classes.get(row));
      if (classes.get(row).length != sequences.get(row).length) {
        throw new IllegalArgumentException(
            "TokenDataset: there must be a class at each word, got " + classes.get(row).length + " for "
                + sequences.get(row).length + " words in row " + row);
      }
    }
    return new TokenDataset(sequences, null, classes.toArray(int[][]::new));
  }

  @Override
  public int size() {
    return sequences.size();
  }

  @Override
  public int length(int row) {
    return sequences.get(row).length;
  }

  /** The word numbers of a row, not a copy. */
  public int[] sequence(int row) {
    return sequences.get(row);
  }

  @Override
  public int @Nullable [] classes() {
    return classes;
  }

  @Override
  public Batch batch(int[] rows) {
    int count = rows.length;
    int[] lengths = new int[count];
    int steps = 1;
    for (int b = 0; b < count; b++) {
      lengths[b] = sequences.get(rows[b]).length;
      steps = Math.max(steps, lengths[b]);
    }
    int[][] words = new int[count][];
    for (int b = 0; b < count; b++) {
      words[b] = sequences.get(rows[b]);
    }
    int[][] picked = Checks.pick(stepClasses, rows);
    return new Batch(
        steps, Checks.timeMajor(words, lengths, steps), null, lengths,
        picked == null ? Checks.pick(classes, rows) : Checks.timeMajor(picked, lengths, steps), null);
  }

  @Override
  public TokenDataset subset(int[] rows) {
    List<int[]> chosen = new ArrayList<>(rows.length);
    for (int row : rows) {
      chosen.add(sequences.get(row));
    }
    return new TokenDataset(chosen, Checks.pick(classes, rows), Checks.pick(stepClasses, rows));
  }

  @Override
  public String toString() {
    return "TokenDataset(" + size() + " rows)";
  }
}

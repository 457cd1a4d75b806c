package io.carousel.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sequences of word numbers, each with a class or none. */
public final class TokenDataset implements Dataset {
  private final List<int[]> sequences;
  private final int @Nullable [] classes;

  /**
   * A data set over existing arrays, which are not copied.
   *
   * @param sequences word numbers from 1 on; a sequence may be empty
   * @param classes the class of each sequence, from 0 on, or null
   * @throws IllegalArgumentException if the numbers of sequences and classes differ, or a number is too small
   */
  public TokenDataset(List<int[]> sequences, int @Nullable [] classes) {
    this.sequences = Collections.unmodifiableList(sequences);
    this.classes = classes;
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
    int[] tokens = new int[Math.multiplyExact(steps, count)];
    for (int b = 0; b < count; b++) {
      int[] sequence = sequences.get(rows[b]);
      for (int t = 0; t < sequence.length; t++) {
        tokens[t * count + b] = sequence[t];
      }
    }
    return new Batch(steps, tokens, null, lengths, Checks.pick(classes, rows), null);
  }

  @Override
  public TokenDataset subset(int[] rows) {
    List<int[]> chosen = new ArrayList<>(rows.length);
    for (int row : rows) {
      chosen.add(sequences.get(row));
    }
    return new TokenDataset(chosen, Checks.pick(classes, rows));
  }

  @Override
  public String toString() {
    return "TokenDataset(" + size() + " rows)";
  }
}

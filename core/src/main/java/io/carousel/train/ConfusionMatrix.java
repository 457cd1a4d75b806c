package io.carousel.train;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each class was taken for each class.
 *
 * <p>{@code count(actual, predicted)} rows have the label {@code actual} and were predicted as
 * {@code predicted}; so a row of the matrix is a true class, as in scikit-learn. Immutable.
 */
public final class ConfusionMatrix {
  private final int[][] counts;

  private ConfusionMatrix(int[][] counts) {
    this.counts = counts;
  }

  /**
   * Counts pairs.
   *
   * @param actual the label of each row, 0 to {@code classes − 1}
   * @param predicted the predicted class of each row, in the same range
   * @throws IllegalArgumentException if the lengths differ or a class is out of range
   */
  public static ConfusionMatrix of(int[] actual, int[] predicted, int classes) {
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException(
          "ConfusionMatrix: there must be a prediction for each label, got "
              + actual.length
              + " labels and "
              + predicted.length
              + " predictions");
    }
    int[][] counts = new int[classes][classes];
    for (int row = 0; row < actual.length; row++) {
      check("label", actual[row], classes, row);
      check("prediction", predicted[row], classes, row);
      counts[actual[row]][predicted[row]]++;
    }
    return new ConfusionMatrix(counts);
  }

  private static void check(String what, int value, int classes, int row) {
    if (value < 0 || value >= classes) {
      throw new IllegalArgumentException(
          "ConfusionMatrix: a "
              + what
              + " must be in 0 to "
              + (classes - 1)
              + ", got "
              + value
              + " in row "
              + row);
    }
  }

  /** The number of classes. */
  public int classes() {
    return counts.length;
  }

  /** How many rows of one class were predicted as another, or as itself. */
  public int count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  /** How many rows have a label. */
  public int actual(int label) {
    return Arrays.stream(counts[label]).sum();
  }

  /** How many rows were predicted as a class. */
  public int predicted(int label) {
    int sum = 0;
    for (int[] row : counts) {
      sum += row[label];
    }
    return sum;
  }

  /** How many rows there are. */
  public int total() {
    int sum = 0;
    for (int label = 0; label < counts.length; label++) {
      sum += actual(label);
    }
    return sum;
  }

  /** How many rows were predicted right: the sum of the diagonal. */
  public int correct() {
    int sum = 0;
    for (int label = 0; label < counts.length; label++) {
      sum += counts[label][label];
    }
    return sum;
  }

  /** The counts, copied: {@code [actual][predicted]}. */
  public int[][] counts() {
    int[][] copy = new int[counts.length][];
    for (int label = 0; label < counts.length; label++) {
      copy[label] = counts[label].clone();
    }
    return copy;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfusionMatrix matrix && Arrays.deepEquals(counts, matrix.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }
}

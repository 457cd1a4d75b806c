package io.carousel.bench.longmemory;

/** What is counted over the sequences of a check or a test. */
final class Score {
  private int rows;
  private int wrong;
  private double errors;
  private long places;
  private long right;

  /** Counts a sequence. */
  void row(boolean isRight) {
    rows++;
    wrong += isRight ? 0 : 1;
  }

  /** Adds to the sum that {@link #meanError} is made of, one number a sequence. */
  void error(double value) {
    errors += value;
  }

  /** Counts a place of a sequence, for tasks whose answers have several. */
  void place(boolean isRight) {
    places++;
    right += isRight ? 1 : 0;
  }

  int rows() {
    return rows;
  }

  /** The sequences that were not right. */
  int wrong() {
    return wrong;
  }

  /** The mean of what was added as error. */
  double meanError() {
    return errors / rows;
  }

  /** The share of places that were right. */
  double accuracy() {
    return (double) right / places;
  }
}

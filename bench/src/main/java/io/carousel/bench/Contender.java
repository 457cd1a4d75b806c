package io.carousel.bench;

/** One side of a comparison: it takes training steps of a shape and times each. */
interface Contender {
  /**
   * Warms up, long when the shape is another than at the last call and shortly else, and takes some steps.
   *
   * @return milliseconds of each step
   * @throws ContenderException if it cannot
   */
  double[] turn(TrainingShape shape, int repetitions);

  /** A contender that cannot go on; the message is one line that says what to do about it. */
  final class ContenderException extends RuntimeException {
    ContenderException(String message) {
      super(message);
    }
  }
}

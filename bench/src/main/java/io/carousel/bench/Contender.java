package io.carousel.bench;

/** One side of a comparison: it does jobs and measures itself. */
interface Contender extends AutoCloseable {
  /** Its name in rows, {@code pytorch}. */
  String name();

  /** Its version and what else decides its speed, for the head of a result. */
  String version();

  /** True if it knows this job. */
  boolean can(Job job);

  /**
   * Does a job several times, after a warm-up where the suite has one.
   *
   * @return what was measured each time, in the unit of the job's suite
   * @throws ContenderException if it cannot
   */
  double[] turn(Job job, int repetitions);

  /** Ends what it has started. */
  @Override
  void close();

  /** A contender that cannot go on; the message is one line that says what to do about it. */
  final class ContenderException extends RuntimeException {
    ContenderException(String message) {
      super(message);
    }
  }
}

package io.carousel.bench;

/** Something to measure: one shape of a {@link Suite}. Its {@code toString} is its short name. */
interface Job {
  /** What peers call it: the suite and the shape, {@code train S1}. */
  String id();

  /** The model in words. */
  String text();

  /** Floating-point operations of its products, see {@link Work}; not a number where they are not counted. */
  double work();

  /** A job that this process can do as often as it likes: a training step, an answer. */
  interface InSteps extends Job {
    /** Makes all ready for steps; they compute with so many threads. */
    Steps start(int threads);
  }
}

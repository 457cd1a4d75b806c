package io.carousel.bench;

/** A model and its data, ready to do the same thing again and again. */
interface Steps extends AutoCloseable {
  /** Does it once. */
  void step();

  /** Gives back threads and memory. */
  @Override
  void close();
}

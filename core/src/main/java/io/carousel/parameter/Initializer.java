package io.carousel.parameter;

import io.carousel.tensor.Shape;

/**
 * How a parameter begins.
 *
 * <p>Values are a function of the key alone, which is made of the model's seed and the parameter's
 * name, so that no parameter's values depend on the other layers.
 */
@FunctionalInterface
public interface Initializer {
  /**
   * Writes the first values of a parameter.
   *
   * @param values the array that holds the parameter, row-major
   * @param offset where the parameter begins in it
   * @param shape its shape
   * @param key the key of its random numbers
   */
  void fill(float[] values, int offset, Shape shape, long key);
}

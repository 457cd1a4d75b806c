package io.carousel.compile;

/** A fused elementwise loop over rows. */
interface MapKernel {
  /**
   * Works on {@code rows} rows of {@code width} elements.
   *
   * @param operands the array of each operand; inputs first, then outputs
   * @param offsets where the first row of each operand starts
   * @param strides from one row of each operand to the next
   */
  void run(float[][] operands, int[] offsets, int[] strides, int rows, int width);
}

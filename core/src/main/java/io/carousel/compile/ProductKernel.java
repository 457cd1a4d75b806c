package io.carousel.compile;

/** A matrix product with the sizes and strides of one place in a program. */
interface ProductKernel {
  /**
   * {@code c[r] = init[r] + a[r]·b} for {@code rows} rows; the kernel knows the lengths and strides.
   *
   * @param b panels, see {@link io.carousel.kernel.Panels}
   * @param init what the sums start from; ignored if the kernel starts from zero
   * @param from the first panel of columns to compute
   * @param to the panel to stop before
   */
  void run(
      float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, float[] init, int initOffset, int rows,
      int from, int to);
}

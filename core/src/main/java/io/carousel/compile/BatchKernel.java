package io.carousel.compile;

/** A matrix product whose sizes and strides are known only when it runs, one panel of columns at a time. */
interface BatchKernel {
  /**
   * {@code c[r][j] = Σₖ a(r,k) · b[k][j]} for {@code rows} rows.
   *
   * @param aRow step from row to row in a
   * @param aTerm step from k to k in a
   * @param b one panel, packed {@code [terms][panel]}
   * @param cRow step from row to row in c, whose columns lie together
   * @param columns how many columns count, from 1 to the panel's width
   */
  void run(
      float[] a, int aOffset, int aRow, int aTerm, float[] b, int bOffset, float[] c, int cOffset, int cRow, int rows,
      int terms, int columns);
}

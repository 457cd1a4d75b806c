package io.carousel.compile;

/** A block of aᵀ·b summed over rows, with the strides of one place in a program. */
interface ContractKernel {
  /**
   * {@code c[i][j] += Σ a[row][i] · b[row][j]} over {@code rows} rows, for one tile of the result.
   *
   * @param b one panel, packed {@code [rows][panel]}
   * @param lines how many lines of the tile count, from 1 to the tile's height
   * @param columns how many columns count, from 1 to the panel's width
   */
  void run(
      float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, int rows, int lines, int columns);
}

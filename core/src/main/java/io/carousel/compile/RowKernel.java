package io.carousel.compile;

import io.carousel.kernel.Functions;
import java.util.Arrays;

/**
 * Reductions of rows of adjacent numbers, and what is made of them; as {@link
 * io.carousel.kernel.Rows} defines them, bit for bit.
 */
interface RowKernel {
  /** The largest of n numbers, NaN if one is NaN. */
  float max(float[] x, int offset, int n);

  /** The sum of n numbers. */
  float sum(float[] x, int offset, int n);

  /** {@code Σ exp(x − largest)} over n numbers. */
  float sumExp(float[] x, int offset, int n, float largest);

  /** {@code y = exp(x − largest) / total} for n numbers; y may be x. */
  void shares(float[] x, int offset, int n, float largest, float total, float[] y, int out);

  /** {@code sums[j] += Σ x[row][j]}, row by row, for n columns of rows that lie {@code step} apart. */
  void addRows(float[] x, int offset, int step, int rows, float[] sums, int at, int n);

  /** exp(x) / Σ exp(x) of one row; zeros where all x are −∞. */
  default void softmax(float[] x, int offset, float[] y, int out, int n) {
    float largest = max(x, offset, n);
    if (largest == Float.NEGATIVE_INFINITY) {
      Arrays.fill(y, out, out + n, 0f);
    } else {
      shares(x, offset, n, largest, sumExp(x, offset, n, largest), y, out);
    }
  }

  /** log Σ exp(x) of one row. */
  default float logSumExp(float[] x, int offset, int n) {
    float largest = max(x, offset, n);
    return Float.isInfinite(largest) ? largest : largest + Functions.log(sumExp(x, offset, n, largest));
  }
}

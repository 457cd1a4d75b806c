package io.carousel.kernel;

import io.carousel.tensor.CounterRandom;

/**
 * The hand-written loops that move, gather and reduce rows. Plain loops, which the JIT turns into
 * vector code where the order of sums allows it; where a sum has an order, the order is fixed here.
 */
public final class Rows {
  /** Partial sums of a row are kept for so many lanes, whatever the machine's vectors are. */
  public static final int LANES = 16;

  private Rows() {}

  /** Rows of a table by index: {@code out[i] = table[index[i]]}. */
  public static void gather(
      float[] table, int tableOffset, int tableRow, int rows, int[] index, int indexOffset, int from, int to, float[] out,
      int outOffset, int outRow, int width) {
    for (int i = from; i < to; i++) {
      int row = index[indexOffset + i];
      if (row < 0 || row >= rows) {
        throw new IllegalArgumentException(
            "gather: indices must be from 0 to " + (rows - 1) + ", got " + row + " at position " + i);
      }
      System.arraycopy(table, tableOffset + row * tableRow, out, outOffset + i * outRow, width);
    }
  }

  /** Tables that are added to are split by row number modulo this. */
  public static final int PARTS = 64;

  /**
   * Rows added up by index, in the order of the indices, into a table that starts from zero. A
   * caller takes the rows of the table whose number modulo {@link #PARTS} is in a range, so that
   * each sum has one order, whoever computes it.
   */
  public static void scatterAdd(
      int[] index, int indexOffset, int count, float[] rows, int offset, int rowStride, float[] table,
      int tableOffset, int tableRows, int width, int from, int to) {
    for (int row = 0; row < tableRows; row++) {
      int part = row & (PARTS - 1);
      if (part >= from && part < to) {
        java.util.Arrays.fill(table, tableOffset + row * width, tableOffset + (row + 1) * width, 0f);
      }
    }
    for (int i = 0; i < count; i++) {
      int row = index[indexOffset + i];
      if (row < 0 || row >= tableRows) {
        throw new IllegalArgumentException(
            "scatteradd: indices must be from 0 to " + (tableRows - 1) + ", got " + row + " at position " + i);
      }
      int part = row & (PARTS - 1);
      if (part >= from && part < to) {
        add(rows, offset + i * rowStride, table, tableOffset + row * width, width);
      }
    }
  }

  /** out += in. */
  public static void add(float[] in, int inOffset, float[] out, int outOffset, int n) {
    for (int j = 0; j < n; j++) {
      out[outOffset + j] += in[inOffset + j];
    }
  }

  /** One number of each row of {@code width}: {@code out[i] = x[i][index[i]]}. */
  public static void pick(
      float[] x, int offset, int row, int width, int[] index, int indexOffset, int from, int to, float[] out,
      int outOffset) {
    for (int i = from; i < to; i++) {
      int column = index[indexOffset + i];
      if (column < 0 || column >= width) {
        throw new IllegalArgumentException(
            "pick: indices must be from 0 to " + (width - 1) + ", got " + column + " at position " + i);
      }
      out[outOffset + i] = x[offset + i * row + column];
    }
  }

  // ---- reductions of a row: sixteen partial sums by position mod 16, and a tree over them ------------

  /** The sum of n numbers that lie {@code step} apart. */
  public static float sum(float[] x, int offset, int step, int n) {
    return sum(x, offset, step, n, 0, 1);
  }

  /** The sum of the numbers whose position is {@code first} modulo {@code every}. */
  private static float sum(float[] x, int offset, int step, int n, int first, int every) {
    if (every < LANES) {
      return sum(x, offset, step, n, first, 2 * every) + sum(x, offset, step, n, first + every, 2 * every);
    }
    float sum = 0f;
    for (int i = first; i < n; i += LANES) {
      sum += x[offset + i * step];
    }
    return sum;
  }

  /** The same sum of sixteen partial sums. */
  public static float tree(float[] partial) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        partial[j] += partial[j + half];
      }
    }
    return partial[0];
  }

  /** Σ exp(x − largest) of n adjacent numbers. */
  public static float sumExp(float[] x, int offset, int n, float largest) {
    return sumExp(x, offset, n, largest, 0, 1);
  }

  private static float sumExp(float[] x, int offset, int n, float largest, int first, int every) {
    if (every < LANES) {
      return sumExp(x, offset, n, largest, first, 2 * every)
          + sumExp(x, offset, n, largest, first + every, 2 * every);
    }
    float sum = 0f;
    for (int i = first; i < n; i += LANES) {
      sum += Functions.exp(x[offset + i] - largest);
    }
    return sum;
  }

  /** The largest of n numbers that lie {@code step} apart, NaN if one is NaN; 0 if it is −0. */
  public static float max(float[] x, int offset, int step, int n) {
    float largest = x[offset];
    for (int i = 1; i < n; i++) {
      largest = Math.max(largest, x[offset + i * step]);
    }
    return largest + 0f;
  }

  /** exp(x − largest) / total of n adjacent numbers. */
  public static void shares(float[] x, int offset, int n, float largest, float total, float[] y, int out) {
    for (int i = 0; i < n; i++) {
      y[out + i] = Functions.exp(x[offset + i] - largest) / total;
    }
  }

  /** The largest of each column of {@code rows} rows that lie {@code step} apart, NaN if one is NaN. */
  public static void max(float[] x, int offset, int step, int rows, float[] out, int outOffset, int n) {
    System.arraycopy(x, offset, out, outOffset, n);
    for (int r = 1; r < rows; r++) {
      enlarge(out, outOffset, x, offset + r * step, n);
    }
  }

  private static void enlarge(float[] out, int outOffset, float[] x, int offset, int n) {
    for (int j = 0; j < n; j++) {
      out[outOffset + j] = Math.max(out[outOffset + j], x[offset + j]);
    }
  }

  /** Uniform numbers for the columns of the place (t, b) of a random stream. */
  public static void uniform(long key, int t, int b, float[] out, int offset, int from, int to) {
    long place = CounterRandom.key(CounterRandom.key(key, t), b);
    for (int i = from; i < to; i++) {
      out[offset + i] = CounterRandom.uniform(place, i);
    }
  }
}

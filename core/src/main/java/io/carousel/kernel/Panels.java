package io.carousel.kernel;

/**
 * Matrices packed for products: panels of adjacent columns, each stored row by row, the last one
 * filled up with zeros to whole panels: {@code [⌈N/width⌉][K][width]}.
 *
 * <p>Packing is the only place that knows how weights are stored.
 */
public final class Panels {
  private Panels() {}

  /** The number of panels for {@code columns} columns. */
  public static int count(int columns, int width) {
    return (columns + width - 1) / width;
  }

  /**
   * Packs the panels {@code from} to {@code to} of a matrix whose element (k, n) lies at {@code
   * offset + k·rowStride + n·columnStride}.
   */
  public static void pack(
      float[] matrix, int offset, int rowStride, int columnStride, int rows, int columns,
      float[] panels, int panelsOffset, int width, int from, int to) {
    for (int p = from; p < to; p++) {
      int first = p * width;
      int n = Math.min(width, columns - first);
      int out = panelsOffset + p * rows * width;
      int in = offset + first * columnStride;
      if (columnStride == 1) {
        packRows(matrix, in, rowStride, rows, n, panels, out, width);
      } else {
        packColumns(matrix, in, rowStride, columnStride, rows, n, panels, out, width);
      }
    }
  }

  /** Rows that lie together: a copy each. */
  public static void packRows(
      float[] matrix, int in, int rowStride, int rows, int n, float[] panels, int out, int width) {
    for (int k = 0; k < rows; k++) {
      int source = in + k * rowStride;
      int target = out + k * width;
      for (int j = 0; j < n; j++) {
        panels[target + j] = matrix[source + j];
      }
      for (int j = n; j < width; j++) {
        panels[target + j] = 0f;
      }
    }
  }

  /** Columns that lie together: 16 × 16 blocks, so that neither side is walked in long strides. */
  private static void packColumns(
      float[] matrix, int in, int rowStride, int columnStride, int rows, int n, float[] panels, int out, int width) {
    for (int k0 = 0; k0 < rows; k0 += 16) {
      int k1 = Math.min(rows, k0 + 16);
      for (int j = 0; j < n; j++) {
        int source = in + j * columnStride;
        for (int k = k0; k < k1; k++) {
          panels[out + k * width + j] = matrix[source + k * rowStride];
        }
      }
      for (int k = k0; k < k1; k++) {
        for (int j = n; j < width; j++) {
          panels[out + k * width + j] = 0f;
        }
      }
    }
  }
}

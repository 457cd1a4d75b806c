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

  /** Panels of adjacent rows that are filled at once, since memory is read fastest in long rows: twice as fast. */
  private static final int TOGETHER = 8;

  /** Places of eight columns that are moved at once: they stay in the first cache, and so do the rows they go to. */
  private static final int BLOCK = 64;

  /**
   * Packs the panels {@code from} to {@code to} of a matrix whose element (k, n) lies at {@code
   * offset + k·rowStride + n·columnStride}.
   */
  public static void pack(
      float[] matrix, int offset, int rowStride, int columnStride, int rows, int columns,
      float[] panels, int panelsOffset, int width, int from, int to) {
    if (columnStride == 1) {
      for (int p = from; p < to; p += TOGETHER) {
        packRows(
            matrix, offset, rowStride, rows, columns, panels, panelsOffset, width, p, Math.min(to, p + TOGETHER));
      }
    } else {
      for (int p = from; p < to; p++) {
        packColumns(
            matrix, offset + p * width * columnStride, rowStride, columnStride, rows,
            Math.min(width, columns - p * width), panels, panelsOffset + p * rows * width, width);
      }
    }
  }

  /** Rows that lie together: a copy for each panel. */
  private static void packRows(
      float[] matrix, int offset, int rowStride, int rows, int columns, float[] panels, int panelsOffset, int width,
      int from, int to) {
    for (int k = 0; k < rows; k++) {
      for (int p = from; p < to; p++) {
        int n = Math.min(width, columns - p * width);
        int out = panelsOffset + (p * rows + k) * width;
        System.arraycopy(matrix, offset + k * rowStride + p * width, panels, out, n);
        for (int j = n; j < width; j++) {
          panels[out + j] = 0f;
        }
      }
    }
  }

  /** Columns that lie together: eight at a time, in blocks, so that neither side is walked in long strides. */
  private static void packColumns(
      float[] matrix, int in, int rowStride, int columnStride, int rows, int n, float[] panels, int out, int width) {
    for (int first = 0; first < rows; first += BLOCK) {
      int last = Math.min(rows, first + BLOCK);
      int j = 0;
      for (; j + 7 < n; j += 8) {
        eightColumns(matrix, in + j * columnStride, rowStride, columnStride, first, last, panels, out + j, width);
      }
      for (int k = first; k < last; k++) {
        for (int rest = j; rest < width; rest++) {
          panels[out + k * width + rest] = rest < n ? matrix[in + k * rowStride + rest * columnStride] : 0f;
        }
      }
    }
  }

  private static void eightColumns(
      float[] matrix, int in, int rowStride, int columnStride, int first, int last, float[] panels, int out,
      int width) {
    for (int k = first; k < last; k++) {
      int source = in + k * rowStride;
      int target = out + k * width;
      panels[target] = matrix[source];
      panels[target + 1] = matrix[source + columnStride];
      panels[target + 2] = matrix[source + 2 * columnStride];
      panels[target + 3] = matrix[source + 3 * columnStride];
      panels[target + 4] = matrix[source + 4 * columnStride];
      panels[target + 5] = matrix[source + 5 * columnStride];
      panels[target + 6] = matrix[source + 6 * columnStride];
      panels[target + 7] = matrix[source + 7 * columnStride];
    }
  }
}

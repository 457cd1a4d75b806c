package io.carousel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed matrices hold each element where a product looks for it, and zeros where there is none. */
final class PanelsTest {
  private static final float OUTSIDE = -7;

  /** Rows in a row, columns in a row, and neither, as in a slice of a transposed matrix. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 16", "5, 16, 16", "5, 17, 16", "3, 15, 8", "33, 50, 32", "16, 64, 64", "17, 3, 4", "40, 100, 48"
  })
  void everyElementHasItsPlace(int rows, int columns, int width) {
    int[][] strides = {
      {columns, 1}, {columns + 3, 1}, {1, rows}, {1, rows + 2}, {2, 2 * rows + 5}, {3 * columns, 3}
    };
    int panels = Panels.count(columns, width);
    assertThat(panels * width).isBetween(columns, columns + width - 1);
    for (int[] stride : strides) {
      int offset = 11;
      float[] matrix = new float[offset + rows * stride[0] + columns * stride[1]];
      Arrays.fill(matrix, OUTSIDE);
      for (int k = 0; k < rows; k++) {
        for (int n = 0; n < columns; n++) {
          matrix[offset + k * stride[0] + n * stride[1]] = 1000 * k + n + 1;
        }
      }
      float[] packed = new float[5 + panels * rows * width + 4];
      Arrays.fill(packed, OUTSIDE);
      // In two parts, as two threads would.
      int middle = panels / 2;
      Panels.pack(matrix, offset, stride[0], stride[1], rows, columns, packed, 5, width, middle, panels);
      for (int i = 0; i < 5 + middle * rows * width; i++) {
        assertThat(packed[i]).isEqualTo(OUTSIDE);
      }
      Panels.pack(matrix, offset, stride[0], stride[1], rows, columns, packed, 5, width, 0, middle);
      for (int i = 0; i < packed.length; i++) {
        float expected = OUTSIDE;
        if (i >= 5 && i < packed.length - 4) {
          int panel = (i - 5) / (rows * width);
          int k = (i - 5) / width % rows;
          int n = panel * width + (i - 5) % width;
          expected = n < columns ? 1000 * k + n + 1 : 0;
        }
        assertThat(packed[i]).as("strides %s, place %d", Arrays.toString(stride), i).isEqualTo(expected);
      }
    }
  }
}

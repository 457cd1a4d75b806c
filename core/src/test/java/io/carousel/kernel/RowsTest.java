package io.carousel.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gathered, scattered and reduced rows; the order of sums. */
final class RowsTest {
  private static final float OUTSIDE = -7;

  private static float[] filled(int n) {
    float[] x = new float[n];
    Arrays.fill(x, OUTSIDE);
    return x;
  }

  private static float[] random(int n, long key) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 2 * CounterRandom.uniform(key, i) - 1;
    }
    return x;
  }

  // ---- tables ------------------------------------------------------------------------------

  @Test
  void gatherCopiesRowsOfAnyStride() {
    // A table [3,2] in rows of 4, of which the second and third columns count.
    float[] table = {9, 1, 2, 9, 9, 3, 4, 9, 9, 5, 6, 9};
    int[] index = {99, 2, 0, 2, 1};
    float[] out = filled(14);
    Rows.gather(table, 1, 4, 3, index, 1, 1, 4, out, 1, 3, 2);
    assertThat(out).containsExactly(-7, -7, -7, -7, 1, 2, -7, 5, 6, -7, 3, 4, -7, -7);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void indicesOutsideTheTableAreTold(int wrong) {
    int[] index = {0, wrong};
    assertThatThrownBy(() -> Rows.gather(new float[6], 0, 2, 3, index, 0, 0, 2, new float[4], 0, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gather: indices must be from 0 to 2, got " + wrong + " at position 1");
    float[] table = filled(10);
    assertThatThrownBy(() -> Rows.scatterAdd(index, 0, 2, new float[4], 0, 2, table, 2, 3, 2, 0, Rows.PARTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scatteradd: indices must be from 0 to 2, got " + wrong + " at position 1");
    assertThat(table[1]).isEqualTo(OUTSIDE);
    assertThat(table[8]).isEqualTo(OUTSIDE);
  }

  @Test
  void scatterAddsRowsUpAndClearsTheOthers() {
    int[] index = {99, 2, 0, 2, 99};
    float[] rows = {1, 2, 9, 10, 20, 9, 100, 200, 9};
    float[] table = filled(10);
    Rows.scatterAdd(index, 1, 3, rows, 0, 3, table, 1, 4, 2, 0, Rows.PARTS);
    assertThat(table).containsExactly(-7, 10, 20, 0, 0, 101, 202, 0, 0, -7);
  }

  /** Each sum has the order of the indices, however the table is split over threads. */
  @Test
  void partsOfATableMakeTheWhole() {
    int tableRows = 150;
    int count = 900;
    int width = 3;
    int[] index = new int[count];
    for (int i = 0; i < count; i++) {
      index[i] = CounterRandom.below(tableRows, 4, i);
    }
    float[] rows = random(count * width, 5);
    float[] expected = new float[tableRows * width];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < width; j++) {
        expected[index[i] * width + j] += rows[i * width + j];
      }
    }
    for (int parts : new int[] {1, 2, 7, 64}) {
      float[] table = filled(tableRows * width);
      for (int part = 0; part < parts; part++) {
        Rows.scatterAdd(
            index, 0, count, rows, 0, width, table, 0, tableRows, width, Rows.PARTS * part / parts,
            Rows.PARTS * (part + 1) / parts);
      }
      assertThat(table).as("%d parts", parts).isEqualTo(expected);
    }
  }

  @Test
  void picksOneOfEachRow() {
    // Rows of 3 that lie 4 apart.
    float[] x = {9, 1, 2, 3, 9, 4, 5, 6, 9, 7, 8, 9, 9};
    float[] out = filled(4);
    Rows.pick(x, 1, 4, 3, new int[] {99, 2, 0, 1}, 1, 1, 3, out, 0);
    assertThat(out).containsExactly(OUTSIDE, 4, 8, OUTSIDE);
    for (int wrong : new int[] {-1, 3}) {
      assertThatThrownBy(() -> Rows.pick(x, 1, 4, 3, new int[] {0, wrong}, 0, 0, 2, out, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("pick: indices must be from 0 to 2, got " + wrong + " at position 1");
    }
  }

  // ---- sums --------------------------------------------------------------------------------

  /** Number i goes to partial sum i mod 16; then 8 and 8 are added, 4 and 4, 2 and 2, 1 and 1. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, 31, 33, 100})
  void theOrderOfASum(int n) {
    int step = 3;
    float[] x = random(2 + n * step, n);
    float[] p = new float[16];
    for (int i = 0; i < n; i++) {
      p[i % 16] += x[2 + i * step];
    }
    float expected =
        (((p[0] + p[8]) + (p[4] + p[12])) + ((p[2] + p[10]) + (p[6] + p[14])))
            + (((p[1] + p[9]) + (p[5] + p[13])) + ((p[3] + p[11]) + (p[7] + p[15])));
    assertThat(Rows.sum(x, 2, step, n)).isEqualTo(expected);
    double exact = 0;
    for (int i = 0; i < n; i++) {
      exact += x[2 + i * step];
    }
    assertThat((double) expected).isCloseTo(exact, within(1e-5));
  }

  /** Padding must not change the sum of what is there. */
  @Test
  void zerosAtTheEndChangeNothing() {
    float[] x = Arrays.copyOf(random(37, 1), 80);
    assertThat(Rows.sum(x, 0, 1, 37)).isEqualTo(Rows.sum(x, 0, 1, 60)).isEqualTo(Rows.sum(x, 0, 1, 80));
  }

  @Test
  void addsInPlace() {
    float[] out = {1, 2, 3, 4};
    Rows.add(new float[] {9, 10, 20}, 1, out, 1, 2);
    assertThat(out).containsExactly(1, 12, 23, 4);
  }

  // ---- the largest ---------------------------------------------------------------------------

  @Test
  void theLargest() {
    float[] x = {9, -3, 9, -1, 9, -2, 9};
    assertThat(Rows.max(x, 1, 2, 3)).isEqualTo(-1);
    assertThat(Rows.max(x, 3, 1, 1)).isEqualTo(-1);
    assertThat(Float.floatToRawIntBits(Rows.max(new float[] {-0f, -0f}, 0, 1, 2))).isZero();
    float[] out = filled(4);
    Rows.max(new float[] {0, 1, -5, 7, 3, -9, 7, 2, -6}, 0, 3, 3, out, 1, 3);
    assertThat(out).containsExactly(OUTSIDE, 7, 3, -5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theLargestOfNaNIsNaN(int place) {
    float[] x = {1, 2, 3};
    x[place] = Float.NaN;
    assertThat(Rows.max(x, 0, 1, 3)).isNaN();
    float[] out = new float[1];
    Rows.max(x, 0, 1, 3, out, 0, 1);
    assertThat(out[0]).isNaN();
  }

  // ---- random numbers ------------------------------------------------------------------------

  /** Neither the batch nor padding changes the numbers of a row, and parts make the whole. */
  @Test
  void randomNumbersBelongToTheirPlace() {
    float[] whole = new float[20];
    Rows.uniform(5, 3, 2, whole, 0, 0, 20);
    float[] parts = filled(22);
    Rows.uniform(5, 3, 2, parts, 1, 0, 7);
    Rows.uniform(5, 3, 2, parts, 1, 7, 20);
    assertThat(Arrays.copyOfRange(parts, 1, 21)).isEqualTo(whole);
    assertThat(parts[0]).isEqualTo(OUTSIDE);
    assertThat(parts[21]).isEqualTo(OUTSIDE);
    for (int[] place : new int[][] {{5, 3, 1}, {5, 2, 2}, {5, 2, 3}, {6, 3, 2}}) {
      float[] other = new float[20];
      Rows.uniform(place[0], place[1], place[2], other, 0, 0, 20);
      assertThat(other).isNotEqualTo(whole);
    }
    for (float value : whole) {
      assertThat(value).isBetween(0f, Math.nextDown(1f));
    }
  }
}

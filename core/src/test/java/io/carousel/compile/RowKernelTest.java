package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.kernel.Functions;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Rows;
import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reduced rows: vectors of all widths against the plain loops, around the ends of vectors, and numbers that are none. */
final class RowKernelTest {
  private static final float OUTSIDE = -7;
  private static final float LOW = Float.NEGATIVE_INFINITY;
  private static final float HIGH = Float.POSITIVE_INFINITY;
  private static final int[] SIZES = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100, 1000};

  static Stream<Kernels> kernels() {
    return Differential.KERNELS.stream();
  }

  private static float[] random(int n, long key) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 8 * CounterRandom.uniform(key, i) - 4;
    }
    return x;
  }

  private static void assertSame(String what, float found, float expected) {
    Differential.assertSameBits(what, new float[] {found}, new float[] {expected});
  }

  /** All functions of the row from 5 on, beside neighbors that must not count. */
  private static void check(RowKernel kernel, float[] row) {
    int n = row.length;
    float[] x = new float[n + 25];
    Arrays.fill(x, 1e6f);
    System.arraycopy(row, 0, x, 5, n);
    String what = Arrays.toString(row);
    float largest = Rows.max(row, 0, 1, n);
    assertSame("max of " + what, kernel.max(x, 5, n), largest);
    assertSame("sum of " + what, kernel.sum(x, 5, n), Rows.sum(row, 0, 1, n));
    float total = Rows.sumExp(row, 0, n, largest);
    assertSame("sumExp of " + what, kernel.sumExp(x, 5, n, largest), total);
    float[] shares = new float[n];
    Rows.shares(row, 0, n, largest, total, shares, 0);
    float[] y = new float[n + 3];
    Arrays.fill(y, OUTSIDE);
    kernel.shares(x, 5, n, largest, total, y, 1);
    assertThat(y[0]).isEqualTo(OUTSIDE);
    assertThat(y[n + 1]).isEqualTo(OUTSIDE);
    Differential.assertSameBits("shares of " + what, Arrays.copyOfRange(y, 1, n + 1), shares);
    // In place, and at the very end of an array.
    float[] own = new float[n + 1];
    System.arraycopy(row, 0, own, 1, n);
    kernel.shares(own, 1, n, largest, total, own, 1);
    Differential.assertSameBits("shares in place of " + what, Arrays.copyOfRange(own, 1, n + 1), shares);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sameBitsAsThePlainLoops(Kernels kernels) {
    RowKernel kernel = RowEmitter.kernel(kernels);
    for (int n : SIZES) {
      check(kernel, random(n, n));
      float[] zeros = new float[n];
      for (int i = 0; i < n; i++) {
        zeros[i] = CounterRandom.uniform(n, i) < 0.5f ? 0f : -0f;
      }
      check(kernel, zeros);
      for (float special : new float[] {Float.NaN, LOW, HIGH}) {
        float[] all = new float[n];
        Arrays.fill(all, special);
        check(kernel, all);
        for (int place : new int[] {0, n / 2, n - 1}) {
          float[] one = random(n, n + 1);
          one[place] = special;
          check(kernel, one);
          one[n - 1 - place] = Float.NaN;
          check(kernel, one);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void softmaxNeitherOverflowsNorDependsOnAShift(Kernels kernels) {
    RowKernel kernel = RowEmitter.kernel(kernels);
    for (double shift : new double[] {0, 80, -80, 3e38, -3e38, 1e30}) {
      float[] x = random(21, 2);
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (x[i] + shift);
      }
      float[] y = new float[23];
      Arrays.fill(y, OUTSIDE);
      kernel.softmax(x, 0, y, 1, 21);
      double total = 0;
      double exact = 0;
      float largest = kernel.max(x, 0, 21);
      for (float value : x) {
        exact += StrictMath.exp((double) value - largest);
      }
      for (int i = 0; i < 21; i++) {
        total += y[1 + i];
        assertThat((double) y[1 + i]).isCloseTo(StrictMath.exp((double) x[i] - largest) / exact, within(1e-7));
      }
      assertThat(total).isCloseTo(1, within(1e-6));
      assertThat(y[0]).isEqualTo(OUTSIDE);
      assertThat(y[22]).isEqualTo(OUTSIDE);
      double logSum = largest + StrictMath.log(exact);
      assertThat((double) kernel.logSumExp(x, 0, 21)).isCloseTo(logSum, within(1e-6 * Math.max(1, Math.abs(logSum))));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void infinitiesAndNaN(Kernels kernels) {
    RowKernel kernel = RowEmitter.kernel(kernels);
    float[] y = new float[3];
    kernel.softmax(new float[] {LOW, 1, LOW}, 0, y, 0, 3);
    assertThat(y).containsExactly(0, 1, 0);
    kernel.softmax(new float[] {LOW, LOW, LOW}, 0, y, 0, 3);
    assertThat(y).containsExactly(0, 0, 0);
    assertThat(kernel.logSumExp(new float[] {LOW, LOW}, 0, 2)).isEqualTo(LOW);
    assertThat(kernel.logSumExp(new float[] {LOW, 2}, 0, 2)).isEqualTo(2);
    assertThat(kernel.logSumExp(new float[] {1, HIGH}, 0, 2)).isEqualTo(HIGH);
    assertThat(kernel.logSumExp(new float[] {LOW, Float.NaN}, 0, 2)).isNaN();
    kernel.softmax(new float[] {1, Float.NaN, LOW}, 0, y, 0, 3);
    assertThat(y).containsOnly(Float.NaN);
  }

  /** The order of a sum is a promise: number i goes to partial sum i mod 16, and a tree adds these up. */
  @ParameterizedTest
  @MethodSource("kernels")
  void exponentialsAreSummedAsSums(Kernels kernels) {
    float[] x = random(77, 9);
    float[] powers = new float[77];
    for (int i = 0; i < x.length; i++) {
      powers[i] = Functions.exp(x[i] - 3f);
    }
    assertThat(RowEmitter.kernel(kernels).sumExp(x, 0, 77, 3f)).isEqualTo(Rows.sum(powers, 0, 1, 77));
  }
}

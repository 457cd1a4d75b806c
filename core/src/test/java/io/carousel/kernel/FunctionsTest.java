package io.carousel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The errors that {@link Functions} states, over all floats in steps. */
final class FunctionsTest {
  /** A prime, so that all low bits occur; some ten million floats a function. */
  private static final int STEP = 211;

  private interface Single {
    float at(float x);
  }

  private interface Exact {
    double at(double x);
  }

  /** The largest relative error over the floats between two numbers of one sign, the nearer to zero first. */
  private static double error(Single function, Exact exact, float near, float far) {
    double worst = 0;
    for (int bits = Float.floatToRawIntBits(near);
        Math.abs(Float.intBitsToFloat(bits)) <= Math.abs(far);
        bits += STEP) {
      float x = Float.intBitsToFloat(bits);
      double wanted = exact.at(x);
      double error = Math.abs(function.at(x) - wanted) / Math.abs(wanted);
      worst = error <= worst ? worst : error; // NaN counts as worst
    }
    return worst;
  }

  private static double logistic(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  @Test
  void exponential() {
    assertThat(error(Functions::exp, StrictMath::exp, 0f, Functions.EXP_HIGH)).isLessThan(1e-7);
    assertThat(error(Functions::exp, StrictMath::exp, -0f, Functions.EXP_LOW)).isLessThan(1e-7);
    assertThat(Functions.exp(0f)).isEqualTo(1f);
    assertThat(Functions.exp(-0f)).isEqualTo(1f);
    assertThat(Functions.exp(Functions.EXP_HIGH)).isFinite();
    assertThat(Functions.exp(Math.nextUp(Functions.EXP_HIGH))).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Functions.exp(Functions.EXP_LOW)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
    assertThat(Functions.exp(Math.nextDown(Functions.EXP_LOW))).isZero();
    assertThat(Functions.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Functions.exp(Float.NEGATIVE_INFINITY)).isZero();
  }

  @Test
  void sigmoid() {
    assertThat(error(Functions::sigmoid, FunctionsTest::logistic, 0f, Float.MAX_VALUE)).isLessThan(2e-7);
    assertThat(error(Functions::sigmoid, FunctionsTest::logistic, -0f, -87f)).isLessThan(2e-7);
    assertThat(Functions.sigmoid(0f)).isEqualTo(0.5f);
    for (float x : new float[] {-87f, -88f, -1e30f, Float.NEGATIVE_INFINITY}) {
      assertThat(Functions.sigmoid(x)).isEqualTo(Functions.sigmoid(-87f)).isBetween(1.6e-38f, 1.7e-38f);
    }
    assertThat(Functions.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
  }

  @Test
  void hyperbolicTangent() {
    assertThat(error(Functions::tanh, StrictMath::tanh, 1e-36f, Float.MAX_VALUE)).isLessThan(3e-7);
    assertThat(error(Functions::tanh, StrictMath::tanh, -1e-36f, -Float.MAX_VALUE)).isLessThan(3e-7);
    for (int bits = 0; bits <= Float.floatToRawIntBits(1e-36f); bits += 9973) {
      float x = Float.intBitsToFloat(bits);
      assertThat(Math.abs((double) Functions.tanh(x) - x)).isLessThan(1e-42);
    }
    assertThat(Float.floatToRawIntBits(Functions.tanh(0f))).isZero();
    assertThat(Float.floatToRawIntBits(Functions.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
    assertThat(Functions.tanh(Float.POSITIVE_INFINITY)).isBetween(0.9999997f, 1f);
    assertThat(Functions.tanh(Float.NEGATIVE_INFINITY)).isBetween(-1f, -0.9999997f);
  }

  /** What is made of it, as 1 − tanh², must not become negative. */
  @Test
  void theTangentStaysBelowOneAndIsOdd() {
    float largest = 0;
    boolean odd = true;
    int high = Float.floatToRawIntBits(Functions.TANH_BOUND) + 10;
    for (int bits = Float.floatToRawIntBits(4f); bits < high; bits++) {
      float x = Float.intBitsToFloat(bits);
      largest = Math.max(largest, Functions.tanh(x));
      odd &= Functions.tanh(-x) == -Functions.tanh(x);
    }
    assertThat(largest).isLessThan(1f);
    assertThat(odd).isTrue();
  }

  @Test
  void logarithm() {
    assertThat(error(Functions::log, StrictMath::log, Float.MIN_NORMAL, Math.nextDown(1f))).isLessThan(1e-7);
    assertThat(error(Functions::log, StrictMath::log, Math.nextUp(1f), Float.MAX_VALUE)).isLessThan(1e-7);
    assertThat(Functions.log(1f)).isZero();
    assertThat(Functions.log(0f)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Functions.log(-0f)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Functions.log(Math.nextDown(Float.MIN_NORMAL))).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Functions.log(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Functions.log(-1f)).isNaN();
    assertThat(Functions.log(Float.NEGATIVE_INFINITY)).isNaN();
  }

  /** A diverged run must stay visible. */
  @Test
  void nothingMadeOfNaNIsANumber() {
    float zero = Integer.parseInt("0");
    for (float nan : new float[] {Float.NaN, Float.intBitsToFloat(0xFFC00000), zero / Float.parseFloat("0"), zero * (1 / zero)}) {
      assertThat(Functions.exp(nan)).isNaN();
      assertThat(Functions.sigmoid(nan)).isNaN();
      assertThat(Functions.tanh(nan)).isNaN();
      assertThat(Functions.log(nan)).isNaN();
    }
  }
}

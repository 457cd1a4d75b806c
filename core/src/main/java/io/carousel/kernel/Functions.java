package io.carousel.kernel;

/**
 * The transcendental functions of the engine, for one float: the same sequence of operations, and
 * so the same bits, as the compiled vector kernels.
 *
 * <p>The JDK's own functions are not used, since the vector ones call libraries that differ from
 * platform to platform. Largest relative errors, over all floats of the stated range, are held by a
 * test. The functions of NaN are NaN, if its lowest nine bits are zero, as in all NaNs that arithmetic
 * makes.
 */
@SuppressWarnings("MutablePublicArray") // this room is not exported
public final class Functions {
  public static final float EXP_HIGH = 88.722830f;
  public static final float EXP_LOW = -87.336540f;
  public static final float LOG2_E = 1.44269504f;
  public static final float ROUND = 12582912f; // 1.5 · 2²³: adding it rounds to a whole number
  public static final float MINUS_LN2_HIGH = -0.693359375f;
  public static final float MINUS_LN2_LOW = 2.12194440e-4f;

  /** exp(r) ≈ 1 + r + r² · p(r) on [−ln 2 / 2, ln 2 / 2], highest power first (Cephes, expf). */
  public static final float[] EXP = {
    1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f,
    5.0000001201e-1f
  };

  public static final float SIGMOID_BOUND = 87f;

  public static final float TANH_BOUND = 7.90531110763549805f;

  /** tanh(x) ≈ x · p(x²) / q(x²) on [−bound, bound], highest power first (Eigen, ptanh). */
  public static final float[] TANH_P = {
    -2.76076847742355e-16f, 2.00018790482477e-13f, -8.60467152213735e-11f, 5.12229709037114e-08f,
    1.48572235717979e-05f, 6.37261928875436e-04f, 4.89352455891786e-03f
  };

  public static final float[] TANH_Q = {
    1.19825839466702e-06f, 1.18534705686654e-04f, 2.26843463243900e-03f, 4.89352518554385e-03f
  };

  public static final float SQRT_HALF = 0.70710678f;

  /** log(1 + f) ≈ f − f²/2 + f³ · p(f), highest power first (Cephes, logf). */
  public static final float[] LOG = {
    7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
    -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f
  };

  public static final float LN2_HIGH = 0.693359375f;
  public static final float LN2_LOW = -2.12194440e-4f;

  private Functions() {}

  /** eˣ; 0 below −87.34 (no subnormal results), infinity above 88.72; relative error ≤ 1e-7. */
  public static float exp(float x) {
    if (EXP_HIGH < x) {
      return Float.POSITIVE_INFINITY;
    }
    return x < EXP_LOW ? 0f : expInRange(x);
  }

  /** eˣ for x from −87.34 to 88.72, or NaN. */
  private static float expInRange(float x) {
    float shifted = Math.fma(x, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, MINUS_LN2_LOW, Math.fma(n, MINUS_LN2_HIGH, x));
    float p = Math.fma(polynomial(EXP, r), r * r, r) + 1f;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }

  /** 1 / (1 + e⁻ˣ); relative error ≤ 2e-7 above −87, and there it stays at 1.6e-38. */
  public static float sigmoid(float x) {
    float minus = -x;
    minus = SIGMOID_BOUND < minus ? SIGMOID_BOUND : minus;
    minus = minus < -SIGMOID_BOUND ? -SIGMOID_BOUND : minus;
    return 1f / (expInRange(minus) + 1f);
  }

  /**
   * Hyperbolic tangent; |tanh x| &lt; 1, absolute error ≤ 3e-7, relative error ≤ 3e-7 where |x| &gt; 1e-36.
   */
  public static float tanh(float x) {
    float c = TANH_BOUND < x ? TANH_BOUND : x;
    c = c < -TANH_BOUND ? -TANH_BOUND : c;
    float square = c * c;
    return c * polynomial(TANH_P, square) / polynomial(TANH_Q, square);
  }

  /** Natural logarithm of normal positive numbers, relative error ≤ 1e-7; −∞ for 0 and subnormals, NaN below 0. */
  public static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    // The mantissa in [√½, √2) and its exponent.
    int shifted = bits - Float.floatToRawIntBits(SQRT_HALF);
    float e = shifted >> 23;
    float f = Float.intBitsToFloat((shifted & 0x7FFFFF) + Float.floatToRawIntBits(SQRT_HALF)) - 1f;
    float square = f * f;
    float y = Math.fma(polynomial(LOG, f) * f, square, e * LN2_LOW);
    y = Math.fma(square, -0.5f, y) + f;
    y = Math.fma(e, LN2_HIGH, y);
    y = x < Float.MIN_NORMAL ? (x < 0f ? Float.NaN : Float.NEGATIVE_INFINITY) : y;
    return x <= Float.MAX_VALUE ? y : x; // infinity and NaN stay
  }

  private static float polynomial(float[] p, float x) {
    float y = p[0];
    for (int i = 1; i < p.length; i++) {
      y = Math.fma(y, x, p[i]);
    }
    return y;
  }
}

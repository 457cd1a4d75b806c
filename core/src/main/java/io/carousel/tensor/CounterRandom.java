package io.carousel.tensor;

/**
 * Random numbers as a function of a key and a counter, without a state.
 *
 * <p>Number {@code i} of a stream does not depend on who asks for it or when, so that work can be
 * split over threads, or stopped and resumed, and still see the same numbers. The mixing function
 * is SplitMix64's finalizer applied to {@code key + (i + 1) * γ}.
 *
 * <p>Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014.
 */
public final class CounterRandom {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** A key for a stream of its own below {@code key}, for example one a layer or a step. */
  public static long key(long key, long stream) {
    return mix(mix(key) + (stream + 1) * GAMMA);
  }

  /** A key for a named stream below {@code key}. */
  public static long key(long key, String stream) {
    long hash = key;
    for (int i = 0; i < stream.length(); i++) {
      hash = mix(hash + (stream.charAt(i) + 1) * GAMMA);
    }
    return mix(hash + GAMMA);
  }

  /** 64 uniform bits: number {@code counter} of the stream {@code key}. */
  public static long bits(long key, long counter) {
    return mix(key + (counter + 1) * GAMMA);
  }

  /** A float uniform in [0, 1), a multiple of 2⁻²⁴. */
  public static float uniform(long key, long counter) {
    return (bits(key, counter) >>> 40) * 0x1p-24f;
  }

  /** A double uniform in [0, 1), a multiple of 2⁻⁵³. */
  public static double uniformDouble(long key, long counter) {
    return (bits(key, counter) >>> 11) * 0x1p-53;
  }

  /** A standard normal number (Box–Muller on two uniform ones, in {@link StrictMath}). */
  public static double normal(long key, long counter) {
    double radius = 1.0 - uniformDouble(key, 2 * counter);
    double angle = uniformDouble(key, 2 * counter + 1);
    return StrictMath.sqrt(-2.0 * StrictMath.log(radius)) * StrictMath.cos(2.0 * Math.PI * angle);
  }

  /** An integer uniform in [0, bound). */
  public static int below(int bound, long key, long counter) {
    return (int) Math.multiplyHigh(bits(key, counter) >>> 1, (long) bound << 1);
  }

  /** The numbers 0 to {@code n − 1} in random order (Fisher–Yates). */
  public static int[] permutation(int n, long key) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i + 1, key, i);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

package io.carousel.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the machine can do at most, measured now with so many threads: what results are a share of.
 *
 * @param gflops multiplications and additions, in 10⁹ a second, of a loop of fused multiply-adds in registers
 * @param gigabytes bytes moved, in 10⁹ a second, by a = b + s·c over arrays larger than the caches; 12 bytes a
 *     value, without the reading of {@code a} that some machines do as well
 */
record Limits(double gflops, double gigabytes) {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  /** Sums side by side: more than an FMA's latency times the units that do it, few enough for 16 registers. */
  private static final int SUMS = 10;
  private static final double ROUND_SECONDS = 0.005;
  /** Values in each of three arrays, over all threads: 64 MiB. */
  private static final int VALUES = 1 << 24;

  /** Written so that nothing measured can be left out as unused. */
  private static volatile float sink;

  /** Measures; takes about a second. */
  static Limits measure(int threads) {
    return new Limits(multiplyAdds(threads), bytes(threads));
  }

  private static double multiplyAdds(int threads) {
    int count = 1000;
    double seconds = 0;
    // Compiles the loop as well: small calls, until one takes as long as a round shall.
    for (int call = 0; call < 2000 || seconds < ROUND_SECONDS; call++) {
      long start = System.nanoTime();
      sink = multiplyAdd(count);
      seconds = (System.nanoTime() - start) * 1e-9;
      if (call >= 2000 && seconds < ROUND_SECONDS) {
        count *= 2;
      }
    }
    int iterations = count;
    // The best round of each thread: what other processes take is not the machine's limit.
    Rounds rounds = new Rounds(threads, 100);
    rounds.run(thread -> sink = multiplyAdd(iterations));
    double rate = 0;
    for (double round : rounds.bestOfThreads()) {
      rate += 2.0 * SUMS * SPECIES.length() * iterations / round;
    }
    return rate * 1e-9;
  }

  private static float multiplyAdd(int iterations) {
    FloatVector x = FloatVector.broadcast(SPECIES, sink * 1e-9f + 1e-4f);
    FloatVector y = FloatVector.broadcast(SPECIES, 1e-4f);
    FloatVector a = y;
    FloatVector b = y;
    FloatVector c = y;
    FloatVector d = y;
    FloatVector e = y;
    FloatVector f = y;
    FloatVector g = y;
    FloatVector h = y;
    FloatVector i = y;
    FloatVector j = y;
    for (int n = 0; n < iterations; n++) {
      a = x.fma(y, a);
      b = x.fma(y, b);
      c = x.fma(y, c);
      d = x.fma(y, d);
      e = x.fma(y, e);
      f = x.fma(y, f);
      g = x.fma(y, g);
      h = x.fma(y, h);
      i = x.fma(y, i);
      j = x.fma(y, j);
    }
    return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).add(i.add(j)).lane(0);
  }

  private static double bytes(int threads) {
    float[] a = new float[VALUES];
    float[] b = new float[VALUES];
    float[] c = new float[VALUES];
    // The best round of all threads together: they share the memory.
    Rounds rounds = new Rounds(threads, 15);
    rounds.run(
        thread -> {
          int to = (int) ((long) VALUES * (thread + 1) / threads);
          // In blocks, so that the method is compiled after its first few thousand calls, not within one.
          for (int from = (int) ((long) VALUES * thread / threads); from < to; from += 4096) {
            triad(a, b, c, from, Math.min(to, from + 4096));
          }
        });
    sink = a[VALUES / 2];
    return 12.0 * VALUES / rounds.best() * 1e-9;
  }

  private static void triad(float[] a, float[] b, float[] c, int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = b[i] + 3f * c[i];
    }
  }
}

package io.carousel.bench.longmemory;

/** Symbols as vectors with a single 1. */
final class Symbols {
  private Symbols() {}

  /** The vectors of a sequence, [T,kinds]. */
  static float[] oneHot(int[] symbols, int kinds) {
    float[] vectors = new float[symbols.length * kinds];
    for (int t = 0; t < symbols.length; t++) {
      vectors[t * kinds + symbols[t]] = 1;
    }
    return vectors;
  }

  /** The place of the largest of {@code count} numbers, the first of equals. */
  static int largest(float[] values, int from, int count) {
    int best = 0;
    for (int k = 1; k < count; k++) {
      if (values[from + k] > values[from + best]) {
        best = k;
      }
    }
    return best;
  }
}

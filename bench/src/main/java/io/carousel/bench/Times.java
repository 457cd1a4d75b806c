package io.carousel.bench;

import java.util.Arrays;

/** Repeated measurements of one thing, and what is said of them. */
final class Times {
  private final double[] sorted;

  /** Some measurements; at least one. */
  Times(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("Times: needs at least one value, got none");
    }
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  /** The middle one, or the mean of the two middle ones. */
  double median() {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double smallest() {
    return sorted[0];
  }

  /** The mean of ratios: the n-th root of their product. Not a number if there are none. */
  static double geometricMean(double... ratios) {
    return Math.exp(Arrays.stream(ratios).map(Math::log).average().orElse(Double.NaN));
  }
}

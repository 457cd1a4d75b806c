package io.carousel.train;

/**
 * How the learning rate changes over a run: what it is multiplied by at each step.
 *
 * <p>Steps are those of the optimizer, one a batch. {@link Plateau} is the schedule that looks at how the run
 * goes.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * The factor at a step.
   *
   * @param step the step, from 0
   * @param steps the steps of the whole run
   */
  double factor(long step, long steps);

  /** Always 1. */
  static Schedule constant() {
    return (step, steps) -> 1;
  }

  /**
   * Rises in equal steps to 1 over the first part of the run, then falls in equal steps to 0 at its end.
   *
   * @param warmUp the part of the run in which it rises, 0 to below 1
   */
  static Schedule linear(double warmUp) {
    Schedule falling = (step, steps) -> (steps - step) / (double) Math.max(1, steps);
    return falling.warmUp(warmUp);
  }

  /** Is multiplied by {@code factor} after every so many steps: factor^⌊step / every⌋. */
  static Schedule step(long every, double factor) {
    checkDecay("step", every, factor);
    return (step, steps) -> StrictMath.pow(factor, (double) (step / every));
  }

  /** As {@link #step}, but a little at each step: factor^(step / every). */
  static Schedule exponential(long every, double factor) {
    checkDecay("exponential", every, factor);
    return (step, steps) -> StrictMath.pow(factor, step / (double) every);
  }

  /**
   * Half a wave of the cosine from 1 down to {@code end} at the end of the run.
   *
   * <p>Source: Loshchilov, Hutter: SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, equation 5,
   * without restarts.
   */
  static Schedule cosine(double end) {
    if (!(end >= 0 && end <= 1)) {
      throw new IllegalArgumentException("Schedule: cosine must end from 0 to 1, got " + end);
    }
    return (step, steps) -> wave(1, end, step / (double) Math.max(1, steps));
  }

  /**
   * Rises from 1/25 to 1 and falls to 1/250,000 at the last step, each as half a wave of the cosine: the
   * learning rate is that of the peak.
   *
   * <p>Source: Smith, Topin: Super-Convergence, 2018; the constants and the waves are PyTorch's. Differs from
   * PyTorch: the momentum stays as it is.
   *
   * @param peak the part of the run after which it is 1, above 0 and below 1; PyTorch's is 0.3
   */
  static Schedule oneCycle(double peak) {
    if (!(peak > 0 && peak < 1)) {
      throw new IllegalArgumentException(
          "Schedule: oneCycle must have its peak above 0 and below 1 of the run, got " + peak);
    }
    double first = 1.0 / 25;
    return (step, steps) -> {
      double rising = Math.max(0, peak * steps - 1);
      return step < rising ? wave(first, 1, step / rising)
          : wave(1, first * 1e-4, (step - rising) / Math.max(1, steps - 1 - rising));
    };
  }

  /**
   * Constant in pieces: {@code factors[k]} from step {@code from[k]} on, and 1 before the first of them.
   *
   * @throws IllegalArgumentException unless the steps rise and each has its factor
   */
  static Schedule piecewise(long[] from, double[] factors) {
    if (from.length != factors.length) {
      throw new IllegalArgumentException(
          "Schedule: piecewise must have a factor for each step, got " + factors.length + " for " + from.length);
    }
    long[] begins = from.clone();
    double[] of = factors.clone();
    for (int k = 0; k < begins.length; k++) {
      if (begins[k] < 0 || (k > 0 && begins[k] <= begins[k - 1]) || !(of[k] >= 0 && of[k] < Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "Schedule: piecewise must have rising steps and factors of at least 0, got " + of[k] + " from step "
                + begins[k]);
      }
    }
    return (step, steps) -> {
      double factor = 1;
      for (int k = 0; k < begins.length && begins[k] <= step; k++) {
        factor = of[k];
      }
      return factor;
    };
  }

  /**
   * Rises in equal steps to this schedule's first factor, then goes on with it over the rest of the run.
   *
   * @param part the part of the run in which it rises, 0 to below 1
   */
  default Schedule warmUp(double part) {
    if (!(part >= 0 && part < 1)) {
      throw new IllegalArgumentException(
          "Schedule: the warm-up must be from 0 to below 1 of the run, got " + part);
    }
    return (step, steps) -> {
      long rising = (long) Math.floor(part * steps);
      return step < rising
          ? factor(0, steps - rising) * (step + 1) / rising : factor(step - rising, steps - rising);
    };
  }

  private static double wave(double from, double to, double part) {
    return to + (from - to) * 0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, part)));
  }

  private static void checkDecay(String who, long every, double factor) {
    if (every < 1 || !(factor > 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "Schedule: " + who + " must have at least 1 step and a factor above 0 and at most 1, got " + every
              + " and " + factor);
    }
  }
}

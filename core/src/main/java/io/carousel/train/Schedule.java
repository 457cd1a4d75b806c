package io.carousel.train;

/** How the learning rate changes over a run: what it is multiplied by at each step. */
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
    if (!(warmUp >= 0 && warmUp < 1)) {
      throw new IllegalArgumentException(
          "Schedule: the warm-up must be from 0 to below 1 of the run, got " + warmUp);
    }
    return (step, steps) -> {
      double rising = Math.floor(warmUp * steps);
      return step < rising ? (step + 1) / rising : (steps - step) / Math.max(1, steps - rising);
    };
  }
}

package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * A rule that moves parameters against their gradients. The rule is a specification; what it remembers
 * from step to step is in the {@link OptimizerState} that it starts.
 */
public interface Optimizer {
  /** The size of a step, before any {@link Schedule}. */
  double learningRate();

  /** Begins to optimize some parameters, remembering nothing. */
  OptimizerState start(Parameters parameters);

  /** Checks a learning rate. */
  static void checkRate(String who, double rate) {
    if (!(rate > 0 && rate <= 1000)) {
      throw new IllegalArgumentException(
          who + ": the learning rate must be above 0 and at most 1000, got " + rate);
    }
  }
}

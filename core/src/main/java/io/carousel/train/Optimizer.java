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

  /** Checks a momentum. */
  static void checkMomentum(String who, double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(who + ": the momentum must be from 0 to below 1, got " + momentum);
    }
  }

  /** Checks the share that a running average keeps of itself at each step. */
  static void checkAverage(String who, String name, double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(who + ": " + name + " must be from 0 to below 1, got " + share);
    }
  }

  /** Checks what keeps a divisor from 0. */
  static void checkEpsilon(String who, double epsilon) {
    if (!((float) epsilon > 0 && epsilon < Float.MAX_VALUE)) {
      throw new IllegalArgumentException(who + ": epsilon must be above 0 in float, got " + epsilon);
    }
  }
}

package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * An optimizer at work on some parameters: the step count, and what the rule remembers for each value.
 *
 * <p>Each value is updated from its own gradient and memory alone, so that the work may be divided over
 * threads anywhere with the same bits.
 */
public abstract class OptimizerState {
  /** Ranges given to threads begin at multiples of this, a cache line. */
  private static final int ALIGNMENT = 16;

  private final Parameters parameters;
  private final double learningRate;
  private long steps;

  OptimizerState(Parameters parameters, double learningRate) {
    this.parameters = parameters;
    this.learningRate = learningRate;
  }

  /** The number of steps taken. */
  public final long steps() {
    return steps;
  }

  /** Moves the parameters one step. */
  public final void step(Gradients gradients) {
    step(gradients, 1.0);
  }

  /**
   * Moves the parameters one step.
   *
   * @param factor what the learning rate is multiplied by, from a schedule
   */
  public final void step(Gradients gradients, double factor) {
    float[] values = parameters.values();
    float[] by = gradients.unscaled();
    int count = parameters.trainableCount();
    if (by.length != count) {
      throw new IllegalArgumentException(
          "Optimizer: needs " + count + " gradients, one a trainable parameter, got " + by.length);
    }
    steps++;
    prepare(steps, learningRate * factor);
    float scale = gradients.scale();
    gradients.team().run(
        (thread, threads) ->
            update(values, by, scale, part(count, thread, threads), part(count, thread + 1, threads)));
    parameters.constrain();
  }

  /** Computes what is the same for all values at step {@code step}, counted from 1. */
  abstract void prepare(long step, double rate);

  /** Updates the values {@code from} (inclusive) to {@code to} (exclusive) by gradients · scale. */
  abstract void update(float[] values, float[] gradients, float scale, int from, int to);

  private static int part(int count, int thread, int threads) {
    return thread == threads ? count : (int) ((long) count * thread / threads) / ALIGNMENT * ALIGNMENT;
  }
}

package io.carousel.train;

import io.carousel.kernel.Team;

/**
 * What one forward and backward pass over a batch gave: the loss, and its derivative by every parameter.
 *
 * <p>Owned and overwritten by a {@link TrainingStep}. The array has the layout of the trainable part of
 * {@link io.carousel.parameter.Parameters#values}.
 */
public final class Gradients {
  /** Values summed by one thread at a time; fixed, so that the sum does not depend on the threads. */
  private static final int BLOCK = 8192;

  private final float[] values;
  private final double[] partial;
  private final Team team;
  private double loss;
  private int rows;
  private int correct;
  private boolean classifies;
  /** What the values are still to be multiplied by: optimizers do it as they read. */
  private float scale = 1f;

  Gradients(int count, Team team) {
    this.values = new float[count];
    this.partial = new double[(count + BLOCK - 1) / BLOCK];
    this.team = team;
  }

  void set(double newLoss, int newRows, int newCorrect, boolean newClassifies) {
    loss = newLoss;
    rows = newRows;
    correct = newCorrect;
    classifies = newClassifies;
    scale = 1f;
  }

  /** The mean loss over the rows of the batch, with what regularizers add to it, as Keras reports it. */
  public double loss() {
    return loss;
  }

  /** The number of rows of the batch. */
  public int rows() {
    return rows;
  }

  /** The number of rows whose class was the most probable one; 0 if there are no classes, or one for each step. */
  public int correct() {
    return correct;
  }

  /** True if the outputs name the class of a row, so that {@link #correct} has a meaning. */
  public boolean classifies() {
    return classifies;
  }

  /** The derivative of the mean loss by each trainable parameter; the array itself. */
  public float[] values() {
    if (scale != 1f) {
      for (int i = 0; i < values.length; i++) {
        values[i] *= scale;
      }
      scale = 1f;
    }
    return values;
  }

  /** The Euclidean norm of all gradients as one vector; summed in a fixed order in double. */
  public double norm() {
    team.run(
        (thread, threads) -> {
          for (int block = thread; block < partial.length; block += threads) {
            partial[block] = squares(values, block * BLOCK, Math.min(values.length, (block + 1) * BLOCK));
          }
        });
    double sum = 0;
    for (double each : partial) {
      sum += each;
    }
    return Math.sqrt(sum) * scale;
  }

  /**
   * Scales the gradients down to a norm of {@code maximum} if theirs is larger.
   *
   * <p>Source: Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013.
   *
   * @return the norm before
   */
  public double clip(double maximum) {
    if (!(maximum > 0)) {
      throw new IllegalArgumentException("Gradients: the norm to clip to must be above 0, got " + maximum);
    }
    double norm = norm();
    if (norm > maximum) {
      scale *= (float) (maximum / norm);
    }
    return norm;
  }

  /**
   * Moves each gradient that is beyond ±{@code maximum} there.
   *
   * <p>Source: Graves: Generating Sequences With Recurrent Neural Networks, 2013, section 2.1.
   */
  public void clipValues(double maximum) {
    if (!(maximum > 0)) {
      throw new IllegalArgumentException("Gradients: the value to clip to must be above 0, got " + maximum);
    }
    float limit = (float) maximum;
    float factor = scale;
    scale = 1f;
    team.run(
        (thread, threads) -> {
          int from = (int) ((long) values.length * thread / threads);
          int to = (int) ((long) values.length * (thread + 1) / threads);
          for (int i = from; i < to; i++) {
            values[i] = Math.max(-limit, Math.min(limit, values[i] * factor));
          }
        });
  }

  /** The array without the pending factor {@link #scale}. */
  float[] unscaled() {
    return values;
  }

  float scale() {
    return scale;
  }

  Team team() {
    return team;
  }

  private static double squares(float[] values, int from, int to) {
    // Four sums side by side keep four additions in flight.
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (; i < to; i++) {
      a += (double) values[i] * values[i];
    }
    return a + b + (c + d);
  }
}

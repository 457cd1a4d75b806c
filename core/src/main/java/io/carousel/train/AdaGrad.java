package io.carousel.train;

import io.carousel.parameter.Parameters;
import java.util.Arrays;

/**
 * Descent divided by the root of all squared gradients so far.
 *
 * <pre>
 *   s = s + g²     θ = θ − α g / (√s + ε)
 * </pre>
 *
 * <p>Source: Duchi, Hazan, Singer: Adaptive Subgradient Methods for Online Learning and Stochastic
 * Optimization, 2011, with the diagonal of the matrix. The constants are PyTorch's; in Keras s begins at 0.1.
 *
 * @param learningRate α
 * @param initial what s begins with
 * @param epsilon ε
 */
public record AdaGrad(double learningRate, double initial, double epsilon) implements Optimizer {
  public AdaGrad {
    Optimizer.checkRate("AdaGrad", learningRate);
    Optimizer.checkEpsilon("AdaGrad", epsilon);
    if (!(initial >= 0 && initial < Float.MAX_VALUE)) {
      throw new IllegalArgumentException("AdaGrad: the first sum of squares must be at least 0, got " + initial);
    }
  }

  /** With s from 0 and ε 1e-10. */
  public AdaGrad(double learningRate) {
    this(learningRate, 0, 1e-10);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final float epsilon;
    private final float[] s;
    private float rate;

    State(AdaGrad rule, Parameters parameters) {
      super(parameters, rule.learningRate);
      this.epsilon = (float) rule.epsilon;
      this.s = new float[parameters.trainableCount()];
      Arrays.fill(s, (float) rule.initial);
    }

    @Override
    void prepare(long step, double stepRate) {
      rate = (float) stepRate;
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      pass(values, gradients, s, from, to, scale, epsilon, rate);
    }

    private static void pass(
        float[] values, float[] gradients, float[] s, int from, int to, float scale, float epsilon,
        float rate) {
      for (int i = from; i < to; i++) {
        float g = gradients[i] * scale;
        float sum = s[i] + g * g;
        s[i] = sum;
        values[i] -= rate * g / ((float) Math.sqrt(sum) + epsilon);
      }
    }
  }
}

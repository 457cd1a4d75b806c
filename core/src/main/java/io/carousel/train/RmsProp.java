package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * Descent divided by a running root mean square of the gradients.
 *
 * <pre>
 *   v = ρ v + (1 − ρ) g²     u = μ u + g / (√v + ε)     θ = θ − α u
 * </pre>
 *
 * <p>Source: Tieleman, Hinton: Neural Networks for Machine Learning, lecture 6.5, 2012. Constants and the place
 * of ε are PyTorch's; Keras has ρ 0.9 and √(v + ε) with 1e-7.
 *
 * @param learningRate α
 * @param rho ρ
 * @param momentum μ, 0 for none
 * @param epsilon ε
 */
public record RmsProp(double learningRate, double rho, double momentum, double epsilon) implements Optimizer {
  public RmsProp {
    Optimizer.checkRate("RmsProp", learningRate);
    Optimizer.checkAverage("RmsProp", "rho", rho);
    Optimizer.checkMomentum("RmsProp", momentum);
    Optimizer.checkEpsilon("RmsProp", epsilon);
  }

  /** With ρ 0.99, ε 1e-8 and no momentum. */
  public RmsProp(double learningRate) {
    this(learningRate, 0.99, 0, 1e-8);
  }

  /** The same with momentum. */
  public RmsProp withMomentum(double mu) {
    return new RmsProp(learningRate, rho, mu, epsilon);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final RmsProp rule;
    private final float[] v;
    private final float[] velocity;
    private float rate;

    State(RmsProp rule, Parameters parameters) {
      super(parameters, rule.learningRate);
      this.rule = rule;
      this.v = new float[parameters.trainableCount()];
      this.velocity = new float[parameters.trainableCount()];
    }

    @Override
    void prepare(long step, double stepRate) {
      rate = (float) stepRate;
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      pass(
          values, gradients, v, velocity, from, to, scale, (float) rule.rho, (float) (1 - rule.rho),
          (float) rule.momentum, (float) rule.epsilon, rate);
    }

    private static void pass(
        float[] values, float[] gradients, float[] v, float[] velocity, int from, int to, float scale,
        float rho, float rest, float momentum, float epsilon, float rate) {
      for (int i = from; i < to; i++) {
        float g = gradients[i] * scale;
        float square = rho * v[i] + rest * g * g;
        v[i] = square;
        float u = momentum * velocity[i] + g / ((float) Math.sqrt(square) + epsilon);
        velocity[i] = u;
        values[i] -= rate * u;
      }
    }
  }
}

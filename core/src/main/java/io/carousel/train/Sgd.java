package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * Stochastic gradient descent with momentum: u = μ u + g, θ = θ − α u; PyTorch's form.
 *
 * <p>Source: Sutskever et al.: On the importance of initialization and momentum in deep learning, 2013.
 *
 * @param learningRate α
 * @param momentum μ, 0 for none
 */
public record Sgd(double learningRate, double momentum) implements Optimizer {
  public Sgd {
    Optimizer.checkRate("Sgd", learningRate);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("Sgd: the momentum must be from 0 to below 1, got " + momentum);
    }
  }

  /** Descent without momentum. */
  public Sgd(double learningRate) {
    this(learningRate, 0);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final float momentum;
    private final float[] velocity;
    private float rate;

    State(Sgd sgd, Parameters parameters) {
      super(parameters, sgd.learningRate);
      this.momentum = (float) sgd.momentum;
      this.velocity = new float[parameters.trainableCount()];
    }

    @Override
    void prepare(long step, double stepRate) {
      rate = (float) stepRate;
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      pass(values, gradients, velocity, from, to, scale, momentum, rate);
    }

    private static void pass(
        float[] values, float[] gradients, float[] velocity, int from, int to, float scale, float momentum,
        float rate) {
      for (int i = from; i < to; i++) {
        float u = momentum * velocity[i] + gradients[i] * scale;
        velocity[i] = u;
        values[i] -= rate * u;
      }
    }
  }
}

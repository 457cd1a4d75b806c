package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * Stochastic gradient descent with momentum, PyTorch's form.
 *
 * <pre>
 *   u = μ u + g     θ = θ − α u                 classical
 *   u = μ u + g     θ = θ − α (g + μ u)         Nesterov
 * </pre>
 *
 * <p>Source: Sutskever et al.: On the importance of initialization and momentum in deep learning, 2013.
 * Differs from the source: α stands outside of u, which changes nothing while α is constant; Nesterov's θ is
 * the point at which the gradient is taken.
 *
 * @param learningRate α
 * @param momentum μ, 0 for none
 * @param nesterov true for Nesterov's form, which needs a momentum
 */
public record Sgd(double learningRate, double momentum, boolean nesterov) implements Optimizer {
  public Sgd {
    Optimizer.checkRate("Sgd", learningRate);
    Optimizer.checkMomentum("Sgd", momentum);
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException("Sgd: Nesterov's form must have a momentum above 0, got 0; give 0.9");
    }
  }

  /** Descent with classical momentum. */
  public Sgd(double learningRate, double momentum) {
    this(learningRate, momentum, false);
  }

  /** Descent without momentum. */
  public Sgd(double learningRate) {
    this(learningRate, 0, false);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final float momentum;
    private final boolean nesterov;
    private final float[] velocity;
    private float rate;

    State(Sgd sgd, Parameters parameters) {
      super(parameters, sgd.learningRate);
      this.momentum = (float) sgd.momentum;
      this.nesterov = sgd.nesterov;
      this.velocity = new float[parameters.trainableCount()];
    }

    @Override
    void prepare(long step, double stepRate) {
      rate = (float) stepRate;
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      if (nesterov) {
        ahead(values, gradients, velocity, from, to, scale, momentum, rate);
      } else {
        pass(values, gradients, velocity, from, to, scale, momentum, rate);
      }
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

    private static void ahead(
        float[] values, float[] gradients, float[] velocity, int from, int to, float scale, float momentum,
        float rate) {
      for (int i = from; i < to; i++) {
        float g = gradients[i] * scale;
        float u = momentum * velocity[i] + g;
        velocity[i] = u;
        values[i] -= rate * (g + momentum * u);
      }
    }
  }
}

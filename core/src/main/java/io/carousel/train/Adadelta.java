package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * Descent whose steps have the size of the steps before.
 *
 * <pre>
 *   v = ρ v + (1 − ρ) g²     d = g √(u + ε) / √(v + ε)     u = ρ u + (1 − ρ) d²     θ = θ − α d
 * </pre>
 *
 * <p>Source: Zeiler: ADADELTA: An Adaptive Learning Rate Method, 2012, algorithm 1, which has no α. Constants
 * are PyTorch's; Keras has ρ 0.95, ε 1e-7 and α 0.001.
 *
 * @param learningRate α, 1 in the paper
 * @param rho ρ
 * @param epsilon ε
 */
public record Adadelta(double learningRate, double rho, double epsilon) implements Optimizer {
  public Adadelta {
    Optimizer.checkRate("Adadelta", learningRate);
    Optimizer.checkAverage("Adadelta", "rho", rho);
    Optimizer.checkEpsilon("Adadelta", epsilon);
  }

  /** With α 1, ρ 0.9 and ε 1e-6. */
  public Adadelta() {
    this(1, 0.9, 1e-6);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final Adadelta rule;
    private final float[] v;
    private final float[] u;
    private float rate;

    State(Adadelta rule, Parameters parameters) {
      super(parameters, rule.learningRate);
      this.rule = rule;
      this.v = new float[parameters.trainableCount()];
      this.u = new float[parameters.trainableCount()];
    }

    @Override
    void prepare(long step, double stepRate) {
      rate = (float) stepRate;
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      pass(
          values, gradients, v, u, from, to, scale, (float) rule.rho, (float) (1 - rule.rho),
          (float) rule.epsilon, rate);
    }

    private static void pass(
        float[] values, float[] gradients, float[] v, float[] u, int from, int to, float scale, float rho,
        float rest, float epsilon, float rate) {
      for (int i = from; i < to; i++) {
        float g = gradients[i] * scale;
        float square = rho * v[i] + rest * g * g;
        v[i] = square;
        float d = g * (float) Math.sqrt(u[i] + epsilon) / (float) Math.sqrt(square + epsilon);
        u[i] = rho * u[i] + rest * d * d;
        values[i] -= rate * d;
      }
    }
  }
}

package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * {@link Adam} with Nesterov's momentum.
 *
 * <pre>
 *   μₜ = β₁ (1 − ½ · 0.96^(t ψ))     m = β₁ m + (1 − β₁) g     v = β₂ v + (1 − β₂) g²
 *   θ = θ − α ((1 − μₜ) g / (1 − Π μ₁…μₜ) + μₜ₊₁ m / (1 − Π μ₁…μₜ₊₁)) / (√(v / (1 − β₂ᵗ)) + ε)
 * </pre>
 *
 * <p>Source: Dozat: Incorporating Nesterov Momentum into Adam, 2016, algorithm 2 with the schedule of μ of its
 * appendix. ψ, 0.004, is the paper's; ε 1e-8 is PyTorch's, Keras has 1e-7.
 *
 * @param learningRate α
 * @param beta1 β₁
 * @param beta2 β₂
 * @param epsilon ε
 */
public record NAdam(double learningRate, double beta1, double beta2, double epsilon) implements Optimizer {
  private static final double PSI = 0.004;

  public NAdam {
    Optimizer.checkRate("NAdam", learningRate);
    Optimizer.checkAverage("NAdam", "beta1", beta1);
    Optimizer.checkAverage("NAdam", "beta2", beta2);
    Optimizer.checkEpsilon("NAdam", epsilon);
  }

  /** With β₁ 0.9, β₂ 0.999 and ε 1e-8. */
  public NAdam(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final NAdam rule;
    private final float[] m;
    private final float[] v;
    /** Π μ₁…μₜ. */
    private double product = 1;
    private float ofGradient;
    private float ofMean;
    private float rootCorrection;

    State(NAdam rule, Parameters parameters) {
      super(parameters, rule.learningRate);
      this.rule = rule;
      this.m = new float[parameters.trainableCount()];
      this.v = new float[parameters.trainableCount()];
    }

    @Override
    void prepare(long step, double rate) {
      double mu = mu(step);
      double next = mu(step + 1);
      product *= mu;
      ofGradient = (float) (rate * (1 - mu) / (1 - product));
      ofMean = (float) (rate * next / (1 - product * next));
      rootCorrection = (float) (1 / Math.sqrt(1 - StrictMath.pow(rule.beta2, (double) step)));
    }

    private double mu(long step) {
      return rule.beta1 * (1 - 0.5 * StrictMath.pow(0.96, step * PSI));
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      pass(
          values, gradients, m, v, from, to, scale, (float) rule.beta1, (float) (1 - rule.beta1),
          (float) rule.beta2, (float) (1 - rule.beta2), ofGradient, ofMean, rootCorrection,
          (float) rule.epsilon);
    }

    private static void pass(
        float[] values, float[] gradients, float[] m, float[] v, int from, int to, float scale, float beta1,
        float rest1, float beta2, float rest2, float ofGradient, float ofMean, float rootCorrection,
        float epsilon) {
      for (int i = from; i < to; i++) {
        float g = gradients[i] * scale;
        float mean = beta1 * m[i] + rest1 * g;
        float square = beta2 * v[i] + rest2 * g * g;
        m[i] = mean;
        v[i] = square;
        values[i] -= (ofGradient * g + ofMean * mean) / ((float) Math.sqrt(square) * rootCorrection + epsilon);
      }
    }
  }
}

package io.carousel.train;

import io.carousel.parameter.Parameters;

/**
 * Adaptive moments; with weight decay, AdamW.
 *
 * <pre>
 *   m = β₁ m + (1 − β₁) g     v = β₂ v + (1 − β₂) g²
 *   θ = θ − α (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε) − α λ θ
 * </pre>
 *
 * Source: Kingma, Ba: Adam, 2015, algorithm 1; λ, decoupled weight decay: Loshchilov, Hutter: Decoupled
 * Weight Decay Regularization, 2019. ε is PyTorch's and the paper's 1e-8; Keras has 1e-7.
 *
 * @param learningRate α
 * @param beta1 β₁
 * @param beta2 β₂
 * @param epsilon ε
 * @param weightDecay λ, 0 for none
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  public Adam {
    Optimizer.checkRate("Adam", learningRate);
    Optimizer.checkAverage("Adam", "beta1", beta1);
    Optimizer.checkAverage("Adam", "beta2", beta2);
    Optimizer.checkEpsilon("Adam", epsilon);
    if (!(weightDecay >= 0 && weightDecay < 1000)) {
      throw new IllegalArgumentException(
          "Adam: the weight decay must be from 0 to below 1000, got " + weightDecay);
    }
  }

  /** Adam with the paper's constants and no weight decay. */
  public Adam(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0);
  }

  /** The same with decoupled weight decay. */
  public Adam withWeightDecay(double decay) {
    return new Adam(learningRate, beta1, beta2, epsilon, decay);
  }

  @Override
  public OptimizerState start(Parameters parameters) {
    return new State(this, parameters);
  }

  private static final class State extends OptimizerState {
    private final Adam adam;
    private final float[] m;
    private final float[] v;
    private float rate;
    private float rootCorrection;
    private float keep;

    State(Adam adam, Parameters parameters) {
      super(parameters, adam.learningRate);
      this.adam = adam;
      this.m = new float[parameters.trainableCount()];
      this.v = new float[parameters.trainableCount()];
    }

    @Override
    void prepare(long step, double stepRate) {
      rate = (float) (stepRate / (1 - StrictMath.pow(adam.beta1, (double) step)));
      rootCorrection = (float) (1 / Math.sqrt(1 - StrictMath.pow(adam.beta2, (double) step)));
      keep = (float) (1 - stepRate * adam.weightDecay);
    }

    @Override
    void update(float[] values, float[] gradients, float scale, int from, int to) {
      pass(
          values, gradients, m, v, from, to, scale, (float) adam.beta1, (float) (1 - adam.beta1),
          (float) adam.beta2, (float) (1 - adam.beta2), rate, rootCorrection, (float) adam.epsilon, keep);
    }

    /** One pass over four arrays: what it costs is their memory traffic. */
    private static void pass(
        float[] values, float[] gradients, float[] m, float[] v, int from, int to, float scale, float beta1,
        float rest1, float beta2, float rest2, float rate, float rootCorrection, float epsilon, float keep) {
      for (int i = from; i < to; i++) {
        float g = gradients[i] * scale;
        float mean = beta1 * m[i] + rest1 * g;
        float square = beta2 * v[i] + rest2 * g * g;
        m[i] = mean;
        v[i] = square;
        values[i] = values[i] * keep - rate * mean / ((float) Math.sqrt(square) * rootCorrection + epsilon);
      }
    }
  }
}

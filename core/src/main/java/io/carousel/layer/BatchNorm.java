package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Batch normalization: each feature gets mean 0 and variance 1 over the batch, then a gain and a bias.
 *
 * <pre>
 *   y = (x − μ) / √(σ² + ε) ⊙ g + b
 *   training:  μ, σ² the mean and the variance over all rows, and all own steps of a sequence; after the step
 *              mean = m · mean + (1 − m) μ     variance = m · variance + (1 − m) σ²
 *   answers:   μ = mean, σ² = variance
 * </pre>
 *
 * x and y [B,F] or [B,T,F], or with more axes before the last; g [F] begins one, b [F] zero. The running mean [F]
 * begins zero and the variance [F] one; they are saved with the parameters, and a pass over a batch changes them,
 * not the optimizer. Padding counts for nothing. Frozen ({@link Layer#frozen}), the layer does in training what it
 * does in answers.
 *
 * <p>Source: Ioffe, Szegedy: Batch Normalization, 2015; defaults and the variance over n, not n − 1, are Keras's.
 *
 * @param momentum m
 * @param epsilon ε
 */
public record BatchNorm(double momentum, double epsilon) implements Layer {
  public BatchNorm {
    LayerNorm.requireEpsilon("BatchNorm", epsilon);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("BatchNorm: the momentum must be from 0 to below 1, got " + momentum);
    }
  }

  /** With a momentum of 0.99 and an ε of 0.001. */
  public BatchNorm() {
    this(0.99, 1e-3);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Shape shape = Shape.of(in.features());
    Expr g = scope.parameter("g", shape, Initializers.ones());
    Expr b = scope.parameter("b", shape, Initializers.zeros());
    Expr mean = scope.parameter("mean", shape, Initializers.zeros(), false);
    Expr variance = scope.parameter("variance", shape, Initializers.ones(), false);
    if (scope.training() && !scope.isFrozen()) {
      Expr own = in.isSequence() ? in.mask().broadcast(in.value().shape().with(-1, 1))
          : Expr.full(1, in.value().shape().with(-1, 1));
      Expr count = Expr.maximum(total(own), Expr.constant(1));
      Expr mu = total(Expr.select(own, in.value(), Expr.constant(0))).over(count);
      Expr off = Expr.select(own, in.value().minus(mu), Expr.constant(0));
      Expr sigma = total(off.square()).over(count);
      scope.update(mean, mean.times(momentum).plus(mu.times(1 - momentum)));
      scope.update(variance, variance.times(momentum).plus(sigma.times(1 - momentum)));
      mean = mu;
      variance = sigma;
    }
    Expr center = mean;
    Expr scale = g.times(LayerNorm.inverseRoot(variance.plus(epsilon)));
    return in.map(x -> x.minus(center).times(scale).plus(b), false);
  }

  /** The sum over all axes but the last. */
  private static Expr total(Expr x) {
    int[] axes = IntStream.range(0, x.shape().rank() - 1).toArray();
    return x.sum(axes).reshape(Shape.of(x.shape().size(-1)));
  }

  @Override
  public String kind() {
    return "batch_norm";
  }

  @Override
  public String toString() {
    return "BatchNorm(momentum=" + momentum + ", epsilon=" + epsilon + ")";
  }
}

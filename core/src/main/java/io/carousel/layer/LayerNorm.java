package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * Layer normalization: each vector, or the vector of each step, gets mean 0 and variance 1 over its features,
 * then a gain and a bias of each feature.
 *
 * <pre>
 *   y = (x − μ) / √(σ² + ε) ⊙ g + b      μ, σ² the mean and the variance of x over the last axis
 * </pre>
 *
 * x and y [B,F] or [B,T,F], or with more axes before the last; g [F] begins one, b [F] zero.
 *
 * <p>Source: Ba, Kiros, Hinton: Layer Normalization, 2016.
 *
 * @param epsilon ε; 1e-5 as in PyTorch, Keras has 1e-3
 */
public record LayerNorm(double epsilon) implements Layer {
  public LayerNorm {
    requireEpsilon("LayerNorm", epsilon);
  }

  /** With an ε of 1e-5. */
  public LayerNorm() {
    this(1e-5);
  }

  static void requireEpsilon(String who, double epsilon) {
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new IllegalArgumentException(who + ": epsilon must be above 0 and below 1, got " + epsilon);
    }
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    int features = in.features();
    Expr g = scope.parameter("g", Shape.of(features), Initializers.ones());
    Expr b = scope.parameter("b", Shape.of(features), Initializers.zeros());
    return in.map(
        x -> {
          Expr centered = x.minus(x.sum(-1).times(1.0 / features));
          Expr variance = centered.square().sum(-1).times(1.0 / features);
          return centered.times(inverseRoot(variance.plus(epsilon))).times(g).plus(b);
        },
        false);
  }

  /** 1 / √x, one division a row where x is a number a row. */
  static Expr inverseRoot(Expr x) {
    return Expr.constant(1).over(Expr.sqrt(x));
  }

  @Override
  public String kind() {
    return "layer_norm";
  }

  @Override
  public String toString() {
    return "LayerNorm(epsilon=" + epsilon + ")";
  }
}

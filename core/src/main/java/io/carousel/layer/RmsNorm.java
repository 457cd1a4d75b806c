package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * Root mean square normalization: {@link LayerNorm} that neither takes away the mean nor adds a bias.
 *
 * <pre>
 *   y = x / √(mean of x² + ε) ⊙ g
 * </pre>
 *
 * x and y [B,F] or [B,T,F], or with more axes before the last; g [F] begins one.
 *
 * <p>Source: Zhang, Sennrich: Root Mean Square Layer Normalization, 2019.
 *
 * @param epsilon ε; 1e-6 as in Keras, PyTorch's is 1.2e-7
 */
public record RmsNorm(double epsilon) implements Layer {
  public RmsNorm {
    LayerNorm.requireEpsilon("RMSNorm", epsilon);
  }

  /** With an ε of 1e-6. */
  public RmsNorm() {
    this(1e-6);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    int features = in.features();
    Expr g = scope.parameter("g", Shape.of(features), Initializers.ones());
    return in.map(
        x -> {
          Expr square = x.square().sum(-1).times(1.0 / features);
          return x.times(LayerNorm.inverseRoot(square.plus(epsilon))).times(g);
        },
        true);
  }

  @Override
  public String kind() {
    return "rms_norm";
  }

  @Override
  public String toString() {
    return "RMSNorm(epsilon=" + epsilon + ")";
  }
}

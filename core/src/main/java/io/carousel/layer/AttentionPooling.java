package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * A sequence [B,T,F] as one vector [B,F]: the mean of a row's own steps by weights that are learned. An empty row
 * gives zeros.
 *
 * <pre>
 *   a = softmax over the steps of v · tanh(x W + b)     y = Σ a x
 * </pre>
 *
 * W [F,units] begins Glorot uniform, b [units] zero, v [units] uniform in ±√(3/units).
 *
 * <p>Source: Yang et al.: Hierarchical Attention Networks for Document Classification, 2016, equations 5 to 7.
 *
 * @param units the size of what the weights are made of
 */
public record AttentionPooling(int units) implements Layer {
  public AttentionPooling {
    if (units < 1) {
      throw new IllegalArgumentException("AttentionPooling: units must be at least 1, got " + units);
    }
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Attention.requireOneOrTwo(this, List.of(in));
    Expr x = in.zeroed();
    int steps = x.shape().size(0);
    Expr w = scope.parameter("W", Shape.of(in.features(), units), Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(units), Initializers.zeros());
    Expr v = scope.parameter("v", Shape.of(units), Initializers.uniform(Math.sqrt(3.0 / units)));
    Expr scores = Expr.tanh(x.matmul(w).plus(b)).times(v).sum(-1); // [T,B,1]
    Expr masked = Expr.select(in.mask(), scores, Expr.constant(Double.NEGATIVE_INFINITY));
    Expr a = Expr.softmax(masked.reshape(Shape.of(steps, Shape.B)).transpose());
    Expr ofSteps = a.transpose().reshape(Shape.of(steps, Shape.B, 1));
    return Signal.of(x.times(ofSteps).sum(0).reshape(Shape.of(Shape.B, in.features())), null);
  }

  @Override
  public String kind() {
    return "attention_pooling";
  }

  @Override
  public String toString() {
    return "AttentionPooling(units=" + units + ")";
  }
}

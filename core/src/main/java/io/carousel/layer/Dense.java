package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * y = activation(x W + b), on the last axis of whatever comes: vectors [B,F], each step of a sequence [B,T,F],
 * each place of an image [B,h,w,c].
 *
 * <p>W [F,units] begins Glorot uniform, b [units] zero.
 *
 * @param units the size of the output
 * @param activation what is done to each output
 */
public record Dense(int units, Activation activation) implements Layer {
  public Dense {
    if (units < 1) {
      throw new IllegalArgumentException("Dense: units must be at least 1, got " + units);
    }
  }

  /** A linear layer. */
  public Dense(int units) {
    this(units, Activation.LINEAR);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Expr w = scope.parameter("W", Shape.of(in.features(), units), Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(units), Initializers.zeros());
    return in.map(x -> activation.of(x.matmul(w).plus(b)), false);
  }

  @Override
  public String kind() {
    return "dense";
  }

  @Override
  public String toString() {
    return "Dense(units=" + units + ", " + activation.word() + ")";
  }
}

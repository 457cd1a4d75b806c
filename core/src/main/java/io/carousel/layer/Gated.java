package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * A gated linear unit: y = (x W + b) ⊙ activation(x V + c).
 *
 * <p>x [B,F], at each step of [B,T,F], or with more axes before the last; W and V [F,units] begin Glorot uniform,
 * b and c [units] zero.
 *
 * <p>Source: Dauphin et al.: Language Modeling with Gated Convolutional Networks, 2017, with a sigmoid; other
 * activations: Shazeer: GLU Variants Improve Transformer, 2020.
 *
 * @param units the size of the output
 * @param activation of the gate
 */
public record Gated(int units, Activation activation) implements Layer {
  public Gated {
    if (units < 1) {
      throw new IllegalArgumentException("Gated: units must be at least 1, got " + units);
    }
  }

  /** With a sigmoid gate. */
  public Gated(int units) {
    this(units, Activation.SIGMOID);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Shape matrix = Shape.of(in.features(), units);
    Expr w = scope.parameter("W", matrix, Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(units), Initializers.zeros());
    Expr v = scope.parameter("V", matrix, Initializers.glorotUniform());
    Expr c = scope.parameter("c", Shape.of(units), Initializers.zeros());
    return in.map(x -> x.matmul(w).plus(b).times(activation.of(x.matmul(v).plus(c))), false);
  }

  @Override
  public String kind() {
    return "gated";
  }

  @Override
  public String toString() {
    return "Gated(units=" + units + ", " + activation.word() + ")";
  }
}

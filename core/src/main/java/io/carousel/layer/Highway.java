package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * A highway layer, which passes on its input where a gate says so.
 *
 * <pre>
 *   t = σ(x V + c)     y = t ⊙ activation(x W + b) + (1 − t) ⊙ x
 * </pre>
 *
 * x and y [B,F], at each step of [B,T,F], or with more axes before the last; W and V [F,F] begin Glorot uniform,
 * b [F] zero, and c [F] at −2, so that most of the input passes at first.
 *
 * <p>Source: Srivastava, Greff, Schmidhuber: Training Very Deep Networks, 2015, equations 3 and 4.
 *
 * @param activation of what replaces the input
 */
public record Highway(Activation activation) implements Layer {
  private static final double CLOSED = -2; // the source's section 2.2

  /** With a rectified linear unit. */
  public Highway() {
    this(Activation.RELU);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    int features = in.features();
    Shape matrix = Shape.of(features, features);
    Expr w = scope.parameter("W", matrix, Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(features), Initializers.zeros());
    Expr v = scope.parameter("V", matrix, Initializers.glorotUniform());
    Expr c = scope.parameter("c", Shape.of(features), Initializers.constant(CLOSED));
    return in.map(
        x -> {
          Expr t = Expr.sigmoid(x.matmul(v).plus(c));
          return t.times(activation.of(x.matmul(w).plus(b))).plus(t.complement().times(x));
        },
        false);
  }

  @Override
  public String kind() {
    return "highway";
  }

  @Override
  public String toString() {
    return "Highway(" + activation.word() + ")";
  }
}

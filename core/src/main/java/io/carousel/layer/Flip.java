package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * The steps of each row in the opposite order: y[t] = x[n − 1 − t] for a row of n steps, so that padding stays
 * behind. [B,T,…] to [B,T,…].
 *
 * <p>As a product with the matrix that exchanges the steps, n² multiplications a feature: less than the recurrent
 * layer beside it as long as T is below some times its units.
 */
public record Flip() implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    scope.requireWhole(toString(), "gives the last step first");
    Expr read = in.read();
    // What stands at skipped steps stays, for a model may give it out; what stands on padding must not be multiplied.
    Signal zeros = new Signal(in.value(), null, in.lengths(), in.zeroPadded());
    return new Signal(
        flip(in, zeros.own()), in.last(), in.lengths(), true, read == null ? null : flip(in, read));
  }

  private static Expr flip(Signal of, Expr value) {
    Shape shape = value.shape();
    int steps = shape.size(0);
    int size = 1;
    for (int axis = 2; axis < shape.rank(); axis++) {
      size *= shape.size(axis);
    }
    Shape square = Shape.of(Shape.B, steps, steps);
    Expr last = of.requireLengths().cast().reshape(Shape.of(Shape.B, 1, 1)).plus(-1);
    Expr exchange = Expr.index(square, 1).plus(Expr.index(square, 2)).equal(last);
    Expr rows = value.reshape(Shape.of(steps, Shape.B, size)).transpose(1, 0, 2);
    return exchange.batchMatmul(rows).transpose(1, 0, 2).reshape(shape);
  }

  @Override
  public String kind() {
    return "flip";
  }

  @Override
  public String toString() {
    return "Flip()";
  }
}

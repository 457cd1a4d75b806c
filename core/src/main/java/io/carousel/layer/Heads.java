package io.carousel.layer;

import io.carousel.cell.DropoutMask;
import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/** What forms of attention share: which steps may be seen, and means over them by weights. */
final class Heads {
  private Heads() {}

  /** Vectors side by side, [T,B,n·size], as [B,n,T,size]. */
  static Expr split(Expr x, int n) {
    return apart(x, n).transpose(1, 2, 0, 3);
  }

  /** The same with the last two axes exchanged, [B,n,size,T]. */
  static Expr splitTransposed(Expr x, int n) {
    return apart(x, n).transpose(1, 2, 3, 0);
  }

  private static Expr apart(Expr x, int n) {
    return x.reshape(Shape.of(x.shape().size(0), Shape.B, n, x.shape().size(-1) / n));
  }

  /** Weights [B,n,T,T'] of which, while training, some are dropped. */
  static Expr dropped(Expr weights, double rate, Scope scope) {
    if (!scope.training() || rate == 0) {
      return weights;
    }
    // The places of random numbers count the steps that are seen last but one: padding must not move them.
    Shape shape = weights.shape();
    Shape places = Shape.of(shape.size(2), Shape.B, shape.size(3), shape.size(1));
    return weights.times(DropoutMask.of(rate, scope.name() + ".weights", places).transpose(1, 3, 0, 2));
  }

  /** The reverse of {@link #split}. */
  static Expr join(Expr x) {
    return x.transpose(2, 0, 1, 3).reshape(Shape.of(x.shape().size(2), Shape.B, x.shape().size(1) * x.shape().size(3)));
  }

  /**
   * exp(scores) / Σ exp(scores) over the steps that may be seen, 0 for the others and where there is none.
   *
   * @param scores [B,n,T,T], the last axis being the steps that are looked at
   * @param memory the signal of these steps
   * @param causal true if a step sees none after it
   */
  static Expr weights(Expr scores, Signal memory, boolean causal) {
    Shape shape = scores.shape();
    Expr read = memory.read();
    Expr seen = Expr.index(shape, 3).less(memory.requireLengths().cast().reshape(Shape.of(Shape.B, 1, 1, 1)));
    if (read != null) {
      seen = seen.times(read.transpose(1, 2, 0).reshape(Shape.of(Shape.B, 1, 1, shape.size(3))));
    }
    if (causal) {
      seen = Expr.minimum(seen, Expr.index(shape, 3).less(Expr.index(shape, 2).plus(1)));
    }
    return Expr.softmax(Expr.select(seen, scores, Expr.constant(Double.NEGATIVE_INFINITY)));
  }
}

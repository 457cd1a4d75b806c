package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;

/** What dropout multiplies by: 0 with a probability, else what keeps the mean. */
public final class DropoutMask {
  private DropoutMask() {}

  /** 0 with probability {@code rate}, else 1 / (1 − rate), by the numbers of a random stream. */
  public static Expr of(double rate, String stream, Shape shape) {
    Expr dropped = Expr.random(stream, shape).less(Expr.constant(rate));
    return Expr.select(dropped, Expr.constant(0), Expr.constant(1 / (1 - rate)));
  }

  /** The common check of what drops. */
  public static void requireRate(String who, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(who + ": rate must be from 0 to below 1, got " + rate);
    }
  }
}

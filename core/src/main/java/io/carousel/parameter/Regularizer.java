package io.carousel.parameter;

import io.carousel.expr.Expr;

/**
 * What numbers cost by their size: l1 Σ|w| + l2 Σ w², added to the loss; Keras's {@code L1L2}.
 *
 * @param l1 the cost of absolute values, 0 for none
 * @param l2 the cost of squares, 0 for none; both make what is called elastic
 */
public record Regularizer(double l1, double l2) {
  public Regularizer {
    if (!(l1 >= 0 && l2 >= 0 && l1 + l2 > 0 && l1 + l2 < 1e9)) {
      throw new IllegalArgumentException(
          "Regularizer: l1 and l2 must be at least 0, and one above it, got " + l1 + " and " + l2);
    }
  }

  /** The cost of each number, in the shape of the numbers. */
  public Expr each(Expr w) {
    Expr absolute = Expr.abs(w).times(l1);
    Expr square = w.square().times(l2);
    return l1 == 0 ? square : l2 == 0 ? absolute : absolute.plus(square);
  }

  @Override
  public String toString() {
    return l1 == 0 ? "l2 " + l2 : l2 == 0 ? "l1 " + l1 : "l1 " + l1 + ", l2 " + l2;
  }
}

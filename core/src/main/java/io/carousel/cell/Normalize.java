package io.carousel.cell;

import io.carousel.expr.Expr;

/**
 * What layer normalization is made of: N(a) = (a − mean a) / √(variance of a + 10⁻⁵) over the last axis.
 *
 * <p>The mean of a product is taken out of its matrix, (W − mean of each row of W) x, which leaves one sum a step
 * instead of two.
 */
public final class Normalize {
  private static final double EPSILON = 1e-5; // PyTorch's

  private Normalize() {}

  /** N(a). */
  public static Expr of(Expr a) {
    return scaled(centered(a));
  }

  /** N(x W). */
  public static Expr product(Expr x, Expr w) {
    return scaled(x.matmul(centered(w)));
  }

  /** a minus its mean over the last axis. */
  static Expr centered(Expr a) {
    return a.minus(a.sum(-1).times(1.0 / a.shape().size(-1)));
  }

  /** What has mean 0 over the last axis, with variance 1. */
  static Expr scaled(Expr a) {
    Expr variance = a.square().sum(-1).times(1.0 / a.shape().size(-1));
    return a.times(Expr.constant(1).over(Expr.sqrt(variance.plus(EPSILON)))); // one division a row
  }
}

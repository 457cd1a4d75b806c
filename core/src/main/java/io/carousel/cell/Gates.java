package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.Collections;
import java.util.List;

/**
 * What cells with n gates share: the weights of all gates side by side, so that gate k has the columns
 * kH to (k+1)H of W x, of R h and of b.
 *
 * @param units the size H of a gate
 * @param w W [I,nH], begins Glorot uniform
 * @param r R [H,nH], begins orthogonal
 * @param b b [nH]
 */
record Gates(int units, Expr w, Expr r, Expr b) {
  /** Declares W, R and b for n gates. */
  static Gates declare(Cell cell, int n, Shape input, Scope scope, Initializer bias) {
    int units = cell.units();
    int inputs = Cell.features(cell, input);
    return new Gates(
        units,
        scope.parameter("W", Shape.of(inputs, n * units), Initializers.glorotUniform()),
        scope.parameter("R", Shape.of(units, n * units), Initializers.orthogonal()),
        scope.parameter("b", Shape.of(n * units), bias));
  }

  /** W x + R h + b, [B,nH]. */
  Expr sum(Expr x, Expr h) {
    return x.matmul(w).plus(h.matmul(r)).plus(b);
  }

  /** The part of one gate, of whatever has the columns of all gates. */
  Expr of(Expr all, int gate) {
    return all.slice(-1, gate * units, (gate + 1) * units);
  }

  /** States [B,H] that begin at zero. */
  static List<Expr> zeros(int states, int units) {
    return Collections.nCopies(states, Expr.full(0, Shape.of(Shape.B, units)));
  }

  /** The common check of a cell. */
  static void requireUnits(String cell, int units) {
    if (units < 1) {
      throw new IllegalArgumentException(cell + ": units must be at least 1, got " + units);
    }
  }
}

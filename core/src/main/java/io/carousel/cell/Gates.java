package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What cells with n gates share: the weights of all gates side by side, so that gate k has the columns
 * kH to (k+1)H of W x, of R h and of b.
 *
 * @param units the size H of a gate
 * @param w W [I,nH], begins Glorot uniform
 * @param r R [H,nH], begins orthogonal
 * @param b b [nH], or null for none
 */
record Gates(int units, Expr w, Expr r, @Nullable Expr b) {
  /** Declares W, R and b for n gates; no b if nothing is said of how it begins. */
  static Gates declare(Cell cell, int n, Shape input, Scope scope, @Nullable Initializer bias) {
    return declare(cell.units(), n, Cell.features(cell, input), scope, bias);
  }

  /** The same for inputs of a given size. */
  static Gates declare(int units, int n, int inputs, Scope scope, @Nullable Initializer bias) {
    return new Gates(
        units,
        scope.parameter("W", Shape.of(inputs, n * units), Initializers.glorotUniform()),
        scope.parameter("R", Shape.of(units, n * units), Initializers.orthogonal()),
        bias == null ? null : scope.parameter("b", Shape.of(n * units), bias));
  }

  /** W x + b, [B,nH]. */
  Expr inputs(Expr x) {
    return b == null ? x.matmul(w) : x.matmul(w).plus(b);
  }

  /** W x + R h + b, [B,nH]. */
  Expr sum(Expr x, Expr h) {
    Expr sum = x.matmul(w).plus(h.matmul(r));
    return b == null ? sum : sum.plus(b);
  }

  /** The part of one gate, of whatever has the columns of all gates. */
  Expr of(Expr all, int gate) {
    return all.slice(-1, gate * units, (gate + 1) * units);
  }

  /** log σ(x) = −log(1 + exp(−x)), finite for any x. */
  static Expr logSigmoid(Expr x) {
    return Activation.SOFTPLUS.of(x.negate()).negate();
  }

  /** States [B,H] that begin at zero. */
  static List<Expr> zeros(int states, int units) {
    return Collections.nCopies(states, Expr.full(0, Shape.of(Shape.B, units)));
  }

  /** The common check of a cell. */
  static void requireUnits(String cell, int units) {
    requireSize(cell, "units", units);
  }

  /** The common check of a size. */
  static void requireSize(String cell, String name, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(cell + ": " + name + " must be at least 1, got " + size);
    }
  }

  /** The common check of a number of heads. */
  static void requireHeads(String cell, int units, int heads) {
    if (heads < 1 || units % heads != 0) {
      throw new IllegalArgumentException(
          cell + ": units must be a multiple of heads, got units " + units + " and heads " + heads);
    }
  }

  /** The common check of a limit to what goes into a function. */
  static void requireClip(String cell, double clip) {
    if (!(clip > 0)) {
      throw new IllegalArgumentException(cell + ": clip must be above 0, got " + clip);
    }
  }
}

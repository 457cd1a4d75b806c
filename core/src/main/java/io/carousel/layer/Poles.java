package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.expr.Simplify;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Functions of a sequence that are infinite somewhere, as log(x) and 1/x are at 0, which is what padding holds: what
 * such a function makes of a step that does not count must not reach a gradient, where 0 times it is no number.
 */
final class Poles {
  /** A number where functions seldom have a pole: not 0, not 1. */
  private static final double ANYWHERE = 0.625;

  private Poles() {}

  /**
   * What a function makes of each step of a sequence. Where it has a pole, or steps are skipped, the input is {@link
   * #ANYWHERE} at all steps that do not count.
   */
  static List<Expr> avoided(Signal x, Function<Expr, List<Expr>> function) {
    List<Expr> plain = function.apply(x.value());
    return x.read() == null && !has(plain, x.value()) ? plain
        : function.apply(Expr.select(x.mask(), x.value(), Expr.constant(ANYWHERE)));
  }

  /** True if something that is made of x may be infinite or have an infinite derivative. */
  private static boolean has(List<Expr> made, Expr x) {
    Set<Expr> of = Collections.newSetFromMap(new IdentityHashMap<>());
    of.add(x);
    for (Expr node : Expr.topological(made)) {
      if (node.args().stream().anyMatch(of::contains)) {
        of.add(node);
        Expr at = node.op() == Op.Unary.LOG || node.op() == Op.Unary.SQRT ? node.arg(0)
            : node.op() == Op.Binary.DIVIDE ? node.arg(1) : null;
        if (at != null && of.contains(at) && !isAbove(at)) {
          return true;
        }
      }
    }
    return false;
  }

  /** True for something plus a positive number, as an ε that is there against a pole, and for its root. */
  private static boolean isAbove(Expr node) {
    return node.op() == Op.Binary.ADD && Simplify.value(node.arg(1)) instanceof Double more && more > 0
        || (node.op() == Op.Unary.SQRT || node.op() instanceof Op.Broadcast) && isAbove(node.arg(0));
  }
}

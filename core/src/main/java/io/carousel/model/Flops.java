package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.layer.Signal;
import io.carousel.tensor.Shape;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Counts floating-point operations of the forward pass for one row and one time step, by the equations: a
 * multiplication and an addition of a product are two, and so are those of a contraction; each element of anything
 * elementwise is one, a function such as tanh as well; a sum or a maximum is one for each element that goes in, a
 * softmax four. What only moves numbers is none. What several layers need is counted at the first.
 */
final class Flops {
  private final Set<Expr> counted = Collections.newSetFromMap(new IdentityHashMap<>());

  /** The operations that these signals need beyond what has been counted. */
  long more(List<Signal> signals) {
    return of(signals.stream().map(Signal::value).toList(), counted);
  }

  private static long of(List<Expr> roots, Set<Expr> counted) {
    long sum = 0;
    for (Expr node : Expr.topological(roots)) {
      sum += counted.add(node) ? of(node) : 0;
    }
    return sum;
  }

  private static long of(Expr node) {
    return switch (node.op()) {
      case Op.Matmul _, Op.Contract _, Op.BatchMatmul _ -> 2 * count(node.arg(0)) * node.shape().size(-1);
      case Op.Unary _, Op.Binary _, Op.Select _ -> count(node);
      case Op.Sum _, Op.Max _ -> count(node.arg(0));
      case Op.Softmax _, Op.LogSumExp _ -> 4 * count(node.arg(0));
      case Op.Scan scan ->
          Shape.number(scan.steps(), 1, 1)
              * of(scan.body().roots(), Collections.newSetFromMap(new IdentityHashMap<>()));
      default -> 0;
    };
  }

  private static long count(Expr of) {
    return of.shape().count(1, 1);
  }
}

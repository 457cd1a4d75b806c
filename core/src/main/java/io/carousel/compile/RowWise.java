package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Whether the body of a loop computes each row of the batch from that row alone. If so, threads take
 * rows through all steps without waiting for each other; if not, one thread does the whole loop.
 *
 * <p>Cells do. What does not are sums over the batch, and values that are the same for all rows but
 * are computed anew in each step.
 */
final class RowWise {
  /** What a step finds in place: numbers, captured values, elements without rows, and views of them. */
  private final Set<Expr> given = Collections.newSetFromMap(new IdentityHashMap<>());

  private RowWise() {}

  /** True if the next states and outputs can be computed row by row. */
  static boolean holds(List<Expr> roots) {
    RowWise check = new RowWise();
    for (Expr node : Graph.topological(roots)) {
      if (check.isGiven(node)) {
        check.given.add(node);
      } else if (!hasRows(node) || !check.keepsRows(node)) {
        return false;
      }
    }
    return roots.stream().allMatch(RowWise::hasRows);
  }

  private boolean isGiven(Expr node) {
    if (Simplify.value(node) != null) {
      return true;
    }
    return switch (node.op()) {
      case Op.Placeholder p -> p.role() == Op.Role.CAPTURED || (p.role() == Op.Role.ELEMENT && !mentionsRows(node));
      // Not a reshape, which may have to copy.
      case Op.Slice s -> given.contains(node.arg(0));
      case Op.Every e -> given.contains(node.arg(0));
      case Op.Transpose t -> given.contains(node.arg(0));
      case Op.Broadcast b -> given.contains(node.arg(0)) && !hasRows(node);
      default -> false;
    };
  }

  /** True for [B,…] without another axis of size B. */
  private static boolean hasRows(Expr node) {
    Shape shape = node.shape();
    if (shape.rank() == 0 || shape.size(0) != Shape.B) {
      return false;
    }
    for (int axis = 1; axis < shape.rank(); axis++) {
      if (shape.size(axis) == Shape.B) {
        return false;
      }
    }
    return true;
  }

  private static boolean mentionsRows(Expr node) {
    for (int size : node.shape().sizes()) {
      if (size == Shape.B) {
        return true;
      }
    }
    return false;
  }

  /** True if a node with rows has each of them from the same row of its operands. */
  private boolean keepsRows(Expr node) {
    return switch (node.op()) {
      case Op.Unary u -> true;
      case Op.Binary b -> true;
      case Op.Select s -> true;
      case Op.Placeholder p -> true;
      case Op.Matmul m -> node.arg(0).shape().rank() > 1 && given.contains(node.arg(1)) && !mentionsRows(node.arg(1));
      case Op.BatchMatmul b -> true;
      case Op.Reshape r -> hasRows(node.arg(0));
      case Op.Transpose t -> t.order().getFirst() == 0;
      case Op.Slice s -> s.axis() != 0;
      case Op.Pad p -> p.axis() != 0;
      case Op.Every e -> e.axis() != 0;
      case Op.Spread s -> s.axis() != 0;
      case Op.Concat c -> c.axis() != 0;
      case Op.Broadcast b -> node.arg(0).shape().rank() == node.shape().rank() || !mentionsRows(node.arg(0));
      case Op.Sum s -> true;
      case Op.Max m -> true;
      case Op.Softmax s -> node.shape().rank() > 1;
      case Op.LogSumExp l -> true;
      default -> false;
    };
  }
}

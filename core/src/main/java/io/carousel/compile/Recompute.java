package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives each user its own copy of what costs less to compute again than to store: one operation on something that
 * lies in memory anyway and something small. Where users come together in one loop, it is computed once again.
 */
final class Recompute {
  private Recompute() {}

  static List<Expr> recompute(List<Expr> roots) {
    Map<Expr, List<Expr>> users = new IdentityHashMap<>();
    List<Expr> order = Graph.topological(roots);
    for (Expr node : order) {
      node.args().forEach(arg -> users.computeIfAbsent(arg, n -> new ArrayList<>()).add(node));
    }
    Set<Expr> results = Collections.newSetFromMap(new IdentityHashMap<>());
    results.addAll(roots);
    Map<Expr, Expr> done = new IdentityHashMap<>();
    Set<Expr> copied = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Expr node : order) {
      List<Expr> args = new ArrayList<>();
      for (Expr arg : node.args()) {
        Expr now = done.get(arg);
        args.add(copied.contains(arg) ? Expr.binary((Op.Binary) now.op(), now.arg(0), now.arg(1)) : now);
      }
      done.put(node, node.withArgs(args));
      if (!results.contains(node) && isCheap(node, users) && users.get(node).stream().allMatch(Recompute::isLoopWork)) {
        copied.add(node);
      }
    }
    return roots.stream().map(done::get).toList();
  }

  private static boolean isLoopWork(Expr user) {
    return user.op().isElementwise() || user.op() instanceof Op.Sum;
  }

  private static boolean isCheap(Expr node, Map<Expr, List<Expr>> users) {
    boolean one = node.op() == Op.Binary.ADD || node.op() == Op.Binary.SUBTRACT || node.op() == Op.Binary.MULTIPLY;
    if (!one || !isLarge(node.shape()) || users.getOrDefault(node, List.of()).size() < 2) {
      return false;
    }
    return (isStored(node.arg(0), users) && isSmall(node.arg(1))) || (isStored(node.arg(1), users) && isSmall(node.arg(0)));
  }

  /** True for a sequence of vectors: more than a cache holds. */
  private static boolean isLarge(Shape shape) {
    return shape.rank() > 1 && shape.size(0) == Shape.T && shape.size(-1) > 1;
  }

  /** True for what is in memory for another reason; a product may else be computed by the sum that it is in. */
  private static boolean isStored(Expr node, Map<Expr, List<Expr>> users) {
    return switch (node.op()) {
      case Op.Input i -> true;
      case Op.Part p -> true;
      case Op.Matmul m -> users.getOrDefault(node, List.of()).size() > 1;
      default -> false;
    };
  }

  private static boolean isSmall(Expr node) {
    return Simplify.value(node) != null || node.op() instanceof Op.Broadcast;
  }
}

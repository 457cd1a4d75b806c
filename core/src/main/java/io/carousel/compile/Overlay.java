package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a loop can write its kept outputs to: a sequence that nobody reads but the products
 * that start from it. What depends on those products is written when the element has been read, to
 * lines that are in the cache already.
 */
final class Overlay {
  private final @Nullable View sequence;
  private final Set<Expr> after;
  private int used; // columns of the sequence

  private Overlay(@Nullable View sequence, Set<Expr> after) {
    this.sequence = sequence;
    this.after = after;
  }

  /** The first sequence of a scan that suits, or an overlay without room. */
  static Overlay of(Lowering block, Expr scan, List<Expr> roots) {
    Map<Expr, Integer> uses = Graph.uses(roots);
    List<Expr> order = Graph.topological(roots);
    for (int e = 0; e < Scans.elements(scan).size(); e++) {
      View view = spent(block, scan.arg(e));
      int number = e;
      List<Expr> readers =
          order.stream().filter(n -> n.args().stream().anyMatch(a -> isElement(a, number))).toList();
      if (view != null && !readers.isEmpty() && readers.stream().allMatch(n -> startsProduct(n, number, uses))) {
        // Only what depends on every reader is surely written when all have read.
        Set<Expr> after = dependents(readers.getFirst(), order);
        readers.forEach(reader -> after.retainAll(dependents(reader, order)));
        return new Overlay(view, after);
      }
    }
    return new Overlay(null, Set.of());
  }

  /** Where a computed sequence lies that has one user, or null. */
  private static @Nullable View spent(Lowering block, Expr outer) {
    boolean own =
        block.levels().isHeavy(outer) && !(outer.op() instanceof Op.Part) && outer.shape().rank() == 3
            && block.levels().users(outer).size() == 1 && block.targets(outer).isEmpty();
    View view = own ? block.view(outer) : null;
    return view != null && view.buffer().kind() == Buffer.Kind.WORK && view.isDense() ? view : null;
  }

  /** The node and all that depends on it. */
  private static Set<Expr> dependents(Expr on, List<Expr> order) {
    Set<Expr> found = Collections.newSetFromMap(new IdentityHashMap<>());
    found.add(on);
    for (Expr node : order) {
      if (node.args().stream().anyMatch(found::contains)) {
        found.add(node);
      }
    }
    return found;
  }

  private static boolean isElement(Expr node, int number) {
    return node.op() instanceof Op.Placeholder p && p.role() == Op.Role.ELEMENT && p.number() == number
        && p.scope() == 0;
  }

  private static boolean startsProduct(Expr node, int number, Map<Expr, Integer> uses) {
    return node.op() == Op.Binary.ADD && node.arg(0).op() instanceof Op.Matmul
        && uses.getOrDefault(node.arg(0), 0) == 1 && isElement(node.arg(1), number);
  }

  /** The place for a kept output, or null if it does not depend on the products or there is no room. */
  @Nullable View place(Expr output) {
    int width = output.shape().rank() == 2 ? output.shape().size(1) : -1;
    if (sequence == null || width < 1 || !after.contains(output) || !output.op().isElementwise()
        || used + width > sequence.shape().size(2)) {
      return null;
    }
    used += width;
    return sequence.slice(2, used - width, used);
  }
}

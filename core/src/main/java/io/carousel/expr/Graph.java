package io.carousel.expr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Walks and rewrites of expression graphs. */
public final class Graph {
  private Graph() {}

  /** The nodes that {@code roots} are made of, operands before users; bodies are not entered. */
  public static List<Expr> topological(List<Expr> roots) {
    List<Expr> order = new ArrayList<>();
    Map<Expr, Boolean> state = new IdentityHashMap<>(); // false: entered, true: done
    Deque<Expr> stack = new ArrayDeque<>();
    for (int i = roots.size() - 1; i >= 0; i--) {
      stack.push(roots.get(i));
    }
    while (!stack.isEmpty()) {
      Expr node = stack.peek();
      Boolean done = state.get(node);
      if (done == null) {
        state.put(node, false);
        for (int i = node.args().size() - 1; i >= 0; i--) {
          if (!state.containsKey(node.arg(i))) {
            stack.push(node.arg(i));
          }
        }
      } else {
        stack.pop();
        if (!done) {
          state.put(node, true);
          order.add(node);
        }
      }
    }
    return order;
  }

  /**
   * Rebuilds {@code roots} bottom up. {@code rule} gets each node with its operands already
   * rewritten and answers what shall stand in its place: the node itself, or another one of the
   * same shape.
   */
  public static List<Expr> rewrite(List<Expr> roots, Function<Expr, Expr> rule) {
    Map<Expr, Expr> done = new IdentityHashMap<>();
    return rewrite(roots, done, rule);
  }

  /** The same, with a map of what is already known, which is added to. */
  public static List<Expr> rewrite(List<Expr> roots, Map<Expr, Expr> done, Function<Expr, Expr> rule) {
    for (Expr node : topological(roots)) {
      if (!done.containsKey(node)) {
        List<Expr> args = new ArrayList<>(node.args().size());
        for (Expr arg : node.args()) {
          args.add(done.get(arg));
        }
        done.put(node, rule.apply(node.withArgs(args)));
      }
    }
    List<Expr> result = new ArrayList<>(roots.size());
    for (Expr root : roots) {
      result.add(done.get(root));
    }
    return result;
  }

  /** How many operand slots and roots name each node. */
  public static Map<Expr, Integer> uses(List<Expr> roots) {
    Map<Expr, Integer> uses = new IdentityHashMap<>();
    for (Expr node : topological(roots)) {
      for (Expr arg : node.args()) {
        uses.merge(arg, 1, Integer::sum);
      }
    }
    for (Expr root : roots) {
      uses.merge(root, 1, Integer::sum);
    }
    return uses;
  }
}

package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.expr.Simplify;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes loops of the elementwise work of a level: all of one shape goes into one loop, as far as a kernel
 * holds it, and only what somebody outside the loop needs is stored.
 */
final class Fusion {
  /** More operations than this in one loop make methods that the JIT compiles badly or never. */
  private static final int BUDGET = 60;

  private final Lowering block;
  private final Levels levels;

  private Fusion(Lowering block) {
    this.block = block;
    this.levels = block.levels();
  }

  /** Adds the loops of a level to the stages of its block. */
  static void lower(Lowering block, List<Expr> order, int level) {
    new Fusion(block).level(order, level);
  }

  /** What makes two nodes of a loop one: copies meet here that were made for two users. */
  private record Same(Op op, List<Expr> args) {}

  private void level(List<Expr> order, int level) {
    Map<Levels.Kind, List<Expr>> groups = new LinkedHashMap<>();
    for (Expr node : order) {
      if (levels.level(node) == level && levels.isLoopWork(node)) {
        groups.computeIfAbsent(levels.kind(node), k -> new ArrayList<>()).add(node);
      }
    }
    for (List<Expr> group : groups.values()) {
      List<Expr> chunk = new ArrayList<>();
      int cost = 0;
      for (Expr node : group) {
        int own = cost(node);
        if (cost + own > BUDGET && !chunk.isEmpty()) {
          loop(chunk);
          chunk.clear();
          cost = 0;
        }
        chunk.add(node);
        cost += own;
      }
      loop(chunk);
    }
  }

  private static int cost(Expr node) {
    return node.op() instanceof Op.Unary u
        ? switch (u) {
          case EXP, LOG -> 12;
          case TANH, SIGMOID -> 10;
          case NEGATE, SQRT, ABS -> 1;
        }
        : 1;
  }

  /** One loop for a chunk of nodes of one kind and level. */
  private void loop(List<Expr> chunk) {
    Set<Expr> inside = Collections.newSetFromMap(new IdentityHashMap<>());
    inside.addAll(chunk);
    Map<Expr, Expr> replaced = new IdentityHashMap<>();
    Map<Same, Expr> same = new HashMap<>();
    Map<View, Expr> operands = new HashMap<>();
    List<View> inputs = new ArrayList<>();
    List<Expr> roots = new ArrayList<>();
    List<View> outputs = new ArrayList<>();
    Map<Expr, View> made = new IdentityHashMap<>();
    List<Expr> sums = new ArrayList<>();
    List<Expr> late = new ArrayList<>(); // sums that this loop cannot make
    boolean lines =
        chunk.stream().filter(node -> !levels.isTotal(node)).flatMap(node -> block.targets(node).stream())
            .allMatch(Fusion::isLine);
    for (Expr node : chunk) {
      if (levels.isTotal(node)) {
        (lines && inside.contains(node.arg(0)) ? sums : late).add(node);
      }
    }
    inside.removeAll(late);
    for (Expr node : chunk) {
      if (levels.isTotal(node)) {
        continue;
      }
      List<Expr> args = new ArrayList<>();
      for (Expr arg : node.args()) {
        if (inside.contains(arg)) {
          args.add(replaced.get(arg));
        } else if (Simplify.value(arg) != null) {
          args.add(arg);
        } else {
          View view = steady(block.view(arg));
          args.add(
              operands.computeIfAbsent(
                  view,
                  v -> {
                    inputs.add(v);
                    return Expr.placeholder(Op.Role.ELEMENT, inputs.size() - 1, node.shape());
                  }));
        }
      }
      Expr inner = same.computeIfAbsent(new Same(node.op(), args), s -> node.withArgs(args));
      replaced.put(node, inner);
      List<View> wanted = block.targets(node);
      boolean stored = !wanted.isEmpty();
      for (Expr user : levels.users(node)) {
        stored |= !inside.contains(user);
      }
      if (stored) {
        for (View out : wanted.isEmpty() ? List.of(block.fresh(node)) : wanted) {
          roots.add(inner);
          outputs.add(out);
          made.putIfAbsent(node, out);
        }
      }
    }
    List<Stage.Total> totals = new ArrayList<>();
    for (Expr sum : sums) {
      Expr root = Objects.requireNonNull(replaced.get(sum.arg(0)));
      if (!roots.contains(root)) {
        roots.add(root); // only summed
      }
      boolean columns = levels.kind(sum).columns();
      View out = block.place(sum, view -> !columns || isLine(view));
      totals.add(new Stage.Total(roots.indexOf(root), columns, out));
    }
    if (!roots.isEmpty()) {
      block.add(
          new Stage.Elementwise(List.copyOf(inputs), List.copyOf(roots), List.copyOf(outputs), List.copyOf(totals)));
    }
    made.forEach(block::place);
    sums.forEach(block::finish);
    late.forEach(block::sum);
  }

  private static boolean isLine(View view) {
    return view.shape().rank() == 0 || view.step(-1).equals(Extent.ONE) || view.shape().size(-1) == 1;
  }

  /** A view whose last axis can be walked in a loop: step 0 or 1. */
  private View steady(View view) {
    for (int axis = view.shape().rank() - 1; axis >= 0; axis--) {
      if (view.shape().size(axis) != 1) {
        Extent step = view.step(axis);
        return step.equals(Extent.ONE) || step.equals(Extent.ZERO) ? view : block.copied(view);
      }
    }
    return view;
  }
}

package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves products out of loops: what a step computes from its elements alone is computed for all
 * steps before the loop, and what no state needs, after it.
 *
 * <p>Sums are regrouped for it: of {@code x·W + h·R + b}, the part {@code x·W + b} leaves the loop
 * and the product that stays starts from it.
 */
final class Hoist {
  private final Expr scan;
  private final Op.Body body;
  private final int steps;
  private final List<Expr> args;
  private final Set<Expr> onElements = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Expr> onStates = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Expr> heavy = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Expr, Expr> lifted = new IdentityHashMap<>();

  private Hoist(Expr scan) {
    this.scan = scan;
    this.body = Scans.of(scan).body();
    this.steps = Scans.of(scan).steps();
    this.args = scan.args();
  }

  static List<Expr> hoist(List<Expr> roots) {
    // An output that is computed after the loop stands for the part it replaces.
    Map<Expr, Map<Integer, Expr>> after = new IdentityHashMap<>();
    Map<Expr, Expr> done = new IdentityHashMap<>();
    for (Expr node : Graph.topological(roots)) {
      Expr now = node.withArgs(node.args().stream().map(done::get).toList());
      if (node.op() instanceof Op.Scan) {
        Expr before = new Hoist(now).before();
        Map<Integer, Expr> outputs = new java.util.HashMap<>();
        done.put(node, after(before, outputs));
        after.put(node, outputs);
      } else if (node.op() instanceof Op.Part part) {
        done.put(node, after.getOrDefault(node.arg(0), Map.of()).getOrDefault(part.number(), now.arg(0).part(part.number())));
      } else {
        done.put(node, now);
      }
    }
    return roots.stream().map(done::get).toList();
  }

  // ---- before the loop ---------------------------------------------------------------------

  private Expr before() {
    mark(body.roots());
    List<Expr> regrouped = regroup();
    onElements.clear();
    onStates.clear();
    heavy.clear();
    mark(regrouped);

    List<Expr> sequences = new ArrayList<>(Scans.elements(scan));
    List<Shape> shapes = new ArrayList<>(body.elements());
    Map<Expr, Expr> replaced = new IdentityHashMap<>();
    for (Expr node : frontier(regrouped)) {
      replaced.put(node, Expr.placeholder(Op.Role.ELEMENT, sequences.size(), node.shape()));
      sequences.add(lift(node));
      shapes.add(node.shape());
    }
    if (replaced.isEmpty()) {
      return scan;
    }
    List<Expr> roots = Graph.rewrite(regrouped, replaced, node -> node);
    sequences.addAll(args.subList(body.elements().size(), args.size()));
    Op.Scan op = Scans.of(scan);
    int states = body.states().size();
    Op.Body smaller =
        new Op.Body(
            shapes, body.states(), body.captured(), roots.subList(0, states), roots.subList(states, roots.size()));
    return Scans.of(op.with(smaller, op.kept()), sequences);
  }

  private void mark(List<Expr> roots) {
    for (Expr node : Graph.topological(roots)) {
      if (node.op() instanceof Op.Placeholder p && p.scope() == 0) {
        switch (p.role()) {
          case ELEMENT -> onElements.add(node);
          case STATE -> onStates.add(node);
          case CAPTURED -> {}
        }
      }
      for (Expr arg : node.args()) {
        if (onElements.contains(arg)) {
          onElements.add(node);
        }
        if (onStates.contains(arg) || !isLiftable(node)) {
          onStates.add(node);
        }
        if (heavy.contains(arg)) {
          heavy.add(node);
        }
      }
      if (node.op() instanceof Op.Matmul) {
        heavy.add(node);
      }
    }
  }

  /** True for a node that can leave the loop and is worth it. */
  private boolean leaves(Expr node) {
    return onElements.contains(node) && !onStates.contains(node) && heavy.contains(node);
  }

  private static boolean isLiftable(Expr node) {
    return node.op().isElementwise()
        || switch (node.op()) {
          case Op.Matmul m -> node.arg(1).op() instanceof Op.Placeholder p && p.role() == Op.Role.CAPTURED;
          case Op.Slice s -> true;
          case Op.Reshape r -> true;
          case Op.Broadcast b -> true;
          case Op.Concat c -> true;
          default -> node.args().isEmpty();
        };
  }

  /** The nodes that leave and are used by one that stays. */
  private List<Expr> frontier(List<Expr> roots) {
    List<Expr> found = new ArrayList<>();
    for (Expr node : Graph.topological(roots)) {
      if (!leaves(node)) {
        for (Expr arg : node.args()) {
          if (leaves(arg) && !found.contains(arg)) {
            found.add(arg);
          }
        }
      }
    }
    for (Expr root : roots) {
      if (leaves(root) && !found.contains(root)) {
        found.add(root);
      }
    }
    return found;
  }

  /** In each sum, brings together the terms that leave and those that are the same at every step. */
  private List<Expr> regroup() {
    Map<Expr, Integer> uses = Graph.uses(body.roots());
    Map<Expr, Expr> done = new IdentityHashMap<>();
    Set<Expr> inner = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Expr node : Graph.topological(body.roots())) {
      for (Expr arg : node.args()) {
        if (node.op() == Op.Binary.ADD && arg.op() == Op.Binary.ADD && uses.getOrDefault(arg, 0) == 1) {
          inner.add(arg);
        }
      }
    }
    for (Expr node : Graph.topological(body.roots())) {
      if (node.op() == Op.Binary.ADD && !inner.contains(node)) {
        List<Expr> terms = new ArrayList<>();
        terms(node, inner, terms);
        if (terms.stream().anyMatch(this::leaves) && terms.stream().anyMatch(onStates::contains)) {
          done.put(node, regroup(terms, done));
          continue;
        }
      }
      done.put(node, node.withArgs(node.args().stream().map(done::get).toList()));
    }
    return body.roots().stream().map(done::get).toList();
  }

  private static void terms(Expr sum, Set<Expr> inner, List<Expr> into) {
    for (Expr arg : sum.args()) {
      if (inner.contains(arg)) {
        terms(arg, inner, into);
      } else {
        into.add(arg);
      }
    }
  }

  private Expr regroup(List<Expr> terms, Map<Expr, Expr> done) {
    List<Expr> leaving = new ArrayList<>();
    List<Expr> same = new ArrayList<>();
    List<Expr> staying = new ArrayList<>();
    for (Expr term : terms) {
      boolean outer = !onElements.contains(term) && !onStates.contains(term);
      (leaves(term) ? leaving : outer ? same : staying).add(done.get(term));
    }
    leaving.addAll(same);
    Expr start = leaving.getFirst();
    for (Expr term : leaving.subList(1, leaving.size())) {
      start = start.plus(term);
    }
    Expr total = staying.getFirst().plus(start);
    for (Expr term : staying.subList(1, staying.size())) {
      total = total.plus(term);
    }
    return total;
  }

  /** The node for all steps at once: its shape gets the time axis in front. */
  private Expr lift(Expr node) {
    Expr known = lifted.get(node);
    if (known != null) {
      return known;
    }
    Expr made;
    if (node.op() instanceof Op.Placeholder p) {
      made = p.role() == Op.Role.ELEMENT ? args.get(p.number()) : Scans.captured(scan).get(p.number());
    } else if (!onElements.contains(node)) {
      made = Simplify.value(node) instanceof Double v ? Expr.constant(v) : node.withArgs(node.args().stream().map(this::lift).toList());
    } else {
      Shape shape = node.shape().insert(0, steps);
      made =
          switch (node.op()) {
            case Op.Unary op -> Expr.unary(op, lift(node.arg(0)));
            case Op.Binary op -> Expr.binary(op, lift(node.arg(0)), lift(node.arg(1)));
            case Op.Select s -> Expr.select(lift(node.arg(0)), lift(node.arg(1)), lift(node.arg(2)));
            case Op.Matmul m -> lift(node.arg(0)).matmul(lift(node.arg(1)));
            case Op.Slice s -> lift(node.arg(0)).slice(s.axis() + 1, s.from(), s.to());
            case Op.Reshape r -> lift(node.arg(0)).reshape(shape);
            case Op.Broadcast b -> {
              // An axis that the broadcast adds comes between the time and the rest.
              Expr inner = lift(node.arg(0));
              int missing = shape.rank() - inner.shape().rank();
              Shape wide = inner.shape();
              for (int i = 0; i < missing; i++) {
                wide = wide.insert(1, 1);
              }
              yield inner.reshape(wide).broadcast(shape);
            }
            case Op.Concat c ->
                Expr.concat(
                    c.axis() + 1,
                    node.args().stream().map(a -> lift(a).broadcast(a.shape().insert(0, steps))).toList());
            default -> throw new IllegalStateException("compile: " + node.op().word() + " cannot leave the loop");
          };
      made = made.broadcast(shape);
    }
    lifted.put(node, made);
    return made;
  }

  // ---- after the loop ----------------------------------------------------------------------

  /** Outputs that are products of something the loop computes with a captured matrix. */
  private static Expr after(Expr scan, Map<Integer, Expr> outputs) {
    Op.Scan op = Scans.of(scan);
    Op.Body body = op.body();
    Map<Expr, Integer> uses = Graph.uses(body.roots());
    List<Expr> ys = new ArrayList<>(body.ys());
    List<int[]> moved = new ArrayList<>();
    for (int k = 0; k < Math.min(op.kept(), body.ys().size()); k++) {
      Expr y = body.ys().get(k);
      boolean alone = uses.getOrDefault(y, 0) == 1 && y.op() instanceof Op.Matmul;
      if (alone && y.arg(1).op() instanceof Op.Placeholder p && p.role() == Op.Role.CAPTURED) {
        // Where the left side is an output already, this one is left without a user and goes.
        int same = body.ys().indexOf(y.arg(0));
        ys.set(k, y.arg(0));
        moved.add(new int[] {k, same >= 0 && same < op.kept() ? same : k, p.number()});
      }
    }
    if (moved.isEmpty()) {
      return scan;
    }
    Expr changed = Scans.rebuild(scan, scan.args(), body.nexts(), ys, op.kept());
    for (int[] move : moved) {
      outputs.put(move[0], changed.part(move[1]).matmul(Scans.captured(scan).get(move[2])));
    }
    return changed;
  }
}

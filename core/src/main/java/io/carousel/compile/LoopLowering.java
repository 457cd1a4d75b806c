package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a scan into a loop of stages: gives its states and outputs their places, and lowers its body.
 *
 * <p>A state whose history is wanted lies in a buffer with one slot more than there are steps; any other
 * state has two places that take turns. What the body computes is written to these places directly.
 */
final class LoopLowering {
  private final Lowering block;
  private final Expr scan;
  private final Op.Scan op;
  private final Op.Body body;
  private final Map<Integer, Expr> parts = new HashMap<>();
  private final List<Expr> roots; // next states, then outputs
  private final List<Stage.State> states = new ArrayList<>();
  private final Map<Expr, List<View>> wanted = new IdentityHashMap<>();

  private LoopLowering(Lowering block, Expr scan) {
    this.block = block;
    this.scan = scan;
    this.op = Scans.of(scan);
    this.body = op.body();
    for (Expr user : block.levels().users(scan)) {
      parts.put(((Op.Part) user.op()).number(), user);
    }
    // Elements and captured values that are one number become that number.
    roots =
        Graph.rewrite(
            body.roots(),
            node -> {
              if (!(node.op() instanceof Op.Placeholder p) || p.role() == Op.Role.STATE) {
                return node;
              }
              return Simplify.value(outer(p)) instanceof Double number ? Expr.full(number, node.shape()) : node;
            });
  }

  /** Adds the stages of a scan to those of the block that it is in. */
  static void lower(Lowering block, Expr scan) {
    new LoopLowering(block, scan).lower();
  }

  private Expr outer(Op.Placeholder p) {
    return p.role() == Op.Role.ELEMENT ? scan.arg(p.number()) : Scans.captured(scan).get(p.number());
  }

  private void lower() {
    for (int i = 0; i < body.states().size(); i++) {
      state(i);
    }
    List<View> outputs = outputs();
    Lowering inner = block.inner();
    for (Expr node : Graph.topological(roots)) {
      if (node.op() instanceof Op.Placeholder p && p.scope() == 0) {
        inner.place(
            node,
            switch (p.role()) {
              case ELEMENT -> block.view(outer(p)).now();
              case STATE -> states.get(p.number()).before();
              case CAPTURED -> block.view(outer(p));
            });
      }
    }
    inner.run(roots, wanted);
    Expr lengths = Scans.lengths(scan);
    block.add(
        new Stage.Loop(
            op.steps(), op.reverse(), !RowWise.holds(roots), lengths == null ? null : block.view(lengths), List.copyOf(states),
            outputs, inner.stages()));
    parts.forEach(
        (number, part) -> {
          List<View> places = number < body.ys().size() ? block.targets(part) : List.of();
          for (int i = 1; i < places.size(); i++) {
            block.copy(places.getFirst(), places.get(i));
          }
        });
  }

  private void state(int i) {
    Shape shape = body.states().get(i);
    Expr history = parts.get(Scans.history(scan, i));
    Expr last = parts.get(Scans.lastState(scan, i));
    Extent slot = Extent.count(shape);
    View before;
    View after;
    if (history != null) {
      // Slot t holds the state before step t, or after it in reverse.
      Buffer buffer = block.buffer(slot.times(op.steps()).plus(slot));
      View first = slot(buffer, Extent.ZERO, shape, View.Slot.TIME);
      View second = slot(buffer, slot, shape, View.Slot.TIME);
      before = op.reverse() ? second : first;
      after = op.reverse() ? first : second;
      block.place(history, allOf(before));
    } else {
      Buffer buffer = block.buffer(slot.scaled(2));
      before = slot(buffer, Extent.ZERO, shape, View.Slot.OLD);
      after = slot(buffer, Extent.ZERO, shape, View.Slot.NEW);
    }
    View end = null;
    if (last != null) {
      end = block.fresh(last);
      block.place(last, end);
    }
    states.add(new Stage.State(block.view(Scans.initials(scan).get(i)), before, after, end));
    wanted.computeIfAbsent(roots.get(i), r -> new ArrayList<>()).add(after);
  }

  private static View slot(Buffer buffer, Extent offset, Shape shape, View.Slot slot) {
    return new View(buffer, offset, shape, View.denseSteps(shape), slot, Extent.count(shape));
  }

  /** What a view in a history is at all steps. */
  private View allOf(View now) {
    Shape all = now.shape().insert(0, op.steps());
    return new View(now.buffer(), now.offset(), all, View.denseSteps(all), View.Slot.NONE, Extent.ZERO);
  }

  /** Gives the outputs their places; answers those that must be zero at masked places. */
  private List<View> outputs() {
    List<View> outputs = new ArrayList<>();
    Overlay overlay = Overlay.of(block, scan, roots);
    for (int k = 0; k < body.ys().size(); k++) {
      Expr part = parts.get(k);
      if (part == null) {
        continue;
      }
      Expr root = roots.get(body.states().size() + k);
      boolean zeros = op.masked() && k < op.kept();
      List<View> places = block.targets(part);
      View stored = zeros || !places.isEmpty() ? null : storedAs(root);
      if (stored != null) {
        block.place(part, stored);
        continue;
      }
      View spent = places.isEmpty() && k >= op.kept() ? overlay.place(root) : null;
      View sequence = spent != null ? spent : places.isEmpty() ? block.fresh(part) : places.getFirst();
      block.place(part, sequence);
      wanted.computeIfAbsent(root, r -> new ArrayList<>()).add(sequence.now());
      if (zeros) {
        outputs.add(sequence.now());
      }
    }
    return List.copyOf(outputs);
  }

  /** All states after their steps, if the output is such a state and its history is stored. */
  private @Nullable View storedAs(Expr output) {
    int i = roots.subList(0, states.size()).indexOf(output);
    return i < 0 || states.get(i).after().slot() != View.Slot.TIME ? null : allOf(states.get(i).after());
  }
}

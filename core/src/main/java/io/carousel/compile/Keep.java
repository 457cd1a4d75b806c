package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keep or recompute: what the forward scan shall store for its derivative.
 *
 * <p>A derivative's body recomputes the whole forward step. What it needs of that, and could not have
 * cheaply from what is stored anyway, the elements and the states, becomes an output of the forward
 * scan. Products and the functions of them are kept; sums, products of elements, and one
 * transcendental function of something stored are recomputed, since memory costs more.
 */
final class Keep {
  private Keep() {}

  /** A node by what it computes. */
  private record Key(Op op, List<Expr> args, Shape shape) {}

  static List<Expr> keep(List<Expr> roots) {
    List<Expr> result = roots;
    Set<Op.Body> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (boolean again = true; again; ) {
      again = false;
      for (Expr node : Graph.topological(result)) {
        if (node.op() instanceof Op.Scan scan && seen.add(scan.body())) {
          Expr forward = forwardOf(node);
          if (forward != null) {
            result = keep(result, forward, node, seen);
            again = true;
            break;
          }
        }
      }
    }
    return result;
  }

  /** The scan whose histories this one reads, or null. */
  private static @Nullable Expr forwardOf(Expr scan) {
    for (Expr element : Scans.elements(scan)) {
      if (historyOf(element) >= 0) {
        return element.arg(0);
      }
    }
    return null;
  }

  /** The number of the state whose history this is, or −1. */
  private static int historyOf(Expr element) {
    if (!(element.op() instanceof Op.Part part)) {
      return -1;
    }
    Op.Body body = Scans.of(element.arg(0)).body();
    return part.number() - body.ys().size() - body.states().size();
  }

  private static List<Expr> keep(List<Expr> roots, Expr forward, Expr reverse, Set<Op.Body> seen) {
    Op.Scan f = Scans.of(forward);
    Op.Scan r = Scans.of(reverse);
    Map<Expr, Expr> images = images(forward, reverse);
    Map<Expr, Expr> origins = new IdentityHashMap<>(); // in the reverse body → in the forward body
    images.forEach((from, to) -> origins.put(to, from));

    Map<Expr, Expr> kept = new LinkedHashMap<>(); // in the reverse body → in the forward body
    Set<Expr> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Expr> order = Graph.topological(r.body().roots());
    for (Expr node : order) {
      if (!origins.containsKey(node)) {
        for (Expr arg : node.args()) {
          if (origins.containsKey(arg)) {
            needed.add(arg);
          }
        }
      }
    }
    for (Expr root : r.body().roots()) {
      if (origins.containsKey(root)) {
        needed.add(root);
      }
    }
    // States after the step are stored already wherever their history is.
    Set<Expr> stored = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < f.body().states().size(); i++) {
      Expr image = images.get(f.body().nexts().get(i));
      for (Expr element : Scans.elements(reverse)) {
        if (image != null && historyOf(element) == i && element.arg(0) == forward) {
          stored.add(image);
        }
      }
    }
    Map<Expr, Boolean> available = new IdentityHashMap<>();
    for (Expr node : order) {
      if (!origins.containsKey(node)) {
        continue;
      }
      boolean there =
          isFree(node) || (isCheap(node) && node.args().stream().allMatch(a -> available.getOrDefault(a, false)));
      boolean rows = node.shape().rank() > 0 && node.shape().size(0) == Shape.B;
      if (!isFree(node) && rows && (stored.contains(node) || (needed.contains(node) && !there))) {
        kept.put(node, origins.get(node));
        there = true;
      }
      available.put(node, there);
    }
    if (kept.isEmpty()) {
      return roots;
    }
    List<Expr> ys = new ArrayList<>(f.body().ys());
    ys.addAll(kept.values());
    Expr fuller =
        Scans.rebuild(
            forward, forward.args(), f.body().nexts(), ys, Math.min(f.kept(), f.body().ys().size()));
    seen.add(Scans.of(fuller).body());

    int count = r.body().elements().size();
    List<Shape> shapes = new ArrayList<>(r.body().elements());
    Map<Expr, Expr> swapped = new IdentityHashMap<>();
    List<Integer> parts = new ArrayList<>();
    int number = f.body().ys().size();
    for (Expr node : kept.keySet()) {
      swapped.put(node, Expr.placeholder(Op.Role.ELEMENT, count + parts.size(), node.shape()));
      shapes.add(node.shape());
      parts.add(number++);
    }
    List<Expr> body = Graph.rewrite(r.body().roots(), swapped, node -> node);
    int states = r.body().states().size();
    Op.Body lighter =
        new Op.Body(
            shapes, r.body().states(), r.body().captured(), body.subList(0, states), body.subList(states, body.size()));
    seen.add(lighter);

    return replace(roots, forward, fuller, reverse, lighter, parts);
  }

  /** The program with the two scans exchanged. */
  private static List<Expr> replace(
      List<Expr> roots, Expr forward, Expr fuller, Expr reverse, Op.Body lighter, List<Integer> parts) {
    int ys = Scans.of(forward).body().ys().size();
    int more = Scans.of(fuller).body().ys().size() - ys;
    Map<Expr, Expr> done = new IdentityHashMap<>();
    for (Expr node : Graph.topological(roots)) {
      List<Expr> args = node.args().stream().map(done::get).toList();
      if (node == forward) {
        done.put(node, Scans.of(Scans.of(fuller), args));
      } else if (node.op() instanceof Op.Part part && node.arg(0) == forward) {
        done.put(node, args.getFirst().part(part.number() < ys ? part.number() : part.number() + more));
      } else if (node == reverse) {
        Op.Scan old = Scans.of(reverse);
        int elements = old.body().elements().size();
        List<Expr> longer = new ArrayList<>(args.subList(0, elements));
        Expr source = java.util.Objects.requireNonNull(done.get(forward));
        for (int part : parts) {
          longer.add(source.part(part));
        }
        longer.addAll(args.subList(elements, args.size()));
        done.put(node, Scans.of(old.with(lighter, old.kept()), longer));
      } else {
        done.put(node, node.withArgs(args));
      }
    }
    return roots.stream().map(done::get).toList();
  }

  private static boolean isFree(Expr node) {
    return node.op() instanceof Op.Placeholder || Simplify.value(node) != null;
  }

  private static boolean isCheap(Expr node) {
    return node.op().isElementwise()
        || node.op() instanceof Op.Slice || node.op() instanceof Op.Broadcast || node.op() instanceof Op.Reshape
        || node.op() instanceof Op.Transpose || node.op() instanceof Op.Every;
  }

  /** For each node of the forward body the node of the reverse body that recomputes it, if any does. */
  private static Map<Expr, Expr> images(Expr forward, Expr reverse) {
    Map<Key, Expr> table = new HashMap<>();
    for (Expr node : Graph.topological(Scans.of(reverse).body().roots())) {
      table.put(new Key(node.op(), node.args(), node.shape()), node);
    }
    Map<Expr, Expr> images = new IdentityHashMap<>();
    for (Expr node : Graph.topological(Scans.of(forward).body().roots())) {
      Expr image;
      if (node.op() instanceof Op.Placeholder p && p.scope() == 0) {
        image = image(p, node.shape(), forward, reverse);
        image = image == null ? null : table.get(new Key(image.op(), List.of(), image.shape()));
      } else {
        List<Expr> args = new ArrayList<>();
        for (Expr arg : node.args()) {
          if (images.get(arg) instanceof Expr known) {
            args.add(known);
          }
        }
        image = args.size() == node.args().size() ? table.get(new Key(node.op(), args, node.shape())) : null;
      }
      if (image != null) {
        images.put(node, image);
      }
    }
    return images;
  }

  private static @Nullable Expr image(Op.Placeholder p, Shape shape, Expr forward, Expr reverse) {
    List<Expr> elements = Scans.elements(reverse);
    int at =
        switch (p.role()) {
          case ELEMENT -> elements.indexOf(forward.arg(p.number()));
          case STATE -> {
            int found = -1;
            for (int i = 0; i < elements.size(); i++) {
              boolean history = historyOf(elements.get(i)) == p.number() && elements.get(i).arg(0) == forward;
              found = history ? i : found;
            }
            yield found;
          }
          case CAPTURED -> Scans.captured(reverse).indexOf(Scans.captured(forward).get(p.number()));
        };
    // A state of the forward step is an element of the reverse one.
    Op.Role role = p.role() == Op.Role.CAPTURED ? Op.Role.CAPTURED : Op.Role.ELEMENT;
    return at < 0 ? null : Expr.placeholder(role, at, shape);
  }
}

package io.carousel.expr;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds and reads scans.
 *
 * <p>The body is given as a function of the current elements and states. Whatever else it uses from
 * outside becomes a captured operand of the scan: the largest parts that do not depend on elements
 * or states, so that what is the same at every step is computed once, before the loop.
 */
public final class Scans {
  private static final AtomicInteger SCOPES = new AtomicInteger();

  private Scans() {}

  /** What one step computes: the next states and the outputs. */
  public record Step(List<Expr> nexts, List<Expr> ys) {}

  /**
   * A scan over time, or over any other first axis.
   *
   * @param elements sequences [T,…], or [n,…] of any one size n
   * @param initials states before the first step
   * @param lengths whole numbers [B], the steps of each row, or null if all rows have all
   * @param reverse true to run from the last step to the first
   * @param step the next states and outputs from the current elements and states
   */
  public static Expr scan(
      List<Expr> elements,
      List<Expr> initials,
      @Nullable Expr lengths,
      boolean reverse,
      BiFunction<List<Expr>, List<Expr>, Step> step) {
    int scope = SCOPES.incrementAndGet();
    List<Expr> current = new ArrayList<>();
    int steps = elements.isEmpty() || elements.getFirst().shape().rank() == 0 ? Shape.T
        : elements.getFirst().shape().size(0);
    for (int i = 0; i < elements.size(); i++) {
      Shape shape = elements.get(i).shape();
      if (elements.get(i).isInt() || shape.rank() < 1 || shape.size(0) != steps || steps == Shape.B) {
        throw new IllegalArgumentException(
            "scan: sequences must be floats [" + (steps == Shape.B ? "T" : Shape.text(steps)) + ",…], got "
                + elements.get(i).op().word() + " " + shape);
      }
      current.add(Expr.placeholder(Op.Role.ELEMENT, i, scope, shape.drop(0)));
    }
    List<Expr> states = new ArrayList<>();
    for (int i = 0; i < initials.size(); i++) {
      states.add(Expr.placeholder(Op.Role.STATE, i, scope, initials.get(i).shape()));
    }
    Step result = step.apply(current, states);
    return close(elements, initials, lengths, steps, reverse, scope, result);
  }

  /** A scan with the body of another, changed: new roots over the same placeholders. */
  public static Expr rebuild(
      Expr scan, List<Expr> args, List<Expr> nexts, List<Expr> ys, int kept) {
    Op.Scan old = of(scan);
    Op.Body body = old.body();
    return Expr.scan(
        old.with(new Op.Body(body.elements(), body.states(), body.captured(), nexts, ys), kept), args);
  }

  /** A scan of a body that is closed already. */
  public static Expr of(Op.Scan scan, List<Expr> args) {
    Op.Body body = scan.body();
    int expected = body.elements().size() + body.states().size() + body.captured().size() + (scan.masked() ? 1 : 0);
    if (args.size() != expected) {
      throw new IllegalArgumentException("scan: needs " + expected + " operands, got " + args.size());
    }
    return Expr.scan(scan, args);
  }

  public static Op.Scan of(Expr scan) {
    if (scan.op() instanceof Op.Scan found) {
      return found;
    }
    throw new IllegalArgumentException("scan: expected a scan, got " + scan.op().word());
  }

  public static List<Expr> elements(Expr scan) {
    return scan.args().subList(0, of(scan).body().elements().size());
  }

  public static List<Expr> initials(Expr scan) {
    int from = of(scan).body().elements().size();
    return scan.args().subList(from, from + of(scan).body().states().size());
  }

  public static List<Expr> captured(Expr scan) {
    int from = of(scan).body().elements().size() + of(scan).body().states().size();
    return scan.args().subList(from, from + of(scan).body().captured().size());
  }

  public static @Nullable Expr lengths(Expr scan) {
    return of(scan).masked() ? scan.args().getLast() : null;
  }

  /** The number of the last state {@code i} among the scan's parts. */
  public static int lastState(Expr scan, int i) {
    return of(scan).body().ys().size() + i;
  }

  /** The number of the history of state {@code i} (before each step) among the scan's parts. */
  public static int history(Expr scan, int i) {
    return of(scan).body().ys().size() + of(scan).body().states().size() + i;
  }

  static Shape shapeOfPart(Expr scan, int number) {
    Op.Body body = of(scan).body();
    int ys = body.ys().size();
    int states = body.states().size();
    if (number < 0 || number >= ys + 2 * states) {
      throw new IllegalArgumentException(
          "scan: has " + (ys + 2 * states) + " parts, there is no part " + number);
    }
    return number < ys
        ? body.ys().get(number).shape().insert(0, of(scan).steps())
        : number < ys + states
            ? body.states().get(number - ys)
            : body.states().get(number - ys - states).insert(0, of(scan).steps());
  }

  /** Turns the body's references to the outside into captured operands. */
  private static Expr close(
      List<Expr> elements,
      List<Expr> initials,
      @Nullable Expr lengths,
      int steps,
      boolean reverse,
      int scope,
      Step step) {
    List<Expr> roots = new ArrayList<>(step.nexts());
    roots.addAll(step.ys());
    Set<Expr> inner = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Expr> order = Graph.topological(roots);
    for (Expr node : order) {
      boolean own = node.op() instanceof Op.Placeholder p && p.scope() == scope;
      if (own || node.args().stream().anyMatch(inner::contains)) {
        inner.add(node);
      }
    }
    Map<Expr, Expr> replaced = new IdentityHashMap<>();
    List<Expr> captured = new ArrayList<>();
    for (Expr node : order) {
      if (node.op() instanceof Op.Placeholder p && p.scope() == scope) {
        replaced.put(node, Expr.placeholder(p.role(), p.number(), node.shape()));
      }
      for (Expr arg : node.args()) {
        if (inner.contains(node) && !inner.contains(arg)) {
          capture(arg, captured, replaced);
        }
      }
    }
    for (Expr root : roots) {
      if (!inner.contains(root)) {
        capture(root, captured, replaced);
      }
    }
    List<Expr> closed = new ArrayList<>();
    for (Expr node : order) {
      if (inner.contains(node) && !replaced.containsKey(node)) {
        replaced.put(node, node.withArgs(node.args().stream().map(replaced::get).toList()));
      }
    }
    for (Expr root : roots) {
      closed.add(java.util.Objects.requireNonNull(replaced.get(root)));
    }
    int states = step.nexts().size();
    List<Expr> args = new ArrayList<>(elements);
    args.addAll(initials);
    args.addAll(captured);
    if (lengths != null) {
      if (!lengths.isInt() || !lengths.shape().equals(Shape.of(Shape.B))) {
        throw new IllegalArgumentException(
            "scan: lengths must be whole numbers [B], got " + lengths.op().word() + " " + lengths.shape());
      }
      args.add(lengths);
    }
    Op.Body body =
        new Op.Body(
            elements.stream().map(e -> e.shape().drop(0)).toList(),
            initials.stream().map(Expr::shape).toList(),
            captured.stream().map(Expr::shape).toList(),
            closed.subList(0, states),
            closed.subList(states, closed.size()));
    return Expr.scan(new Op.Scan(body, steps, reverse, lengths != null, body.ys().size()), args);
  }

  private static void capture(Expr outer, List<Expr> captured, Map<Expr, Expr> replaced) {
    if (replaced.containsKey(outer)) {
      return;
    }
    if (isConstant(outer)) {
      replaced.put(outer, outer); // a number is no operand
      return;
    }
    replaced.put(outer, Expr.placeholder(Op.Role.CAPTURED, captured.size(), outer.shape()));
    captured.add(outer);
  }

  private static boolean isConstant(Expr node) {
    return node.op() instanceof Op.Constant
        || (node.op() instanceof Op.Broadcast && node.arg(0).op() instanceof Op.Constant);
  }
}

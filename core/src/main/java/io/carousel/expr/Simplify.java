package io.carousel.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Algebra, constants, common subexpressions, and what nobody uses.
 *
 * <p>Rewrites keep the value of every node exactly where arithmetic is exact (adding zero,
 * multiplying by one, moving elements). One sum is reordered: over one leading axis and then the
 * other becomes over both at once.
 */
public final class Simplify {
  /** A node by what it computes; operands are compared by identity, since they are unique already. */
  private record Key(Op op, List<Expr> args, io.carousel.tensor.Shape shape) {}

  private final Map<Key, Expr> unique = new HashMap<>();
  private final Map<Op.Body, Op.Body> bodies = new IdentityHashMap<>();

  private Simplify() {}

  /** The roots, simplified. */
  public static List<Expr> simplify(List<Expr> roots) {
    Simplify pass = new Simplify();
    return prune(Graph.rewrite(roots, pass::rule));
  }

  @SuppressWarnings("ReferenceEquality") // is it the same body still?
  private Expr rule(Expr node) {
    Expr simple = node;
    if (node.op() instanceof Op.Scan scan) {
      Op.Body body = bodies.computeIfAbsent(scan.body(), Simplify::simplifyBody);
      simple = body == scan.body() ? node
          : Scans.rebuild(node, node.args(), body.nexts(), body.ys(), scan.kept());
      // A body compares by identity, so that equal bodies must be one object: take the text's word.
      Op.Scan made = Scans.of(simple);
      return unique.computeIfAbsent(
          new Key(new Op.Parameter(text(made)), simple.args(), simple.shape()),
          bodyKey(simple));
    }
    for (Expr next = algebra(simple); next != simple; next = algebra(simple)) {
      simple = next;
    }
    Key key = new Key(simple.op(), simple.args(), simple.shape());
    Expr known = unique.putIfAbsent(key, simple);
    return known == null ? simple : known;
  }

  private static String text(Op.Scan scan) {
    Op.Body body = scan.body();
    return scan.word() + ' ' + scan.kept() + ' ' + body.elements() + body.states() + body.captured()
        + Printer.print(body.roots());
  }

  private static java.util.function.Function<Key, Expr> bodyKey(Expr scan) {
    return key -> scan;
  }

  private static Op.Body simplifyBody(Op.Body body) {
    List<Expr> roots = Graph.rewrite(body.roots(), new Simplify()::rule);
    int states = body.states().size();
    return roots.equals(body.roots()) ? body
        : new Op.Body(
            body.elements(), body.states(), body.captured(), roots.subList(0, states), roots.subList(states, roots.size()));
  }

  /** One step of algebra, or the node itself. */
  private Expr algebra(Expr node) {
    return switch (node.op()) {
      case Op.Binary.ADD -> add(node);
      case Op.Binary.SUBTRACT -> is(node.arg(1), 0) ? node.arg(0) : is(node.arg(0), 0) ? node.arg(1).negate() : node;
      case Op.Binary.MULTIPLY ->
          is(node.arg(0), 0) || is(node.arg(1), 1) ? node.arg(0)
              : is(node.arg(1), 0) || is(node.arg(0), 1) ? node.arg(1)
              : node;
      case Op.Binary.DIVIDE -> is(node.arg(1), 1) || is(node.arg(0), 0) ? node.arg(0) : node;
      case Op.Unary.NEGATE ->
          node.arg(0).op() == Op.Unary.NEGATE ? node.arg(0).arg(0)
              : is(node.arg(0), 0) ? node.arg(0) : node;
      case Op.Reshape r ->
          node.arg(0).shape().equals(node.shape()) ? node.arg(0)
              : node.arg(0).op() instanceof Op.Reshape ? node.arg(0).arg(0).reshape(node.shape())
              : value(node.arg(0)) instanceof Double v ? Expr.full(v, node.shape())
              : node;
      case Op.Transpose t ->
          isSorted(t.order()) ? node.arg(0)
              : node.arg(0).op() instanceof Op.Transpose inner && undoes(t, inner) ? node.arg(0).arg(0)
              : node;
      case Op.Broadcast b -> node.arg(0).shape().equals(node.shape()) ? node.arg(0) : node;
      case Op.Slice s ->
          value(node.arg(0)) instanceof Double v ? Expr.full(v, node.shape())
              : node.arg(0).op() instanceof Op.Concat c && c.axis() == s.axis() ? sliceOfConcat(node, s)
              : node;
      case Op.Pad p -> is(node.arg(0), 0) ? Expr.full(0, node.shape()) : node;
      case Op.Derived d -> node.arg(0);
      case Op.Flip f -> is(node.arg(0), 0) ? Expr.full(0, node.shape()) : node;
      case Op.Sum s -> is(node.arg(0), 0) ? Expr.full(0, node.shape()) : sumOfSum(node, s);
      default -> node;
    };
  }

  private static Expr add(Expr node) {
    Expr a = node.arg(0);
    Expr b = node.arg(1);
    if (is(a, 0)) {
      return b;
    }
    if (is(b, 0)) {
      return a;
    }
    // x + (−y) is x − y, bit for bit.
    if (b.op() == Op.Unary.NEGATE) {
      return a.minus(b.arg(0));
    }
    // Parts put side by side by adding zeros around them are a concatenation.
    return sideBySide(a, b) instanceof Expr joined ? joined : node;
  }

  /** A sum of padded parts that lie side by side as a concatenation, or null if it is none. */
  private static @Nullable Expr sideBySide(Expr a, Expr b) {
    List<Expr> pads = new ArrayList<>();
    if (!padsOf(a, pads) || !padsOf(b, pads)) {
      return null;
    }
    pads.sort(java.util.Comparator.comparingInt(pad -> ((Op.Pad) pad.op()).before()));
    Op.Pad first = (Op.Pad) pads.getFirst().op();
    int axis = first.axis();
    if (a.shape().size(axis) < 0) {
      return null; // parts of an axis of time do not lie side by side for all T
    }
    int end = first.before();
    List<Expr> parts = new ArrayList<>();
    for (Expr pad : pads) {
      Op.Pad p = (Op.Pad) pad.op();
      if (p.axis() != axis || p.before() != end) {
        return null;
      }
      parts.addAll(pieces(pad.arg(0), axis));
      end += pad.arg(0).shape().size(axis);
    }
    return Expr.concat(axis, parts).pad(axis, first.before(), a.shape().size(axis) - end);
  }

  private static boolean padsOf(Expr x, List<Expr> into) {
    if (x.op() instanceof Op.Pad) {
      into.add(x);
      return true;
    }
    return x.op() == Op.Binary.ADD && padsOf(x.arg(0), into) && padsOf(x.arg(1), into);
  }

  private static List<Expr> pieces(Expr x, int axis) {
    return x.op() instanceof Op.Concat c && c.axis() == axis ? x.args() : List.of(x);
  }

  /** A sum over one leading axis after another is one sum over them. */
  private static Expr sumOfSum(Expr node, Op.Sum outer) {
    Expr between = node.arg(0);
    boolean drops =
        between.op() instanceof Op.Reshape && between.arg(0).op() instanceof Op.Sum
            && between.shape().rank() > 1
            && between.shape().insert(0, 1).equals(between.arg(0).shape());
    if (!drops || !((Op.Sum) between.arg(0).op()).axes().equals(List.of(0)) || !outer.axes().equals(List.of(0))) {
      return node;
    }
    return between.arg(0).arg(0).sum(0, 1).reshape(node.shape());
  }

  /** A slice that falls into one operand of a concatenation is a slice of that operand. */
  private static Expr sliceOfConcat(Expr node, Op.Slice slice) {
    int from = 0;
    for (Expr part : node.arg(0).args()) {
      int to = from + part.shape().size(slice.axis());
      if (slice.from() >= from && slice.to() <= to) {
        return part.slice(slice.axis(), slice.from() - from, slice.to() - from);
      }
      from = to;
    }
    return node;
  }

  private static boolean isSorted(List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  private static boolean undoes(Op.Transpose outer, Op.Transpose inner) {
    for (int i = 0; i < outer.order().size(); i++) {
      if (inner.order().get(outer.order().get(i)) != i) {
        return false;
      }
    }
    return true;
  }

  /** The number that all elements of the node have, or null. */
  public static @Nullable Double value(Expr node) {
    return node.op() instanceof Op.Constant c ? Double.valueOf(c.value())
        : node.op() instanceof Op.Broadcast ? value(node.arg(0))
        : null;
  }

  private static boolean is(Expr node, double number) {
    return value(node) instanceof Double v && v == number;
  }

  /** Removes outputs of scans that nobody takes, and the operands that only they needed. */
  private static List<Expr> prune(List<Expr> roots) {
    Map<Expr, java.util.BitSet> taken = new IdentityHashMap<>();
    for (Expr node : Graph.topological(roots)) {
      if (node.op() instanceof Op.Part part) {
        taken.computeIfAbsent(node.arg(0), s -> new java.util.BitSet()).set(part.number());
      }
    }
    // Old part numbers by the new scan: what a part of the old scan is called now.
    Map<Expr, int[]> renumbered = new IdentityHashMap<>();
    Map<Expr, Expr> done = new IdentityHashMap<>();
    boolean[] changed = {false};
    List<Expr> original = Graph.topological(roots);
    for (Expr node : original) {
      List<Expr> args = node.args().stream().map(done::get).toList();
      if (node.op() instanceof Op.Scan) {
        done.put(node, pruneScan(node.withArgs(args), taken.get(node), renumbered, changed));
      } else if (node.op() instanceof Op.Part part && renumbered.get(args.getFirst()) instanceof int[] numbers) {
        done.put(node, args.getFirst().part(numbers[part.number()]));
      } else {
        done.put(node, node.withArgs(args));
      }
    }
    List<Expr> result = roots.stream().map(done::get).toList();
    // What was pruned may have been the only user of another scan's output.
    return changed[0] ? prune(result) : result;
  }

  private static Expr pruneScan(
      Expr scan, java.util.@Nullable BitSet taken, Map<Expr, int[]> renumbered, boolean[] changed) {
    Op.Scan op = Scans.of(scan);
    Op.Body body = op.body();
    List<Expr> ys = new ArrayList<>();
    int[] numbers = new int[body.ys().size() + 2 * body.states().size()];
    int kept = 0;
    for (int i = 0; i < body.ys().size(); i++) {
      if (taken != null && taken.get(i)) {
        numbers[i] = ys.size();
        kept += i < op.kept() ? 1 : 0;
        ys.add(body.ys().get(i));
      }
    }
    for (int i = body.ys().size(); i < numbers.length; i++) {
      numbers[i] = i - body.ys().size() + ys.size();
    }
    List<Expr> roots = new ArrayList<>(body.nexts());
    roots.addAll(ys);
    boolean[] usedElements = new boolean[body.elements().size()];
    boolean[] usedCaptured = new boolean[body.captured().size()];
    for (Expr node : Graph.topological(roots)) {
      if (node.op() instanceof Op.Placeholder p && p.scope() == 0) {
        switch (p.role()) {
          case ELEMENT -> usedElements[p.number()] = true;
          case CAPTURED -> usedCaptured[p.number()] = true;
          case STATE -> {}
        }
      }
    }
    int[] elementNumbers = count(usedElements);
    int[] capturedNumbers = count(usedCaptured);
    boolean same =
        ys.size() == body.ys().size() && all(usedElements) && all(usedCaptured);
    if (same) {
      return scan;
    }
    changed[0] = true;
    List<Expr> closed =
        Graph.rewrite(
            roots,
            node ->
                node.op() instanceof Op.Placeholder p && p.scope() == 0
                    ? switch (p.role()) {
                      case ELEMENT -> Expr.placeholder(p.role(), elementNumbers[p.number()], node.shape());
                      case CAPTURED -> Expr.placeholder(p.role(), capturedNumbers[p.number()], node.shape());
                      case STATE -> node;
                    }
                    : node);
    int states = body.states().size();
    List<Expr> args = new ArrayList<>(only(Scans.elements(scan), usedElements));
    args.addAll(Scans.initials(scan));
    args.addAll(only(Scans.captured(scan), usedCaptured));
    if (op.masked()) {
      args.add(scan.args().getLast());
    }
    Op.Body smaller =
        new Op.Body(
            only(body.elements(), usedElements),
            body.states(),
            only(body.captured(), usedCaptured),
            closed.subList(0, states),
            closed.subList(states, closed.size()));
    Expr made = Scans.of(op.with(smaller, kept), args);
    renumbered.put(made, numbers);
    return made;
  }

  private static int[] count(boolean[] used) {
    int[] numbers = new int[used.length];
    int next = 0;
    for (int i = 0; i < used.length; i++) {
      numbers[i] = used[i] ? next++ : -1;
    }
    return numbers;
  }

  private static boolean all(boolean[] used) {
    for (boolean u : used) {
      if (!u) {
        return false;
      }
    }
    return true;
  }

  private static <E> List<E> only(List<E> list, boolean[] used) {
    List<E> result = new ArrayList<>();
    for (int i = 0; i < used.length; i++) {
      if (used[i]) {
        result.add(list.get(i));
      }
    }
    return result;
  }
}

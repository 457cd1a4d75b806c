package io.carousel.expr;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derivatives by reverse accumulation: one table, {@link #row}, with a row an operation.
 *
 * <p>Given the cotangent of a node (the derivative of the loss by it), a row says the cotangents of
 * its operands. The derivative of a scan is a scan in the other direction, {@link #scan}.
 */
public final class Derivative {
  /** Contributions to the cotangent of each node, not yet added up. */
  private final Map<Expr, List<Expr>> cotangents = new IdentityHashMap<>();

  /** Contributions to each part of each scan. */
  private final Map<Expr, Map<Integer, List<Expr>>> parts = new IdentityHashMap<>();

  private final Set<Expr> wrt = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Expr> depends = Collections.newSetFromMap(new IdentityHashMap<>());

  /** True where the nodes of {@link #wrt} are independent of each other, whatever they are made of. */
  private final boolean independent;

  private Derivative(boolean independent) {
    this.independent = independent;
  }

  /**
   * The derivatives of a scalar by some nodes, with their shapes. A node may be made of another one:
   * the derivative by the latter then includes what goes through the former.
   *
   * @throws IllegalArgumentException if the loss is not a scalar
   */
  public static List<Expr> gradient(Expr loss, List<Expr> wrt) {
    if (loss.shape().rank() != 0) {
      throw new IllegalArgumentException("gradient: the loss must be a scalar, got " + loss.shape() + "; use sumAll()");
    }
    List<Expr> gradients = new ArrayList<>();
    List<List<Expr>> terms = pullBack(List.of(loss), List.of(Expr.constant(1)), wrt, false);
    for (int i = 0; i < wrt.size(); i++) {
      gradients.add(
          terms.get(i).isEmpty() ? Expr.full(0, wrt.get(i).shape()) : sum(terms.get(i)));
    }
    return gradients;
  }

  /** The contributions of the roots' cotangents to each node of {@code wrt}. */
  private static List<List<Expr>> pullBack(
      List<Expr> roots, List<Expr> seeds, List<Expr> wrt, boolean independent) {
    Derivative derivative = new Derivative(independent);
    derivative.wrt.addAll(wrt);
    List<Expr> order = Graph.topological(roots);
    for (Expr node : order) {
      if (derivative.wrt.contains(node)
          || node.args().stream().anyMatch(derivative.depends::contains)) {
        derivative.depends.add(node);
      }
    }
    for (int i = 0; i < roots.size(); i++) {
      derivative.give(roots.get(i), seeds.get(i));
    }
    for (int i = order.size() - 1; i >= 0; i--) {
      Expr node = order.get(i);
      if (derivative.depends.contains(node) && !(derivative.independent && derivative.wrt.contains(node))) {
        derivative.visit(node);
      }
    }
    List<List<Expr>> terms = new ArrayList<>();
    for (Expr node : wrt) {
      terms.add(derivative.cotangents.getOrDefault(node, List.of()));
    }
    return terms;
  }

  private void give(Expr node, Expr cotangent) {
    if (depends.contains(node)) {
      cotangents.computeIfAbsent(node, n -> new ArrayList<>()).add(cotangent);
    }
  }

  private void visit(Expr node) {
    if (node.op() instanceof Op.Scan) {
      scan(node);
      return;
    }
    List<Expr> terms = cotangents.get(node);
    if (terms == null) {
      return;
    }
    Expr cotangent = sum(terms);
    if (node.op() instanceof Op.Part part) {
      parts.computeIfAbsent(node.arg(0), n -> new java.util.TreeMap<>())
          .computeIfAbsent(part.number(), n -> new ArrayList<>())
          .add(cotangent);
      return;
    }
    row(node, cotangent);
  }

  /** The table. {@code d} is the cotangent of {@code y}. */
  private void row(Expr y, Expr d) {
    switch (y.op()) {
      case Op.Unary op -> {
        Expr x = y.arg(0);
        give(
            x,
            switch (op) {
              case NEGATE -> d.negate();
              case EXP -> d.times(y);
              case LOG -> d.over(x);
              case TANH -> d.times(y.square().complement());
              case SIGMOID -> d.times(y.times(y.complement()));
              case SQRT -> d.over(y.times(2));
              case ABS -> Expr.select(
                  x.less(Expr.constant(0)), d.negate(), Expr.select(Expr.constant(0).less(x), d, Expr.constant(0)));
            });
      }
      case Op.Binary op -> {
        Expr a = y.arg(0);
        Expr b = y.arg(1);
        Expr zero = Expr.constant(0);
        switch (op) {
          case ADD -> {
            give(a, d);
            give(b, d);
          }
          case SUBTRACT -> {
            give(a, d);
            give(b, d.negate());
          }
          case MULTIPLY -> {
            give(a, d.times(b));
            give(b, d.times(a));
          }
          case DIVIDE -> {
            give(a, d.over(b));
            give(b, d.times(y).over(b).negate());
          }
          case MAXIMUM -> {
            Expr first = b.less(a);
            give(a, Expr.select(first, d, zero));
            give(b, Expr.select(first, zero, d));
          }
          case MINIMUM -> {
            Expr first = a.less(b);
            give(a, Expr.select(first, d, zero));
            give(b, Expr.select(first, zero, d));
          }
          case LESS, EQUAL -> {} // constant almost everywhere
        }
      }
      case Op.Select s -> {
        Expr zero = Expr.constant(0);
        give(y.arg(1), Expr.select(y.arg(0), d, zero));
        give(y.arg(2), Expr.select(y.arg(0), zero, d));
      }
      case Op.Matmul m -> {
        give(y.arg(0), depends.contains(y.arg(0)) ? d.matmul(y.arg(1).transpose()) : d);
        if (depends.contains(y.arg(1))) {
          give(y.arg(1), y.arg(0).shape().rank() == 1
              ? y.arg(0).reshape(y.arg(0).shape().insert(0, 1)).contract(d.reshape(d.shape().insert(0, 1)))
              : y.arg(0).contract(d));
        }
      }
      case Op.Contract c -> {
        give(y.arg(0), y.arg(1).matmul(d.transpose()));
        give(y.arg(1), y.arg(0).matmul(d));
      }
      case Op.BatchMatmul b -> {
        give(y.arg(0), d.batchMatmul(swapLast(y.arg(1))));
        give(y.arg(1), swapLast(y.arg(0)).batchMatmul(d));
      }
      case Op.Reshape r -> give(y.arg(0), d.reshape(y.arg(0).shape()));
      case Op.Transpose t -> {
        int[] inverse = new int[t.order().size()];
        for (int i = 0; i < inverse.length; i++) {
          inverse[t.order().get(i)] = i;
        }
        give(y.arg(0), d.transpose(inverse));
      }
      case Op.Slice s -> {
        int size = y.arg(0).shape().size(s.axis());
        give(y.arg(0), d.pad(s.axis(), s.from(), (Shape.isTime(size) ? 0 : size) - s.to()));
      }
      case Op.Pad p -> {
        int size = y.arg(0).shape().size(p.axis());
        give(y.arg(0), d.slice(p.axis(), p.before(), Shape.isTime(size) ? -p.after() : p.before() + size));
      }
      case Op.Every e -> give(y.arg(0), d.spread(e.axis(), e.by(), y.arg(0).shape().size(e.axis())));
      case Op.Spread s -> give(y.arg(0), d.every(s.axis(), s.by()));
      case Op.Flip f -> give(y.arg(0), d.flip(y.arg(1)));
      case Op.Concat c -> {
        int from = 0;
        for (Expr part : y.args()) {
          int to = from + part.shape().size(c.axis());
          give(part, d.slice(c.axis(), from, to));
          from = to;
        }
      }
      case Op.Broadcast b -> give(y.arg(0), unbroadcast(d, y.arg(0).shape()));
      case Op.Gather g -> give(y.arg(0), Expr.scatterAdd(y.arg(1), d, y.arg(0).shape().size(0)));
      case Op.ScatterAdd s -> give(y.arg(1), d.gather(y.arg(0)));
      case Op.Pick p -> {
        // Elementwise rather than scattered: one loop with whatever else the row's derivative is made of.
        Expr x = y.arg(0);
        Expr picked = Expr.index(x.shape(), -1).equal(y.arg(1).cast().reshape(y.shape()));
        give(x, Expr.select(picked, d, Expr.constant(0)));
      }
      case Op.Sum s -> give(y.arg(0), d.broadcast(y.arg(0).shape()));
      case Op.Max m -> {
        // Elements that share the largest value share its derivative.
        Expr largest = y.arg(0).equal(y);
        give(y.arg(0), largest.times(d.over(largest.sum(m.axis()))));
      }
      case Op.Softmax s -> give(y.arg(0), y.times(d.minus(d.times(y).sum(-1))));
      case Op.LogSumExp l -> {
        // The softmax, by one elementwise step; from a finite number, so that a row of −∞ alone has shares of 0.
        Expr finite = Expr.maximum(y, Expr.constant(-Float.MAX_VALUE));
        give(y.arg(0), d.times(Expr.exp(y.arg(0).minus(finite))));
      }
      case Op.Derived derived -> {
        List<Expr> of = y.args().subList(1, y.args().size());
        List<Expr> ds = derived.rule().pullBack(of, d);
        for (int i = 0; i < of.size(); i++) {
          give(of.get(i), ds.get(i));
        }
      }
      case Op.Input i -> {}
      case Op.IntInput i -> {}
      case Op.Parameter p -> {}
      case Op.Constant c -> {}
      case Op.Random r -> {}
      case Op.Index i -> {}
      case Op.Placeholder p -> {}
      case Op.Cast c -> {}
      case Op.Steps s -> {}
      case Op.Scan s -> throw new IllegalStateException("a scan has a row of its own");
      case Op.Part p -> throw new IllegalStateException("a part belongs to its scan's row");
    }
  }

  /**
   * The row of the scan: a scan the other way, whose elements are the forward elements, the
   * histories of the states and the cotangents of the outputs, and whose states are the cotangents
   * of the states. Its body recomputes the forward step; what is worth keeping instead is the
   * compiler's choice. A captured matrix used in a product gets its derivative as one contraction
   * over all steps after the loop; other captured values have theirs added up over time.
   */
  private void scan(Expr scan) {
    Map<Integer, List<Expr>> given = parts.get(scan);
    if (given == null) {
      return;
    }
    Op.Scan forward = Scans.of(scan);
    Op.Body body = forward.body();
    int ys = body.ys().size();
    int states = body.states().size();
    int inputs = body.elements().size();
    List<Expr> captured = Scans.captured(scan);
    if (given.keySet().stream().anyMatch(part -> part >= ys + states)) {
      throw new IllegalArgumentException("gradient: the histories of a scan have no derivative");
    }

    List<Expr> elements = new ArrayList<>(Scans.elements(scan));
    for (int i = 0; i < states; i++) {
      elements.add(scan.part(Scans.history(scan, i)));
    }
    List<Integer> seeded = new ArrayList<>(); // the outputs that have a cotangent
    for (int k = 0; k < ys; k++) {
      if (given.containsKey(k)) {
        seeded.add(k);
        elements.add(sum(given.get(k)));
      }
    }
    List<Expr> initials = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      List<Expr> terms = given.get(ys + i);
      initials.add(terms == null ? Expr.full(0, body.states().get(i)) : sum(terms));
    }

    // Which outputs of the reverse body mean what; filled in while the body is built.
    int[] elementOutput = new int[inputs];
    List<int[]> products = new ArrayList<>(); // captured number, output u (or −1−element), output v
    List<int[]> sums = new ArrayList<>(); // captured number, output
    Expr reverse =
        Scans.scan(
            elements,
            initials,
            Scans.lengths(scan),
            !forward.reverse(),
            (current, dStates) -> {
              Map<Expr, Expr> outer = new IdentityHashMap<>();
              List<Expr> stepRoots =
                  Graph.rewrite(
                      body.roots(),
                      outer,
                      node ->
                          node.op() instanceof Op.Placeholder p && p.scope() == 0
                              ? switch (p.role()) {
                                case ELEMENT -> current.get(p.number());
                                case STATE -> current.get(inputs + p.number());
                                case CAPTURED -> captured.get(p.number());
                              }
                              : node);
              List<Expr> roots = new ArrayList<>(stepRoots.subList(0, states));
              List<Expr> seeds = new ArrayList<>(dStates);
              for (int s = 0; s < seeded.size(); s++) {
                roots.add(stepRoots.get(states + seeded.get(s)));
                seeds.add(current.get(inputs + states + s));
              }
              List<Expr> by = new ArrayList<>(current.subList(0, inputs + states));
              by.addAll(captured);
              // Independent: a captured value may be made of another, but that is no business of the body.
              List<List<Expr>> terms = pullBack(roots, seeds, by, true);

              List<Expr> nexts = new ArrayList<>();
              for (int i = 0; i < states; i++) {
                List<Expr> found = terms.get(inputs + i);
                nexts.add(found.isEmpty() ? Expr.full(0, body.states().get(i)) : sum(found));
              }
              List<Expr> outputs = new ArrayList<>();
              for (int i = 0; i < inputs; i++) {
                elementOutput[i] = -1;
                if (depends.contains(scan.arg(i)) && !terms.get(i).isEmpty()) {
                  requireRows(forward, "an element", body.elements().get(i), body.elements().get(i));
                  elementOutput[i] = outputs.size();
                  outputs.add(sum(terms.get(i)));
                }
              }
              for (int c = 0; c < captured.size(); c++) {
                // A value captured twice has its terms under the first number.
                if (!depends.contains(captured.get(c)) || captured.indexOf(captured.get(c)) < c) {
                  continue;
                }
                for (Expr term : terms.get(inputs + states + c)) {
                  if (term.op() instanceof Op.Contract) {
                    requireRows(forward, "a captured value", captured.get(c).shape(), term.arg(1).shape());
                    int element = current.indexOf(term.arg(0));
                    int u = element >= 0 ? -1 - element : output(outputs, term.arg(0));
                    products.add(new int[] {c, u, output(outputs, term.arg(1))});
                  } else {
                    requireRows(forward, "a captured value", captured.get(c).shape(), term.shape());
                    sums.add(new int[] {c, output(outputs, term)});
                  }
                }
              }
              return new Scans.Step(nexts, outputs);
            });

    for (int i = 0; i < inputs; i++) {
      if (elementOutput[i] >= 0) {
        give(scan.arg(i), reverse.part(elementOutput[i]));
      }
    }
    for (int i = 0; i < states; i++) {
      give(Scans.initials(scan).get(i), reverse.part(Scans.lastState(reverse, i)));
    }
    for (int[] product : products) {
      Expr u = product[1] < 0 ? elements.get(-1 - product[1]) : reverse.part(product[1]);
      give(captured.get(product[0]), u.contract(reverse.part(product[2])));
    }
    for (int[] total : sums) {
      Expr steps = reverse.part(total[1]);
      give(captured.get(total[0]), steps.sum(0).reshape(captured.get(total[0]).shape()));
    }
  }

  /** In a masked scan only what has rows can be masked; sums over the rows would include padding. */
  private static void requireRows(Op.Scan scan, String what, Shape shape, Shape found) {
    if (scan.masked() && (found.rank() == 0 || found.size(0) != Shape.B)) {
      throw new IllegalArgumentException(
          "gradient: in a scan with lengths, " + what + " of shape " + shape
              + " must be used row by row; broadcast it to [B,…] where it is used, or [T,B,…] before the scan");
    }
  }

  private static int output(List<Expr> outputs, Expr value) {
    int found = outputs.indexOf(value);
    if (found < 0) {
      outputs.add(value);
      found = outputs.size() - 1;
    }
    return found;
  }

  private static Expr swapLast(Expr x) {
    int[] order = new int[x.shape().rank()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    order[order.length - 1] = order.length - 2;
    order[order.length - 2] = order.length - 1;
    return x.transpose(order);
  }

  /** Sums a cotangent over the axes along which its node was repeated. */
  private static Expr unbroadcast(Expr d, Shape to) {
    List<Integer> axes = new ArrayList<>();
    int extra = d.shape().rank() - to.rank();
    for (int axis = 0; axis < d.shape().rank(); axis++) {
      if (axis < extra || (to.size(axis - extra) == 1 && d.shape().size(axis) != 1)) {
        axes.add(axis);
      }
    }
    return d.sum(axes.stream().mapToInt(Integer::intValue).toArray()).reshape(to);
  }

  private static Expr sum(@Nullable List<Expr> terms) {
    Expr total = java.util.Objects.requireNonNull(terms).getFirst();
    for (Expr term : terms.subList(1, terms.size())) {
      total = total.plus(term);
    }
    return total;
  }
}

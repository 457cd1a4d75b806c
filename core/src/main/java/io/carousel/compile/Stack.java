package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes one product of several inside a loop: products with the same left side become one with their
 * matrices side by side, and a sum of products becomes one with the left sides side by side and the
 * matrices one below the other.
 *
 * <p>So a cell may be written gate by gate and runs like one written with one matrix for all gates.
 */
final class Stack {
  private final List<Expr> captured;
  private final List<Shape> shapes;

  private Stack(Expr scan) {
    captured = new ArrayList<>(Scans.captured(scan));
    shapes = new ArrayList<>(Scans.of(scan).body().captured());
  }

  /** Sums of products; before hoisting, so that what leaves the loop is one product. */
  static List<Expr> sums(List<Expr> roots) {
    return Graph.rewrite(
        roots, node -> node.op() instanceof Op.Scan ? new Stack(node).scan(node, Stack::joinSums) : node);
  }

  /** Products with the same left side; after hoisting, of those that have to stay in the loop. */
  static List<Expr> products(List<Expr> roots) {
    return Graph.rewrite(
        roots, node -> node.op() instanceof Op.Scan ? new Stack(node).scan(node, Stack::joinProducts) : node);
  }

  private Expr scan(Expr scan, java.util.function.BiFunction<Stack, List<Expr>, List<Expr>> join) {
    Op.Scan op = Scans.of(scan);
    Op.Body body = op.body();
    List<Expr> roots = join.apply(this, body.roots());
    if (roots.equals(body.roots())) {
      return scan;
    }
    int states = body.states().size();
    List<Expr> args = new ArrayList<>(Scans.elements(scan));
    args.addAll(Scans.initials(scan));
    args.addAll(captured);
    if (op.masked()) {
      args.add(scan.args().getLast());
    }
    Op.Body joined =
        new Op.Body(
            body.elements(), body.states(), shapes, roots.subList(0, states), roots.subList(states, roots.size()));
    return Scans.of(op.with(joined, op.kept()), args);
  }

  /** x·U, x·V → slices of x·[U V]. */
  private List<Expr> joinProducts(List<Expr> roots) {
    Map<Expr, List<Expr>> byLeft = new LinkedHashMap<>();
    for (Expr node : Graph.topological(roots)) {
      if (isProduct(node)) {
        byLeft.computeIfAbsent(node.arg(0), x -> new ArrayList<>()).add(node);
      }
    }
    Map<Expr, Expr> matrices = new IdentityHashMap<>();
    for (List<Expr> group : byLeft.values()) {
      if (group.size() > 1) {
        Expr matrix = capture(Expr.concat(1, group.stream().map(this::matrix).toList()));
        group.forEach(product -> matrices.put(product, matrix));
      }
    }
    Map<Expr, Expr> done = new IdentityHashMap<>();
    Map<Expr, Expr> wholes = new IdentityHashMap<>(); // by stacked matrix
    for (Expr node : Graph.topological(roots)) {
      Expr now = node.withArgs(node.args().stream().map(done::get).toList());
      Expr matrix = matrices.get(node);
      if (matrix != null) {
        Expr whole = wholes.computeIfAbsent(matrix, w -> now.arg(0).matmul(w));
        int from = 0;
        List<Expr> group = byLeft.getOrDefault(node.arg(0), List.of());
        for (Expr other : group.subList(0, group.indexOf(node))) {
          from += other.shape().size(-1);
        }
        done.put(node, whole.slice(-1, from, from + node.shape().size(-1)));
      } else {
        done.put(node, now);
      }
    }
    return roots.stream().map(done::get).toList();
  }

  /** a·U + b·V → [a b]·[U; V], where both a and b need the state: others leave the loop. */
  private List<Expr> joinSums(List<Expr> roots) {
    Map<Expr, Integer> uses = Graph.uses(roots);
    Set<Expr> inner = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Expr> onStates = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Expr> order = Graph.topological(roots);
    for (Expr node : order) {
      if ((node.op() instanceof Op.Placeholder p && p.role() == Op.Role.STATE)
          || node.args().stream().anyMatch(onStates::contains)) {
        onStates.add(node);
      }
      for (Expr arg : node.args()) {
        if (node.op() == Op.Binary.ADD && arg.op() == Op.Binary.ADD && uses.getOrDefault(arg, 0) == 1) {
          inner.add(arg);
        }
      }
    }
    Map<Expr, Expr> done = new IdentityHashMap<>();
    for (Expr node : order) {
      Expr now = node.withArgs(node.args().stream().map(done::get).toList());
      if (node.op() == Op.Binary.ADD && !inner.contains(node)) {
        List<Expr> products = new ArrayList<>();
        List<Expr> others = new ArrayList<>();
        terms(node, inner, uses, products, others);
        for (Expr product : List.copyOf(products)) {
          if (!onStates.contains(product.arg(0))) {
            products.remove(product);
            others.add(product);
          }
        }
        if (products.size() > 1) {
          Expr left = Expr.concat(-1, products.stream().map(p -> done.get(p.arg(0))).toList());
          Expr matrix = capture(Expr.concat(0, products.stream().map(this::matrix).toList()));
          now = left.matmul(matrix);
          for (Expr other : others) {
            now = now.plus(Objects.requireNonNull(done.get(other)));
          }
        }
      }
      done.put(node, now);
    }
    return roots.stream().map(done::get).toList();
  }

  private static void terms(
      Expr sum, Set<Expr> inner, Map<Expr, Integer> uses, List<Expr> products, List<Expr> others) {
    for (Expr arg : sum.args()) {
      if (inner.contains(arg)) {
        terms(arg, inner, uses, products, others);
      } else {
        (isProduct(arg) && uses.getOrDefault(arg, 0) == 1 ? products : others).add(arg);
      }
    }
  }

  private static boolean isProduct(Expr node) {
    return node.op() instanceof Op.Matmul
        && node.arg(1).shape().isStatic() // only such matrices can stand side by side
        && node.arg(1).op() instanceof Op.Placeholder p
        && p.role() == Op.Role.CAPTURED;
  }

  /** The matrix of a product, outside the loop. */
  private Expr matrix(Expr product) {
    return captured.get(((Op.Placeholder) product.arg(1).op()).number());
  }

  private Expr capture(Expr outer) {
    captured.add(outer);
    shapes.add(outer.shape());
    return Expr.placeholder(Op.Role.CAPTURED, captured.size() - 1, outer.shape());
  }
}

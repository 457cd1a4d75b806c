package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.expr.Simplify;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one step of any cell, and the derivative of that step, as lines of text, from its expressions: what is
 * used more than once gets a name, a1, a2 …
 *
 * <p>Columns stand for vectors, as in papers: {@code W x} for x · W, {@code Wᵀ a} for a · Wᵀ. {@code Σ} is a sum over the
 * rows of a batch, and {@code a ⊗ b} the sum of their outer products, the derivative of a weight matrix.
 */
final class StepText {
  private final Map<Expr, String> names = new IdentityHashMap<>();
  private final StringBuilder lines = new StringBuilder();

  private StepText() {}

  /** The equations of a step: the next states. */
  static String forward(Cell cell, int features) {
    Parts parts = new Parts(cell, features);
    return lines(parts.nexts, parts.nextNames, "a");
  }

  /** The derivatives by the states before the step, the input and the parameters, from those by the next states. */
  static String backward(Cell cell, int features) {
    Parts parts = new Parts(cell, features);
    Expr loss = Expr.constant(0);
    for (int i = 0; i < parts.nexts.size(); i++) {
      Expr given = Expr.input("d" + parts.nextNames.get(i), parts.nexts.get(i).shape());
      loss = loss.plus(parts.nexts.get(i).times(given).sumAll());
    }
    List<Expr> leaves = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Expr node : Expr.topological(parts.nexts)) {
      if (node.op() instanceof Op.Input input) {
        leaves.add(node);
        names.add("d" + input.name());
      } else if (node.op() instanceof Op.Parameter) {
        leaves.add(node);
        names.add("d" + plain(node));
      }
    }
    return lines(Derivative.gradient(loss, leaves), names, "a");
  }

  /** One step with inputs in place of its states and its input. */
  private static final class Parts {
    final List<Expr> nexts;
    final List<String> nextNames = new ArrayList<>();

    Parts(Cell cell, int features) {
      Cell.Step step = cell.declare(Shape.of(Shape.B, features), new Scope("cell", false));
      List<Expr> states = new ArrayList<>();
      List<Expr> initials = cell.initials(Shape.of(Shape.B, features));
      for (int i = 0; i < initials.size(); i++) {
        String name = cell instanceof TextCell text ? text.stateName(i) : "hcnmuvwyz".substring(i, i + 1);
        states.add(Expr.input(name, initials.get(i).shape()));
        nextNames.add(name + "'");
      }
      List<Expr> current = new ArrayList<>();
      List<Expr> sequences = step.sequences(Expr.input("x", Shape.of(Shape.T, Shape.B, features)));
      for (int i = 0; i < sequences.size(); i++) {
        boolean input = sequences.get(i).op() instanceof Op.Input;
        current.add(Expr.input(input ? "x" : "s" + (i + 1), sequences.get(i).shape().drop(0)));
      }
      Scans.Step made = step.step(current, states);
      nexts = made.nexts();
    }
  }

  private static String lines(List<Expr> given, List<String> resultNames, String prefix) {
    List<Expr> roots = Simplify.simplify(given);
    StepText text = new StepText();
    Map<Expr, Integer> uses = Graph.uses(roots);
    int shared = 0;
    for (Expr node : Graph.topological(roots)) {
      boolean trivial = node.args().isEmpty() || passes(node);
      if (!trivial && uses.getOrDefault(node, 0) > 1) {
        String name = roots.contains(node) ? resultNames.get(roots.indexOf(node)) : prefix + ++shared;
        text.lines.append(name).append(" = ").append(text.write(node)).append('\n');
        text.names.put(node, name);
      }
    }
    for (int i = 0; i < roots.size(); i++) {
      String name = resultNames.get(i);
      if (!name.equals(text.names.get(roots.get(i)))) {
        text.lines.append(name).append(" = ").append(text.write(roots.get(i))).append('\n');
      }
    }
    return text.lines.toString();
  }

  /** True for what only changes a shape. */
  private static boolean passes(Expr node) {
    return node.op() instanceof Op.Broadcast || node.op() instanceof Op.Reshape || node.op() instanceof Op.Transpose;
  }

  private String write(Expr node) {
    String known = names.get(node);
    if (known != null) {
      return known;
    }
    return switch (node.op()) {
      case Op.Input input -> input.name();
      case Op.Parameter p -> plain(node);
      case Op.Random random -> "random " + random.stream();
      case Op.Broadcast b -> write(node.arg(0));
      case Op.Reshape r -> write(node.arg(0));
      case Op.Transpose t -> inner(node.arg(0)) + "ᵀ";
      case Op.Unary.NEGATE -> "-" + inner(node.arg(0));
      case Op.Binary.ADD -> write(node.arg(0)) + " + " + write(node.arg(1));
      case Op.Binary.SUBTRACT -> write(node.arg(0)) + " - " + inner(node.arg(1));
      case Op.Binary.MULTIPLY -> inner(node.arg(0)) + " * " + inner(node.arg(1));
      case Op.Binary.DIVIDE -> inner(node.arg(0)) + " / " + inner(node.arg(1));
      case Op.Binary.LESS -> "(" + write(node.arg(0)) + " < " + write(node.arg(1)) + ")";
      case Op.Binary.EQUAL -> "(" + write(node.arg(0)) + " = " + write(node.arg(1)) + ")";
      case Op.Binary.MAXIMUM -> "max(" + list(node) + ")";
      case Op.Binary.MINIMUM -> "min(" + list(node) + ")";
      case Op.Matmul m -> inner(node.arg(1)) + " " + inner(node.arg(0));
      case Op.BatchMatmul m -> inner(node.arg(0)) + " " + inner(node.arg(1));
      case Op.Contract c -> inner(node.arg(0)) + " ⊗ " + inner(node.arg(1));
      case Op.Slice s -> inner(node.arg(0)) + "[" + s.from() + ":" + s.to() + "]";
      case Op.Pad p -> "pad(" + write(node.arg(0)) + ", " + p.before() + ", " + p.after() + ")";
      case Op.Concat c -> "[" + list(node) + "]";
      case Op.Sum s -> (s.axes().contains(0) ? "Σ " : "sum ") + inner(node.arg(0));
      default -> node.op().word().replaceAll(" .*", "") + (node.args().isEmpty() ? "" : "(" + list(node) + ")");
    };
  }

  private String list(Expr node) {
    return String.join(", ", node.args().stream().map(this::write).toList());
  }

  /** In brackets where it holds less tightly. */
  private String inner(Expr node) {
    String text = write(node);
    Expr seen = node;
    while (names.get(seen) == null && passes(seen) && !(seen.op() instanceof Op.Transpose)) {
      seen = seen.arg(0);
    }
    boolean loose = names.get(seen) == null
        && (seen.op() == Op.Binary.ADD || seen.op() == Op.Binary.SUBTRACT || seen.op() == Op.Binary.MULTIPLY
            || seen.op() == Op.Binary.DIVIDE || seen.op() == Op.Unary.NEGATE || seen.op() instanceof Op.Matmul
            || seen.op() instanceof Op.BatchMatmul || seen.op() instanceof Op.Contract || seen.op() instanceof Op.Sum);
    return loose ? "(" + text + ")" : text;
  }

  private static String plain(Expr parameter) {
    return parameter.op() instanceof Op.Parameter p ? p.name().substring(p.name().indexOf('.') + 1) : "";
  }
}

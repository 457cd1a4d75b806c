package io.carousel.notation;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Simplify;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * Writes expressions as equations, as text or as LaTeX: what is used more than once, or is given a name, has a line of
 * its own.
 *
 * <p>Columns stand for vectors, as in papers: {@code W x} for x · W, {@code Wᵀ a} for a · Wᵀ. {@code Σ} is a sum over the
 * rows of a batch, and {@code a ⊗ b} the sum of their outer products, the derivative of a weight matrix.
 */
public final class EquationWriter {
  /** One line: {@code name = right}. */
  public record Line(String name, String right) {}

  private final boolean latex;
  private final UnaryOperator<String> symbol;
  private final Map<Expr, String> names = new IdentityHashMap<>();
  private final List<Line> lines = new ArrayList<>();

  private EquationWriter(boolean latex, UnaryOperator<String> symbol) {
    this.latex = latex;
    this.symbol = symbol;
  }

  /**
   * The equations of some results.
   *
   * @param results what is computed, by name
   * @param given names of what they are made of
   * @param latex true for LaTeX, false for text
   * @param prefix how the names of what is used more than once begin; a number follows
   * @param symbol how a name is written: of a result, an intermediate value, an input or a parameter
   */
  public static List<Line> lines(
      SequencedMap<String, Expr> results, Map<String, Expr> given, boolean latex, String prefix,
      UnaryOperator<String> symbol) {
    List<Expr> all = new ArrayList<>(results.values());
    all.addAll(given.values());
    List<Expr> simple = Simplify.simplify(all); // all together, so that they are still the same nodes
    List<Expr> roots = simple.subList(0, results.size());
    EquationWriter writer = new EquationWriter(latex, symbol);
    Map<Expr, String> known = new IdentityHashMap<>();
    int next = results.size();
    for (String name : given.keySet()) {
      known.putIfAbsent(simple.get(next++), name);
    }
    List<String> resultNames = List.copyOf(results.keySet());
    for (int i = roots.size() - 1; i >= 0; i--) {
      known.put(roots.get(i), resultNames.get(i));
    }
    Map<Expr, Integer> uses = Graph.uses(roots);
    int shared = 0;
    for (Expr node : Graph.topological(roots)) {
      String name = known.get(node);
      boolean trivial = node.args().isEmpty() || passes(node);
      if (!trivial && (name != null ? !roots.contains(node) || uses.getOrDefault(node, 0) > 1
          : uses.getOrDefault(node, 0) > 1)) {
        String called = symbol.apply(name != null ? name : prefix + ++shared);
        writer.lines.add(new Line(called, writer.write(node)));
        writer.names.put(node, called);
      }
    }
    for (int i = 0; i < roots.size(); i++) {
      String name = symbol.apply(resultNames.get(i));
      if (!name.equals(writer.names.get(roots.get(i)))) {
        writer.lines.add(new Line(name, writer.write(roots.get(i))));
      }
    }
    return writer.lines;
  }

  /** The lines as text. */
  static String text(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.name()).append(" = ").append(line.right()).append('\n'));
    return text.toString();
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
      case Op.Input input -> symbol.apply(input.name());
      case Op.IntInput input -> symbol.apply(input.name());
      case Op.Parameter p -> symbol.apply(p.name());
      case Op.Constant c -> latex ? Latex.number(c.value()) : node.op().word();
      case Op.Random random -> word("random");
      case Op.Index i -> word("index");
      case Op.Broadcast b -> write(node.arg(0));
      case Op.Reshape r -> write(node.arg(0));
      case Op.Cast c -> write(node.arg(0));
      case Op.Transpose t -> inner(node.arg(0)) + (latex ? "^{\\top}" : "ᵀ");
      case Op.Unary op -> unary(op, node.arg(0));
      case Op.Binary op -> binary(op, node);
      case Op.Matmul m -> inner(node.arg(1)) + " " + inner(node.arg(0));
      case Op.BatchMatmul m -> inner(node.arg(0)) + " " + inner(node.arg(1));
      case Op.Contract c -> inner(node.arg(0)) + (latex ? " \\otimes " : " ⊗ ") + inner(node.arg(1));
      case Op.Slice s -> inner(node.arg(0)) + part(s.from() + ":" + s.to());
      case Op.Concat c -> bracket("[", list(node), "]");
      case Op.Sum s -> (s.axes().contains(0) ? latex ? "\\textstyle\\sum " : "Σ " : word("sum") + " ") + inner(node.arg(0));
      case Op.Select s -> word("where") + bracket("(", list(node), ")");
      default -> word(node.op().word().replaceAll(" .*", ""))
          + (node.args().isEmpty() ? "" : bracket("(", list(node), ")"));
    };
  }

  private String unary(Op.Unary op, Expr x) {
    if (op == Op.Unary.NEGATE) {
      return "-" + inner(x);
    }
    if (!latex) {
      return op.word() + "(" + write(x) + ")";
    }
    return switch (op) {
      case SQRT -> "\\sqrt{" + write(x) + "}";
      case ABS -> bracket("|", write(x), "|");
      case SIGMOID -> "\\sigma" + bracket("(", write(x), ")");
      default -> "\\" + op.word() + bracket("(", write(x), ")");
    };
  }

  private String binary(Op.Binary op, Expr node) {
    Expr a = node.arg(0);
    Expr b = node.arg(1);
    return switch (op) {
      case ADD -> write(a) + " + " + write(b);
      case SUBTRACT -> write(a) + " - " + inner(b);
      case MULTIPLY -> inner(a) + (!latex ? " * " : isNumber(a) || isNumber(b) ? " \\cdot " : " \\odot ") + inner(b);
      case DIVIDE -> latex ? "\\frac{" + write(a) + "}{" + write(b) + "}" : inner(a) + " / " + inner(b);
      case LESS -> bracket("(", write(a) + " < " + write(b), ")");
      case EQUAL -> bracket("(", write(a) + " = " + write(b), ")");
      case MAXIMUM -> (latex ? "\\max" : "max") + bracket("(", list(node), ")");
      case MINIMUM -> (latex ? "\\min" : "min") + bracket("(", list(node), ")");
    };
  }

  private static boolean isNumber(Expr node) {
    return Simplify.value(node) != null;
  }

  private String word(String word) {
    return latex ? "\\operatorname{" + word.replace("_", "\\_") + "}" : word;
  }

  private String part(String range) {
    return latex ? "{}_{[" + range + "]}" : "[" + range + "]";
  }

  private String bracket(String open, String inside, String close) {
    return latex ? "\\left" + open + inside + "\\right" + close : open + inside + close;
  }

  private String list(Expr node) {
    return String.join(", ", node.args().stream().map(this::write).toList());
  }

  /** In brackets where it holds less tightly. */
  private String inner(Expr node) {
    String text = write(node);
    Expr seen = node;
    while (names.get(seen) == null && (seen.op() instanceof Op.Broadcast || seen.op() instanceof Op.Reshape)) {
      seen = seen.arg(0);
    }
    boolean loose = names.get(seen) == null
        && (seen.op() == Op.Binary.ADD || seen.op() == Op.Binary.SUBTRACT || seen.op() == Op.Binary.MULTIPLY
            || (seen.op() == Op.Binary.DIVIDE && !latex) || seen.op() == Op.Unary.NEGATE || seen.op() instanceof Op.Matmul
            || seen.op() instanceof Op.BatchMatmul || seen.op() instanceof Op.Contract || seen.op() instanceof Op.Sum);
    return loose ? bracket("(", text, ")") : text;
  }
}

package io.carousel.notation;

import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Writes a cell's equations as LaTeX, as papers do: with the step as a subscript, h<sub>t−1</sub> before it
 * and h<sub>t</sub> after it.
 */
public final class Latex {
  // How tightly an expression holds together.
  private static final int SUM = 1;
  private static final int TERM = 2;
  private static final int PRODUCT = 3;
  private static final int ATOM = 4;

  private static final String GREEK = "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ";
  private static final List<String> GREEK_WORDS = List.of(
      "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
      "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta",
      "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega");

  private final Names names;
  private final Shapes shapes;

  private Latex(Names names, Shapes shapes) {
    this.names = names;
    this.shapes = shapes;
  }

  static String of(CellText text) {
    return new Latex(text.names(), text.shapes()).equations(text.syntax());
  }

  private String equations(Syntax syntax) {
    List<String> lines = new ArrayList<>();
    for (Syntax.Equation equation : syntax.equations()) {
      StringJoiner targets = new StringJoiner(", ");
      equation.targets().forEach(target -> targets.add(name(target)));
      Node right = equation.targets().size() == 1 ? equation.right()
          : ((Syntax.Call) equation.right()).args().getFirst();
      lines.add("  " + targets + " &= " + write(right, SUM));
    }
    Node output = syntax.output();
    if (output != null) {
      lines.add("  y_t &= " + write(output, SUM));
    }
    return "\\begin{align*}\n" + String.join(" \\\\\n", lines) + "\n\\end{align*}\n";
  }

  private String write(Node node, int around) {
    int own = level(node);
    String text = switch (node) {
      case Syntax.Num n -> number(n.value());
      case Ref ref -> name(ref);
      case Syntax.Product p -> write(p.matrix(), ATOM) + " " + write(p.operand(), PRODUCT);
      case Syntax.Negative n -> "-" + write(n.of(), TERM);
      case Syntax.Operation o -> operation(o);
      case Syntax.Power p -> write(p.of(), ATOM) + "^{" + p.exponent() + "}";
      case Syntax.Part p -> write(p.of(), ATOM) + "{}_{" + p.range() + "}";
      case Syntax.Call c -> call(c);
    };
    return own < around ? "\\left(" + text + "\\right)" : text;
  }

  private static int level(Node node) {
    return switch (node) {
      case Syntax.Operation o -> o.sign() == '+' || o.sign() == '-' ? SUM : o.sign() == '/' ? ATOM : TERM;
      case Syntax.Negative n -> SUM;
      case Syntax.Product p -> PRODUCT;
      case Syntax.Power p -> PRODUCT;
      case Syntax.Call c -> c.function() == Function.OUTER || c.function() == Function.DOT ? PRODUCT : ATOM;
      default -> ATOM;
    };
  }

  private String operation(Syntax.Operation o) {
    return switch (o.sign()) {
      case '+' -> write(o.left(), SUM) + " + " + write(o.right(), SUM);
      case '-' -> write(o.left(), SUM) + " - " + write(o.right(), TERM);
      case '/' -> "\\frac{" + write(o.left(), SUM) + "}{" + write(o.right(), SUM) + "}";
      default -> write(o.left(), TERM) + (isNumber(o.left()) || isNumber(o.right()) ? " \\cdot " : " \\odot ")
          + write(o.right(), TERM);
    };
  }

  private boolean isNumber(Node node) {
    List<Size> shape = shapes.shape(node);
    return shape.isEmpty() || (shape.size() == 1 && shape.getFirst().isOne());
  }

  private String call(Syntax.Call call) {
    Node first = call.args().getFirst();
    return switch (call.function()) {
      case SQRT -> "\\sqrt{" + write(first, SUM) + "}";
      case ABS -> "\\left|" + write(first, SUM) + "\\right|";
      case OUTER -> write(first, ATOM) + " " + write(call.args().get(1), ATOM) + "^{\\top}";
      case DOT -> write(first, ATOM) + "^{\\top} " + write(call.args().get(1), ATOM);
      case HEADS -> call.function().latex + "_{" + write(call.args().get(1), SUM) + "}\\left(" + write(first, SUM) + "\\right)";
      case CONCAT -> "\\left[" + list(call.args()) + "\\right]";
      case DROPOUT, VARIATIONAL_DROPOUT ->
          call.function().latex + "_{" + write(call.args().get(1), SUM) + "}\\left(" + write(first, SUM) + "\\right)";
      default -> call.function().latex.replace("σ", "\\sigma") + "\\left(" + list(call.args()) + "\\right)";
    };
  }

  private String list(List<Node> nodes) {
    return String.join(", ", nodes.stream().map(node -> write(node, SUM)).toList());
  }

  /** The number, {@code 0.5}, or {@code 10^{-5}}. */
  static String number(double value) {
    String text = value == Math.rint(value) && Math.abs(value) < 1e9 ? Long.toString((long) value)
        : Double.toString(value);
    int exponent = text.indexOf('E');
    return exponent < 0 ? text
        : (text.startsWith("1.0E") ? "" : text.substring(0, exponent) + " \\cdot ") + "10^{"
            + text.substring(exponent + 1) + "}";
  }

  private String name(Ref ref) {
    return symbol(ref.name(), switch (names.what(ref)) {
      case SIZE, PARAMETER -> "";
      case STATE -> ref.next() ? "t" : "t-1";
      case DEFINITION, INPUT -> "t";
    });
  }

  /**
   * A name as papers write it: what follows a bar becomes an index, Greek letters are letters, what stands before a point,
   * the part of a layer, goes above.
   *
   * @param step the index of the step, {@code t} or {@code t-1}, or nothing
   */
  public static String symbol(String name, String step) {
    int point = name.lastIndexOf('.');
    String above = point < 0 ? "" : "^{\\mathrm{" + name.substring(0, point).replace("_", "\\_") + "}}";
    String own = name.substring(point + 1);
    int bar = own.indexOf('_');
    String letters = bar <= 0 ? own : own.substring(0, bar);
    String index = bar <= 0 ? "" : letters(own.substring(bar + 1).replace("_", ","));
    String below = index.isEmpty() ? step : step.isEmpty() ? index : index + "," + step;
    String base = letters.codePointCount(0, letters.length()) > 1 && !letters.matches("\\p{L}[0-9₀-₉]+")
        ? "\\mathrm{" + letters(letters) + "}" : letters(letters);
    return base + above + (below.isEmpty() ? "" : below.length() == 1 ? "_" + below : "_{" + below + "}");
  }

  /** Greek letters by their names. */
  private static String letters(String text) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      int greek = GREEK.indexOf(text.charAt(i));
      words.append(greek < 0 ? String.valueOf(text.charAt(i)) : "\\" + GREEK_WORDS.get(greek) + " ");
    }
    return words.toString().strip();
  }
}

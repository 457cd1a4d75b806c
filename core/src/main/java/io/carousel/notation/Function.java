package io.carousel.notation;

import io.carousel.cell.Activation;
import io.carousel.expr.Expr;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions that a cell's text may use. */
enum Function {
  // Element by element.
  SIGMOID("σ", Expr::sigmoid),
  TANH("\\tanh", Expr::tanh),
  RELU("\\operatorname{relu}", Expr::relu),
  EXP("\\exp", Expr::exp),
  LOG("\\log", Expr::log),
  SQRT("\\sqrt", Expr::sqrt),
  ABS("\\operatorname{abs}", Expr::abs),
  /** log(1 + exp x). */
  SOFTPLUS("\\operatorname{softplus}", Activation.SOFTPLUS::of),
  /** log σ(x). */
  LOGSIGMOID("\\log σ", x -> Activation.SOFTPLUS.of(x.negate()).negate()),
  /** x σ(x). */
  SILU("\\operatorname{silu}", x -> x.times(Expr.sigmoid(x))),
  /** Of two, element by element; of one, over its elements. */
  MAX(Kind.PAIR, "\\max"),
  MIN(Kind.PAIR, "\\min"),
  // Of the elements of a row, one number.
  SUM(Kind.FOLD, "\\operatorname{sum}"),
  MEAN(Kind.FOLD, "\\operatorname{mean}"),
  // Of the elements of a row, as many.
  SOFTMAX(Kind.ROW, "\\operatorname{softmax}"),
  /** (x − mean x) / √(variance of x + 10⁻⁵). */
  NORM(Kind.ROW, "\\operatorname{N}"),
  // Of several rows.
  /** Σ a ⊙ b. */
  DOT(Kind.DOT, "\\operatorname{dot}"),
  /** The matrix of all products of an element of one and an element of the other. */
  OUTER(Kind.OUTER, "\\operatorname{outer}"),
  /** A vector as one of each of some heads. */
  HEADS(Kind.HEADS, "\\operatorname{heads}"),
  /** The vectors of heads one after the other. */
  JOIN(Kind.JOIN, "\\operatorname{join}"),
  /** Of three: the second where the first is not 0, else the third. */
  WHERE(Kind.WHERE, "\\operatorname{where}"),
  CONCAT(Kind.CONCAT, "\\operatorname{concat}"),
  SPLIT(Kind.SPLIT, "\\operatorname{split}"),
  // With random numbers while training.
  /** Zeros, others at each step. */
  DROPOUT(Kind.RANDOM, "\\operatorname{dropout}"),
  /** Zeros, the same at all steps of a row. */
  VARIATIONAL_DROPOUT(Kind.RANDOM, "\\operatorname{dropout}");

  /** What it takes and gives. */
  enum Kind {
    MAP(1, 1),
    PAIR(1, 2),
    FOLD(1, 1),
    ROW(1, 1),
    DOT(2, 2),
    OUTER(2, 2),
    HEADS(2, 2),
    JOIN(1, 1),
    WHERE(3, 3),
    CONCAT(1, Integer.MAX_VALUE),
    SPLIT(1, 1),
    /** Something, and the part that is dropped, a number. */
    RANDOM(2, 2);

    final int least;
    final int most;

    Kind(int least, int most) {
      this.least = least;
      this.most = most;
    }

    /** How many arguments, in words. */
    String arguments() {
      return least == most ? least + (least == 1 ? " argument" : " arguments")
          : most == Integer.MAX_VALUE ? "at least " + least + " argument"
          : least + " or " + most + " arguments";
    }
  }

  final Kind kind;
  final String latex;
  /** What it does to each element; the others are in {@link Builder}. */
  final UnaryOperator<Expr> each;

  Function(Kind kind, String latex) {
    this(kind, latex, UnaryOperator.identity());
  }

  Function(String latex, UnaryOperator<Expr> each) {
    this(Kind.MAP, latex, each);
  }

  Function(Kind kind, String latex, UnaryOperator<Expr> each) {
    this.kind = kind;
    this.latex = latex;
    this.each = each;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The function with that name, or null. */
  static @Nullable Function of(String name) {
    for (Function each : values()) {
      if (each.word().equals(name)) {
        return each;
      }
    }
    return switch (name) {
      case "σ" -> SIGMOID;
      case "ReLU" -> RELU;
      case "ln" -> LOG;
      case "layernorm", "LN" -> NORM;
      default -> null;
    };
  }

  static List<String> words() {
    return Stream.of(values()).map(Function::word).toList();
  }
}

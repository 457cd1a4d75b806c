package io.carousel.notation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions that a cell's text may use; what each does is in {@link Builder}. */
enum Function {
  // Element by element.
  SIGMOID(Kind.MAP, "σ"),
  TANH(Kind.MAP, "\\tanh"),
  RELU(Kind.MAP, "\\operatorname{relu}"),
  EXP(Kind.MAP, "\\exp"),
  LOG(Kind.MAP, "\\log"),
  SQRT(Kind.MAP, "\\sqrt"),
  ABS(Kind.MAP, "\\operatorname{abs}"),
  /** log(1 + exp x). */
  SOFTPLUS(Kind.MAP, "\\operatorname{softplus}"),
  /** log σ(x). */
  LOGSIGMOID(Kind.MAP, "\\log σ"),
  /** x σ(x). */
  SILU(Kind.MAP, "\\operatorname{silu}"),
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

  Function(Kind kind, String latex) {
    this.kind = kind;
    this.latex = latex;
  }

  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
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
    List<String> words = new ArrayList<>();
    for (Function each : values()) {
      words.add(each.word());
    }
    return words;
  }
}

package io.carousel.cell;

import io.carousel.expr.Expr;
import java.util.Locale;

/** A function applied to each output of a layer. */
public enum Activation {
  /** x. */
  LINEAR,
  /** max(x, 0). */
  RELU,
  /** 1 / (1 + exp(−x)): a probability for each output. */
  SIGMOID,
  /** tanh x. */
  TANH,
  /** exp(x) / Σ exp(x) over the outputs: probabilities that add up to 1. */
  SOFTMAX;

  /** The function of an expression. */
  public Expr of(Expr x) {
    return switch (this) {
      case LINEAR -> x;
      case RELU -> Expr.relu(x);
      case SIGMOID -> Expr.sigmoid(x);
      case TANH -> Expr.tanh(x);
      case SOFTMAX -> Expr.softmax(x);
    };
  }

  /** Its name in model files and summaries, {@code relu}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

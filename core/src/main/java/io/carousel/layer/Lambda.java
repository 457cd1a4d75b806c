package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.function.UnaryOperator;

/**
 * A function of one's own, written with {@link Expr}: {@code new Lambda("half", x -> x.times(0.5))}. It is given
 * vectors [B,F], or a sequence [T,B,F], time first, and gives one of either; its derivative is derived.
 *
 * <p>A model file has no place for code: a model with such a layer cannot be saved, its parameters can.
 *
 * @param name what it is called in summaries and errors
 * @param function what it does with each signal
 */
public record Lambda(String name, UnaryOperator<Expr> function) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Expr value = function.apply(in.value());
    Signal out = Signal.of(value, in.lengths());
    if (value.isInt() || value.shape().rank() < 2) {
      throw new IllegalArgumentException(
          this + ": the function must give [B,…] or [T,B,…], got " + value.shape() + " for " + in.value().shape());
    }
    return out.isSequence() && in.isSequence() ? out : requireRows(out);
  }

  private Signal requireRows(Signal out) {
    if (out.value().shape().size(0) != io.carousel.tensor.Shape.B) {
      throw new IllegalArgumentException(
          this + ": the function must give [B,…], or [T,B,…] of a sequence, got " + out.value().shape());
    }
    return Signal.of(out.value(), null);
  }

  @Override
  public String kind() {
    return "lambda";
  }

  @Override
  public String toString() {
    return "Lambda(" + name + ")";
  }
}

package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;

/**
 * Skips the steps of a sequence all of whose numbers have one value, wherever they stand: later recurrent layers
 * do not step there, and poolings leave them out. The steps stay in the sequence, as zeros.
 *
 * <p>Source: Keras's {@code Masking}.
 *
 * @param value what marks a step to be skipped, often 0
 */
public record Masking(double value) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    Expr x = in.value();
    if (x.shape().rank() != 3) {
      throw new IllegalArgumentException(this + ": input must be [B,T,F], got " + in.shapeText());
    }
    Expr marked = x.equal(Expr.constant((float) value)).sum(-1);
    Expr read = marked.less(Expr.constant(in.features()));
    return in.reading(read);
  }

  @Override
  public String kind() {
    return "masking";
  }

  @Override
  public String toString() {
    return "Masking(" + value + ")";
  }
}

package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;

/**
 * The steps of each row in the opposite order: y[t] = x[n − 1 − t] for a row of n steps, so that padding stays
 * behind. [B,T,…] to [B,T,…].
 */
public record Flip() implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    scope.requireWhole(toString(), "gives the last step first");
    Expr read = in.read();
    Expr lengths = in.requireLengths();
    return new Signal(
        in.value().flip(lengths), in.last(), lengths, true, read == null ? null : read.flip(lengths));
  }

  @Override
  public String kind() {
    return "flip";
  }

  @Override
  public String toString() {
    return "Flip()";
  }
}

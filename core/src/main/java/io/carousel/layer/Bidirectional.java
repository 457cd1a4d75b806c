package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer and its mirror image, each with its own parameters, their outputs side by side:
 * forward units first, then backward. [B,T,F] to [B,T,2H], or to the last outputs [B,2H], where the
 * backward one's last output is the one at the first step.
 *
 * <p>Source: Schuster, Paliwal: Bidirectional recurrent neural networks, 1997.
 *
 * @param layer the forward layer; it says whether whole sequences come out
 */
public record Bidirectional(Recurrent layer) implements Layer {
  public Bidirectional {
    if (layer.reverse()) {
      throw new IllegalArgumentException("Bidirectional: needs the forward layer, got a reverse " + layer);
    }
  }

  /** The same with the whole sequence as its output. */
  public Bidirectional returnSequences() {
    return new Bidirectional(layer.with(true, false));
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    Signal forward = layer.apply(in, scope.child("forward"));
    Signal backward = layer.with(layer.sequences(), true).apply(in, scope.child("backward"));
    return new Signal(
        sideBySide(forward.value(), backward.value()),
        layer.sequences() ? sideBySide(forward.last(), backward.last()) : null,
        forward.lengths(),
        forward.zeroPadded());
  }

  private static Expr sideBySide(@Nullable Expr forward, @Nullable Expr backward) {
    return Expr.concat(-1, List.of(Objects.requireNonNull(forward), Objects.requireNonNull(backward)));
  }

  @Override
  public String kind() {
    return "bidirectional";
  }

  @Override
  public String toString() {
    return "Bidirectional(" + layer + ")";
  }
}

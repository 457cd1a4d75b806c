package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.List;

/**
 * A layer whose input goes on beside its output: [B,T,F] to [B,T,H+F], the layer's features first.
 *
 * <p>What comes next sees both a word in its context and the word itself.
 *
 * <p>Source: Lai, Xu, Liu, Zhao: Recurrent convolutional neural networks for text classification, 2015,
 * equation 3 (a word between its left and right context); as dense connections: Huang et al., 2017.
 *
 * @param layer a layer that gives a sequence for a sequence
 */
public record Shortcut(Layer layer) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    Signal out = layer.apply(in, scope);
    if (!out.isSequence()) {
      throw new IllegalArgumentException(
          this + ": the layer must give a sequence [B,T,H], got " + out.shapeText() + "; call returnSequences()");
    }
    return new Signal(
        Expr.concat(-1, List.of(out.value(), in.value())), null, out.lengths(), out.zeroPadded() && in.zeroPadded(),
        out.read());
  }

  @Override
  public String kind() {
    return "shortcut";
  }

  @Override
  public String toString() {
    return "Shortcut(" + layer + ")";
  }
}

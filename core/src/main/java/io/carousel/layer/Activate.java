package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.parameter.Scope;

/**
 * A function of each number of a signal, as a layer of its own.
 *
 * @param activation the function
 */
public record Activate(Activation activation) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    return Layer.requireFeatures(this, in).map(activation::of, activation.keepsZero());
  }

  @Override
  public String kind() {
    return "activation";
  }

  @Override
  public String toString() {
    return "Activation(" + activation.word() + ")";
  }
}

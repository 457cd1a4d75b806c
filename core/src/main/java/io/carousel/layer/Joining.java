package io.carousel.layer;

import io.carousel.parameter.Scope;
import java.util.List;

/** A layer that follows any number of signals, or gives several. */
public interface Joining extends Layer {
  /**
   * The signals after this layer.
   *
   * @throws IllegalArgumentException if it cannot follow such signals; says what would do
   */
  @Override
  List<Signal> apply(List<Signal> in, Scope scope);

  @Override
  default Signal apply(Signal in, Scope scope) {
    return apply(List.of(in), scope).getFirst();
  }
}

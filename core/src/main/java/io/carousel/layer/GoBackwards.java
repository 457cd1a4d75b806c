package io.carousel.layer;

import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer from a row's last step to its first, whose outputs come in the order in which they are made:
 * y[t] after reading t + 1 steps from the end. A reverse layer, in contrast, gives each output at its own step. It
 * is the layer after a {@link Flip}.
 *
 * <p>Source: Keras's {@code go_backwards}. Differs from the source: a row shorter than the batch's longest is read
 * from its own last step, and its outputs come first, as if it stood alone.
 *
 * @param layer the reverse layer
 */
public record GoBackwards(Recurrent layer) implements Joining {
  public GoBackwards {
    if (!layer.reverse()) {
      throw new IllegalArgumentException("GoBackwards: needs the reverse layer, got a forward " + layer);
    }
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    List<Signal> signals = new ArrayList<>(layer.apply(in, scope));
    if (layer.sequences()) {
      signals.set(0, new Flip().apply(signals.getFirst(), scope));
    }
    return signals;
  }

  @Override
  public int signals() {
    return layer.signals();
  }

  @Override
  public int states() {
    return layer.states();
  }

  @Override
  public String kind() {
    return layer.kind();
  }

  @Override
  public String toString() {
    return "GoBackwards(" + layer + ")";
  }
}

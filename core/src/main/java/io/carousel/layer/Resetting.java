package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer whose rows may begin anew within a sequence: {@code new Lstm(64).resets().on(x, r)}. Where r,
 * [B,T,1], is 1 the states before the step are those before the first step; elsewhere it must be 0. A reset counts
 * at a step that is skipped too.
 *
 * @param layer what is reset
 */
public record Resetting(Recurrent layer) implements Joining {
  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    if (in.size() < 2) {
      throw new IllegalArgumentException(this + ": must follow a sequence and the resets [B,T,1], got " + in.size()
          + (in.size() == 1 ? " signal" : " signals"));
    }
    Signal resets = Layer.requireSequence(this, in.get(1));
    Expr flags = resets.zeroed();
    if (flags.shape().rank() != 3 || resets.features() != 1) {
      throw new IllegalArgumentException(this + ": resets must be [B,T,1], got " + resets.shapeText());
    }
    List<Signal> others = new ArrayList<>(in);
    others.remove(1);
    return Unroll.of(layer, others, flags, scope);
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
    return "Resetting(" + layer + ")";
  }
}

package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Layers around which their input goes on and is added to their output: y = x + f(x), of one shape.
 *
 * <p>Source: He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2016.
 *
 * @param layers f, one after the other
 */
public record Residual(List<Layer> layers) implements Layer {
  public Residual {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Residual: needs at least one layer");
    }
  }

  public Residual(Layer... layers) {
    this(List.of(layers));
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Signal out = in;
    for (int i = 0; i < layers.size(); i++) {
      out = layers.get(i).apply(out, scope.child(Integer.toString(i)));
    }
    if (!out.value().shape().equals(in.value().shape())) {
      throw new IllegalArgumentException(
          this + ": the layers must give what comes in, " + in.shapeText() + ", got " + out.shapeText()
              + "; give the last one as many units, or put a Dense of these units before");
    }
    Expr before = in.last();
    Expr after = out.last();
    return new Signal(
        in.value().plus(out.value()), before == null || after == null ? null : before.plus(after), in.lengths(),
        in.zeroPadded() && out.zeroPadded(), out.read());
  }

  @Override
  public String kind() {
    return "residual";
  }

  @Override
  public String toString() {
    return layers.stream().map(Layer::toString).collect(Collectors.joining(", ", "Residual(", ")"));
  }
}

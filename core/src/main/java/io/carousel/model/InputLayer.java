package io.carousel.model;

import io.carousel.layer.Joining;
import io.carousel.layer.Signal;
import io.carousel.parameter.Scope;
import java.util.List;

/**
 * Where a signal comes into a model: from a batch, or, where the model is a layer of another, from the layer
 * before it.
 */
record InputLayer(Input input) implements Joining {
  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    if (in.isEmpty()) {
      return List.of(input.signal(scope.name()));
    }
    Signal own = input.signal(scope.name());
    Signal given = in.getFirst();
    if (!own.value().shape().equals(given.value().shape()) || own.value().isInt() != given.value().isInt()) {
      throw new IllegalArgumentException(
          scope.name() + ": must be " + input + ", got " + given.shapeText()
              + (given.value().isInt() ? " tokens" : "") + "; change what comes before this model");
    }
    return in;
  }

  @Override
  public String kind() {
    return Input.DEFAULT_NAME;
  }

  @Override
  public String toString() {
    return input.toString();
  }
}

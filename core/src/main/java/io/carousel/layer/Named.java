package io.carousel.layer;

import io.carousel.parameter.Scope;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A layer under a name of its own. If it is shared it is one layer wherever it stands in a model, in a
 * sequence or in branches: one set of parameters, of which each place adds to the gradient. While training,
 * dropout within it drops other numbers at each place.
 *
 * @param layer what is named
 * @param name letters, digits, - and _
 * @param shared true if it may stand in several places, false if the name must be unique
 */
public record Named(Layer layer, String name, boolean shared) implements Joining {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]+");

  public Named {
    requireName(name);
    if (layer instanceof Named) {
      throw new IllegalArgumentException(layer + ": has a name, so it cannot be called " + name + " as well");
    }
  }

  /** The common check of names in models. */
  public static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Layer: a name must be of letters, digits, - and _, got \"" + name + "\"");
    }
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    return layer.apply(in, shared ? scope.shared(name) : scope);
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
    return name;
  }

  @Override
  public String toString() {
    return layer.toString();
  }
}

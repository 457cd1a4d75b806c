package io.carousel.layer;

import io.carousel.parameter.Rule;
import io.carousel.parameter.Scope;
import java.util.List;

/**
 * A layer whose parameters obey rules: how they begin, what their size costs, what they are brought back to, whether
 * training changes them. Made by {@link Layer#with}.
 *
 * @param layer the layer
 * @param rules of its parameters; of several for one parameter the first that says something counts
 */
public record Ruled(Layer layer, List<Rule> rules) implements Joining {
  public Ruled {
    rules = List.copyOf(rules);
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("Ruled: needs at least one rule for " + layer);
    }
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    int before = scope.declared().size();
    Scope obeying = scope.obeying(rules);
    List<Signal> out = layer.apply(in, obeying);
    for (Rule rule : rules) {
      obeying.requireUsed(this, rule, before);
    }
    return out;
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
    return layer + " with " + rules;
  }
}

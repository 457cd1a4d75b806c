package io.carousel.model;

import io.carousel.parameter.Constraint;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Regularizer;
import io.carousel.parameter.Rule;
import java.util.Map;

/** What parameters obey as a plain tree; what a rule does not say is not written. */
final class RuleTree {
  private RuleTree() {}

  static Map<String, Object> describe(Rule rule) {
    Map<String, Object> tree = Architecture.tree("parameter", rule.parameter(), "frozen", rule.isFrozen());
    Initializer initializer = rule.initializer();
    if (initializer != null) {
      tree.put("initializer", requireNamed(initializer).toString());
    }
    Regularizer regularizer = rule.regularizer();
    if (regularizer != null) {
      tree.put("l1", regularizer.l1());
      tree.put("l2", regularizer.l2());
    }
    switch (rule.constraint()) {
      case null -> {}
      case Constraint.MaxNorm max -> tree.put("maxNorm", max.maximum());
      case Constraint.UnitNorm unit -> tree.put("unitNorm", true);
      case Constraint.NonNegative positive -> tree.put("nonNegative", true);
    }
    return tree;
  }

  private static Initializer requireNamed(Initializer initializer) {
    try {
      if (Initializers.named(initializer.toString()).equals(initializer)) {
        return initializer;
      }
    } catch (IllegalArgumentException e) {
      throw foreign(e);
    }
    throw foreign(null);
  }

  private static IllegalArgumentException foreign(@org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException(
        "Rule: only the library's own initializers can be described in a model file; save the parameters alone",
        cause);
  }

  static Rule rule(Architecture.Node node) {
    Rule rule = Rule.of(node.string("parameter"));
    rule = node.flag("frozen") ? rule.frozen() : rule;
    if (node.has("initializer")) {
      rule = rule.initializer(Initializers.named(node.string("initializer")));
    }
    if (node.has("l1")) {
      rule = rule.regularizer(new Regularizer(node.number("l1"), node.number("l2")));
    }
    if (node.has("maxNorm")) {
      rule = rule.constraint(new Constraint.MaxNorm(node.number("maxNorm")));
    }
    if (node.has("unitNorm") && node.flag("unitNorm")) {
      rule = rule.constraint(new Constraint.UnitNorm());
    }
    if (node.has("nonNegative") && node.flag("nonNegative")) {
      rule = rule.constraint(new Constraint.NonNegative());
    }
    node.done();
    return rule;
  }
}

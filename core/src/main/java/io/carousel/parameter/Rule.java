package io.carousel.parameter;

import org.jspecify.annotations.Nullable;

/**
 * What parameters of a layer obey, in place of what the layer would do with them: how they begin, what their size
 * costs, what they are brought back to, whether training changes them.
 *
 * <pre>
 *   new Dense(64).with(Rule.of("W").initializer(Initializers.heNormal()).l2(1e-4), Rule.of("b").frozen())
 * </pre>
 *
 * A rule of {@code W} is one of all parameters that are called W in the layer and in what the layer is made of, both
 * directions of a bidirectional one for example; {@code forward.W} is one of them. In {@code x W + h R + b} the
 * names are those that Keras calls kernel, recurrent kernel and bias.
 *
 * @param parameter the name, or {@code *} for all
 * @param initializer how they begin, or null
 * @param regularizer what their size costs, or null
 * @param constraint what they are brought back to after each step, or null
 * @param isFrozen true if training leaves them as they are
 */
public record Rule(
    String parameter,
    @Nullable Initializer initializer,
    @Nullable Regularizer regularizer,
    @Nullable Constraint constraint,
    boolean isFrozen) {
  private static final String ALL = "*";

  /** Nothing out of the ordinary. */
  static final Rule NONE = all();

  public Rule {
    if (parameter.isEmpty()) {
      throw new IllegalArgumentException("Rule: needs the name of a parameter, W for example, or * for all");
    }
  }

  /** Of the parameters of this name; says nothing yet. */
  public static Rule of(String parameter) {
    return new Rule(parameter, null, null, null, false);
  }

  /** Of all parameters of a layer. */
  public static Rule all() {
    return of(ALL);
  }

  /** The same with a beginning. */
  public Rule initializer(Initializer how) {
    return new Rule(parameter, how, regularizer, constraint, isFrozen);
  }

  /** The same with a cost. */
  public Rule regularizer(Regularizer cost) {
    return new Rule(parameter, initializer, cost, constraint, isFrozen);
  }

  /** The same with a cost of absolute values. */
  public Rule l1(double cost) {
    return regularizer(new Regularizer(cost, regularizer == null ? 0 : regularizer.l2()));
  }

  /** The same with a cost of squares. */
  public Rule l2(double cost) {
    return regularizer(new Regularizer(regularizer == null ? 0 : regularizer.l1(), cost));
  }

  /** The same, brought back after each step. */
  public Rule constraint(Constraint to) {
    return new Rule(parameter, initializer, regularizer, to, isFrozen);
  }

  /** The same with columns no longer than this. */
  public Rule maxNorm(double maximum) {
    return constraint(new Constraint.MaxNorm(maximum));
  }

  /** The same, left by training as they are. */
  public Rule frozen() {
    return new Rule(parameter, initializer, regularizer, constraint, true);
  }

  /** True if this is a rule of a parameter with that full name. */
  boolean isOf(String name) {
    return parameter.equals(ALL) || name.endsWith("." + parameter) || name.equals(parameter);
  }

  /** True if this is a rule of all parameters that freezes them. */
  boolean freezesAll() {
    return parameter.equals(ALL) && isFrozen;
  }

  /** This, and what another one says where this says nothing. */
  Rule orElse(Rule other) {
    return new Rule(
        parameter,
        initializer != null ? initializer : other.initializer,
        regularizer != null ? regularizer : other.regularizer,
        constraint != null ? constraint : other.constraint,
        isFrozen || other.isFrozen);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(parameter);
    text.append(initializer == null ? "" : " begins " + initializer);
    text.append(regularizer == null ? "" : ", " + regularizer);
    text.append(constraint == null ? "" : ", " + constraint);
    return text.append(isFrozen ? ", frozen" : "").toString();
  }
}

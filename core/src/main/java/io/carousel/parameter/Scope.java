package io.carousel.parameter;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The place of a layer in a model while the model's expressions are built: its name, whether the
 * build is for training, and where it declares parameters.
 */
public final class Scope {
  /** A declared parameter: full name, shape, how it begins, whether training changes it. */
  public record Declaration(String name, Shape shape, Initializer initializer, boolean trainable) {}

  private final String name;
  private final boolean training;
  private final List<Declaration> declared;
  private final BiFunction<String, Expr, Expr> seen;

  /** The scope of a layer with that unique name. */
  public Scope(String name, boolean training) {
    this(name, training, new ArrayList<>(), (parameter, itself) -> itself);
  }

  private Scope(
      String name, boolean training, List<Declaration> declared, BiFunction<String, Expr, Expr> seen) {
    this.name = name;
    this.training = training;
    this.declared = declared;
    this.seen = seen;
  }

  /** The unique name of the layer, {@code lstm_1}, also good as the name of a random stream. */
  public String name() {
    return name;
  }

  /** True if dropout and the like are active. */
  public boolean training() {
    return training;
  }

  /** A scope within this one; its parameters are called {@code name.part.…}. */
  public Scope child(String part) {
    return new Scope(name + "." + part, training, declared, seen);
  }

  /**
   * The same scope, but equations see something made of its parameters instead of the parameters themselves: how
   * weights are dropped, tied or normalized without the layer's knowledge.
   *
   * @param change from a parameter's full name, {@code lstm_1.R}, and the parameter to what stands for it, of the
   *     same shape
   */
  public Scope seenAs(BiFunction<String, Expr, Expr> change) {
    return new Scope(
        name, training, declared, (parameter, itself) -> seen.apply(parameter, change.apply(parameter, itself)));
  }

  /** Declares a parameter that training changes, called {@code name.parameter}. */
  public Expr parameter(String parameter, Shape shape, Initializer initializer) {
    return parameter(parameter, shape, initializer, true);
  }

  /** Declares a parameter. */
  public Expr parameter(String parameter, Shape shape, Initializer initializer, boolean trainable) {
    String full = name + "." + parameter;
    for (Declaration other : declared) {
      if (other.name().equals(full)) {
        throw new IllegalArgumentException(name + ": the parameter " + full + " is declared twice");
      }
    }
    declared.add(new Declaration(full, shape, initializer, trainable));
    return seen.apply(full, Expr.parameter(full, shape));
  }

  /** What has been declared in this scope and in those within it, in order. */
  public List<Declaration> declared() {
    return declared;
  }
}

package io.carousel.parameter;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

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

  /** The scope of a layer with that unique name. */
  public Scope(String name, boolean training) {
    this(name, training, new ArrayList<>());
  }

  private Scope(String name, boolean training, List<Declaration> declared) {
    this.name = name;
    this.training = training;
    this.declared = declared;
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
    return new Scope(name + "." + part, training, declared);
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
    return Expr.parameter(full, shape);
  }

  /** What has been declared in this scope and in those within it, in order. */
  public List<Declaration> declared() {
    return declared;
  }
}

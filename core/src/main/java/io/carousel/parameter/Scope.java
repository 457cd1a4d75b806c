package io.carousel.parameter;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The place of a layer in a model while the model's expressions are built: its name, whether the
 * build is for training, and where it declares parameters and the states that go from run to run.
 */
public final class Scope {
  /** A declared parameter: full name, shape, how it begins, whether training changes it. */
  public record Declaration(String name, Shape shape, Initializer initializer, boolean trainable) {}

  /**
   * A state that one run leaves to the next.
   *
   * @param name the name of the input by which it comes back
   * @param last what it is after the last step, [B,…]
   */
  public record Carried(String name, Expr last) {}

  /** The input that says which rows begin anew though states are carried, [B,1]: 1 for those, else 0. */
  public static final String FRESH = "fresh";

  /** What all scopes of one build share. */
  private static final class Build {
    final boolean training;
    final boolean carries;
    final List<Declaration> declared = new ArrayList<>();
    final Map<String, Expr> parameters = new HashMap<>();
    final Map<String, Integer> shared = new HashMap<>();
    final Set<String> sharedParameters = new HashSet<>();
    final List<Carried> carried = new ArrayList<>();

    Build(boolean training, boolean carries) {
      this.training = training;
      this.carries = carries;
    }
  }

  private final Build build;
  private final String name;
  /** What the names of its parameters begin with: the name, but for a further place of a shared layer. */
  private final String path;
  /** The path of the model that it is in. */
  private final String model;
  private final boolean isShared;
  /** What equations see of a parameter. */
  private final BiFunction<String, Expr, Expr> seen;

  private Scope(
      Build build, String name, String path, String model, boolean isShared, BiFunction<String, Expr, Expr> seen) {
    this.build = build;
    this.name = name;
    this.path = path;
    this.model = model;
    this.isShared = isShared;
    this.seen = seen;
  }

  /** The scope of a layer with that unique name. */
  public Scope(String name, boolean training) {
    this(new Build(training, false), name, name, "", false, (parameter, itself) -> itself);
  }

  /**
   * The scope of a whole model, without a name.
   *
   * @param carries true if states go from run to run
   */
  public static Scope of(boolean training, boolean carries) {
    return new Scope(new Build(training, carries), "", "", "", false, (parameter, itself) -> itself);
  }

  /** The unique name of the layer, {@code lstm_1}, also good as the name of a random stream. */
  public String name() {
    return name;
  }

  /** True if dropout and the like are active. */
  public boolean training() {
    return build.training;
  }

  /** A scope within this one; its parameters are called {@code name.part.…}. */
  public Scope child(String part) {
    return new Scope(build, within(name, part), within(path, part), model, isShared, seen);
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
        build, name, path, model, isShared,
        (parameter, itself) -> seen.apply(parameter, change.apply(parameter, itself)));
  }

  /** The scope of a model within a model: the parameters that its layers share are its own. */
  public Scope ofModel() {
    return new Scope(build, name, path, path, isShared, seen);
  }

  /**
   * The scope of a layer that may stand in several places of a model: its parameters are declared at the
   * first, called {@code layer.…}, and given again at the others. The name differs from place to place, so
   * that random streams do.
   */
  public Scope shared(String layer) {
    String shared = within(model, layer);
    int before = build.shared.merge(shared, 1, Integer::sum) - 1;
    return new Scope(build, before == 0 ? shared : shared + "#" + before, shared, model, true, seen);
  }

  private static String within(String outer, String part) {
    return outer.isEmpty() ? part : outer + "." + part;
  }

  /** Declares a parameter that training changes, called {@code name.parameter}. */
  public Expr parameter(String parameter, Shape shape, Initializer initializer) {
    return parameter(parameter, shape, initializer, true);
  }

  /** Declares a parameter. */
  public Expr parameter(String parameter, Shape shape, Initializer initializer, boolean trainable) {
    String full = within(path, parameter);
    Expr before = build.parameters.get(full);
    if (before != null && (!isShared || !build.sharedParameters.contains(full))) {
      throw new IllegalArgumentException(path + ": the parameter " + full + " is declared twice");
    }
    if (before != null && !before.shape().equals(shape)) {
      throw new IllegalArgumentException(
          path + ": is shared, so " + full + " must be " + before.shape() + " at all its places, got " + shape
              + "; give it inputs of one size");
    }
    if (before != null) {
      return seen.apply(full, before);
    }
    Expr made = Expr.parameter(full, shape);
    build.declared.add(new Declaration(full, shape, initializer, trainable));
    build.parameters.put(full, made);
    if (isShared) {
      build.sharedParameters.add(full);
    }
    return seen.apply(full, made);
  }

  /** What has been declared in this build so far, in order. */
  public List<Declaration> declared() {
    return List.copyOf(build.declared);
  }

  /**
   * A state before the first step: {@code initial}, or, where states are carried from run to run, what the
   * run before left in it, but for rows that begin anew.
   *
   * @param state its name within this scope
   * @param initial [B,…]
   */
  public Expr begin(String state, Expr initial) {
    if (!build.carries) {
      return initial;
    }
    int[] sizes = new int[initial.shape().rank()];
    Arrays.fill(sizes, 1);
    sizes[0] = Shape.B;
    Expr fresh = Expr.input(FRESH, Shape.of(Shape.B, 1)).reshape(Shape.of(sizes));
    return Expr.select(fresh, initial, Expr.input(within(name, state), initial.shape()));
  }

  /** What a state that {@link #begin} gave is after the last step. */
  public void end(String state, Expr last) {
    if (build.carries) {
      build.carried.add(new Carried(within(name, state), last));
    }
  }

  /** The states that go from run to run; none where they are not carried. */
  public List<Carried> carried() {
    return List.copyOf(build.carried);
  }
}

package io.carousel.parameter;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
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
  /**
   * A declared parameter: full name, shape, how it begins, whether training changes it.
   *
   * @param rule what it obeys besides; that of most parameters says nothing
   */
  public record Declaration(String name, Shape shape, Initializer initializer, boolean trainable, Rule rule) {}

  /** A parameter that training sets, rather than moves by its gradient, and what it is after a step. */
  public record Update(String parameter, Expr next) {}

  /**
   * A state that one run leaves to the next.
   *
   * @param name the name of the input by which it comes back
   * @param last what it is after the last step, [B,…]
   */
  public record Carried(String name, Expr last) {}

  /**
   * The most steps that rows may have at a layer.
   *
   * @param layer who says so
   * @param lengths whole numbers [B], made of an input's by windows alone
   */
  public record Limit(String layer, Expr lengths, int most) {}

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
    final List<Expr> costs = new ArrayList<>();
    final List<Update> updates = new ArrayList<>();
    final List<Limit> limits = new ArrayList<>();

    Build(boolean training, boolean carries) {
      this.training = training;
      this.carries = carries;
    }

    Build(Build before) {
      this(before.training, before.carries);
      parameters.putAll(before.parameters);
      shared.putAll(before.shared);
      sharedParameters.addAll(before.sharedParameters);
    }
  }

  private final Build build;
  private final String name;
  /** What the names of its parameters begin with: the name, but for a further place of a shared layer. */
  private final String path;
  /** The path of the model that it is in. */
  private final String model;
  private final boolean isShared;
  private final Treatment treatment;

  /**
   * What is done with the parameters that a layer declares.
   *
   * @param seen what equations see of a parameter
   * @param rules what parameters obey; the first says more than those after it
   */
  private record Treatment(BiFunction<String, Expr, Expr> seen, List<Rule> rules) {
    static final Treatment NONE = new Treatment((parameter, itself) -> itself, List.of());

    Rule rule(String parameter) {
      return rules.stream().filter(rule -> rule.isOf(parameter)).reduce(Rule.NONE, Rule::orElse);
    }
  }

  private Scope(
      Build build, String name, String path, String model, boolean isShared, Treatment treatment) {
    this.build = build;
    this.name = name;
    this.path = path;
    this.model = model;
    this.isShared = isShared;
    this.treatment = treatment;
  }

  /** The scope of a layer with that unique name. */
  public Scope(String name, boolean training) {
    this(new Build(training, false), name, name, "", false, Treatment.NONE);
  }

  /**
   * The scope of a whole model, without a name.
   *
   * @param carries true if states go from run to run
   */
  public static Scope of(boolean training, boolean carries) {
    return new Scope(new Build(training, carries), "", "", "", false, Treatment.NONE);
  }

  /** The unique name of the layer, {@code lstm_1}, also good as the name of a random stream. */
  public String name() {
    return name;
  }

  /** True if dropout and the like are active. */
  public boolean training() {
    return build.training;
  }

  /** The same scope in a copy of the build, to see whether a layer can follow a signal: nothing of it stays. */
  public Scope trial() {
    return new Scope(new Build(build), name, path, model, isShared, treatment);
  }

  /** A scope within this one; its parameters are called {@code name.part.…}. */
  public Scope child(String part) {
    return new Scope(build, within(name, part), within(path, part), model, isShared, treatment);
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
        new Treatment(
            (parameter, itself) -> treatment.seen.apply(parameter, change.apply(parameter, itself)),
            treatment.rules));
  }

  /** The scope of a model within a model: the parameters that its layers share are its own. */
  public Scope ofModel() {
    return new Scope(build, name, path, path, isShared, treatment);
  }

  /**
   * The scope of a layer that may stand in several places of a model: its parameters are declared at the
   * first, called {@code layer.…}, and given again at the others. The name differs from place to place, so
   * that random streams do.
   */
  public Scope shared(String layer) {
    String shared = within(model, layer);
    int before = build.shared.merge(shared, 1, Integer::sum) - 1;
    return new Scope(build, before == 0 ? shared : shared + "#" + before, shared, model, true, treatment);
  }

  /** The same scope, in which parameters obey these rules before those that they obey already. */
  public Scope obeying(List<Rule> first) {
    List<Rule> all = new ArrayList<>(first);
    all.addAll(treatment.rules);
    return new Scope(build, name, path, model, isShared, new Treatment(treatment.seen, List.copyOf(all)));
  }

  /** Refuses a rule that none of the parameters declared from some number on obeys. */
  public void requireUsed(Object who, Rule rule, int from) {
    List<Declaration> own = build.declared.subList(from, build.declared.size());
    // Those of a shared layer's further places were declared at the first.
    if (!isShared && own.stream().noneMatch(each -> rule.isOf(each.name()))) {
      throw new IllegalArgumentException(
          who + ": has no parameter " + rule.parameter() + ", there are "
              + own.stream().map(each -> each.name().substring(path.length() + 1)).toList());
    }
  }

  /** True if a rule leaves all parameters of the layer as they are. */
  public boolean isFrozen() {
    return treatment.rules.stream().anyMatch(Rule::freezesAll);
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
      return treatment.seen.apply(full, before);
    }
    Expr made = Expr.parameter(full, shape);
    Rule rule = treatment.rule(full);
    build.declared.add(new Declaration(full, shape, initializer, trainable && !rule.isFrozen(), rule));
    if (rule.regularizer() != null) {
      build.costs.add(rule.regularizer().each(made).sumAll());
    }
    build.parameters.put(full, made);
    if (isShared) {
      build.sharedParameters.add(full);
    }
    return treatment.seen.apply(full, made);
  }

  /**
   * A parameter that another layer of the model declared before.
   *
   * @param full its name, {@code embedding.W}
   * @throws IllegalArgumentException if there is none
   */
  public Expr declaredBefore(String full) {
    Expr known = build.parameters.get(within(model, full));
    if (known == null) {
      throw new IllegalArgumentException(
          path + ": there is no parameter " + full + " in a layer before it; there are "
              + build.declared.stream().map(Declaration::name).toList());
    }
    return known;
  }

  /** Says what a parameter that training does not move by its gradient is after each step of training. */
  public void update(Expr parameter, Expr next) {
    build.updates.add(new Update(((Op.Parameter) parameter.op()).name(), next));
  }

  /** Says that rows may have so many steps and no more, which is looked at before each run. */
  public void limit(String layer, Expr lengths, int most) {
    build.limits.add(new Limit(layer, lengths, most));
  }

  /** The most steps of rows that layers can take. */
  public List<Limit> limits() {
    return List.copyOf(build.limits);
  }

  /** Adds a cost to the loss of each row. */
  public void cost(Expr ofRows) {
    build.costs.add(ofRows);
  }

  /** What is added to the loss of each row: scalars and [B,1]. */
  public List<Expr> costs() {
    return List.copyOf(build.costs);
  }

  /** What training sets. */
  public List<Update> updates() {
    return List.copyOf(build.updates);
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

  /**
   * Refuses a layer that needs more than the steps so far where states go from run to run.
   *
   * @param why what it does, as in {@code reads from the end}
   */
  public void requireWhole(String layer, String why) {
    if (build.carries) {
      throw new IllegalArgumentException(
          layer + ": " + why + ", so it needs whole sequences and cannot go on from the state of the run before;"
              + " use a forward layer");
    }
  }

  /** The states that go from run to run; none where they are not carried. */
  public List<Carried> carried() {
    return List.copyOf(build.carried);
  }
}

package io.carousel.notation;

import io.carousel.notation.Syntax.Equation;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each name of a cell's text is. */
final class Names {
  /** What a name can be. */
  enum What {
    SIZE("a size"),
    INPUT("an input"),
    STATE("a state"),
    DEFINITION("an equation"),
    PARAMETER("a parameter");

    private final String words;

    What(String words) {
      this.words = words;
    }
  }

  /** A name that is computed: an equation, and which of its equal parts if it is a split. */
  record Definition(String name, Equation equation, int part) {
    Node right() {
      return equation.right();
    }
  }

  private final Syntax syntax;
  private final Source source;
  private final Map<String, What> declared = new HashMap<>();
  private final SequencedMap<String, Definition> definitions = new LinkedHashMap<>();
  private final SequencedMap<String, Integer> parameters = new LinkedHashMap<>(); // where each is first named
  private final Set<String> matrices = new HashSet<>();
  private final Set<String> used = new HashSet<>();

  private Names(Syntax syntax) {
    this.syntax = syntax;
    this.source = syntax.source();
  }

  /** Resolves all names; what cannot be resolved is an error that points at it. */
  static Names of(Syntax syntax) {
    Names names = new Names(syntax);
    names.declare();
    names.define();
    names.resolve();
    names.checkUse();
    return names;
  }

  Syntax syntax() {
    return syntax;
  }

  /** What is computed, by name, in the order of the text. */
  SequencedMap<String, Definition> definitions() {
    return definitions;
  }

  /** What is computed under a name. */
  Definition definition(String name) {
    return Objects.requireNonNull(definitions.get(name), name);
  }

  /** Parameters in the order in which the text names them first, with that place. */
  SequencedMap<String, Integer> parameters() {
    return parameters;
  }

  /** True for a parameter that stands before what it multiplies. */
  boolean isMatrix(String parameter) {
    return matrices.contains(parameter);
  }

  /** True if training leaves a parameter as it is. */
  boolean isFixed(String parameter) {
    return syntax.params().stream().anyMatch(param -> param.name().equals(parameter) && param.fixed());
  }

  What what(Ref ref) {
    return definitions.containsKey(ref.toString()) ? What.DEFINITION
        : declared.getOrDefault(ref.name(), What.PARAMETER);
  }

  boolean is(What what, String name) {
    return declared.get(name) == what;
  }

  /** The parameter in the place of a matrix, alone or a part of its columns, or null. */
  @Nullable Ref weights(Syntax.Product product) {
    Node matrix = product.matrix() instanceof Syntax.Part part ? part.of() : product.matrix();
    return matrix instanceof Ref ref && what(ref) == What.PARAMETER ? ref : null;
  }

  // ---- declarations ------------------------------------------------------------------------

  private void declare() {
    syntax.sizes().forEach(size -> declare(size.name(), size.at(), What.SIZE));
    syntax.inputs().forEach(input -> declare(input.name(), input.at(), What.INPUT));
    syntax.states().forEach(state -> declare(state.name(), state.at(), What.STATE));
    syntax.params().forEach(param -> declare(param.name(), param.at(), What.PARAMETER));
    if (syntax.open() != null) {
      declared.putIfAbsent(syntax.open(), What.SIZE);
    }
  }

  private void declare(String name, int at, What what) {
    What before = declared.put(name, what);
    if (before != null) {
      throw source.error(at, name + " is " + before.words + " already; choose another name for " + what.words);
    }
  }

  private void define() {
    for (Equation equation : syntax.equations()) {
      for (Ref target : equation.targets()) {
        checkTarget(target);
        Definition definition = new Definition(target.toString(), equation, equation.targets().indexOf(target));
        if (definitions.putIfAbsent(target.toString(), definition) != null) {
          throw source.error(target.at(), target + " has an equation already; choose another name");
        }
      }
    }
    for (Syntax.State state : syntax.states()) {
      if (!definitions.containsKey(state.name() + "'")) {
        throw source.error(state.at(), "the state " + state.name() + " has no equation for its next value; add "
            + state.name() + "' = …");
      }
    }
  }

  private void checkTarget(Ref target) {
    String name = target.name();
    What what = declared.get(name);
    if (target.next() && what != What.STATE) {
      throw source.error(target.at(), target + " would be the next value of " + name + ", which is no state; write "
          + name + ", or declare state " + name + "[" + syntax.sizes().getFirst().name() + "]");
    }
    String problem = target.next() ? null
        : what == What.STATE ? "a state, whose next value is " + name + "'; write " + name + "' = …"
        : what == What.PARAMETER ? "a parameter, which training changes; choose another name"
        : what != null ? what.words + "; choose another name"
        : Function.of(name) != null ? "a function; choose another name"
        : null;
    if (problem != null) {
      throw source.error(target.at(), name + " is " + problem);
    }
  }

  // ---- uses --------------------------------------------------------------------------------

  private void resolve() {
    for (Equation equation : syntax.equations()) {
      resolve(String.valueOf(equation.targets().getFirst()), equation.right(), false);
    }
    if (syntax.output() != null) {
      resolve("output", syntax.output(), false);
    }
    for (Syntax.Param param : syntax.params()) {
      if (parameters.computeIfPresent(param.name(), (name, at) -> Math.min(at, param.at())) == null) {
        throw source.error(param.at(), "the parameter " + param.name() + " is used nowhere; use it, or remove it");
      }
    }
    Map<String, Integer> places = new HashMap<>(parameters);
    parameters.clear();
    places.entrySet().stream().sorted(Map.Entry.comparingByValue())
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
  }

  private void resolve(String user, Node node, boolean asMatrix) {
    switch (node) {
      case Ref ref -> resolve(user, ref, asMatrix);
      case Syntax.Product p -> {
        resolve(user, p.matrix(), true);
        resolve(user, p.operand(), false);
      }
      case Syntax.Part p -> resolve(user, p.of(), asMatrix);
      default -> node.children().forEach(child -> resolve(user, child, false));
    }
  }

  private void resolve(String user, Ref ref, boolean asMatrix) {
    String name = ref.name();
    if (ref.next() && !is(What.STATE, name)) {
      throw new Suggestions(this).noState(user, ref);
    }
    if (ref.next() || what(ref) != What.PARAMETER) {
      used.add(ref.toString());
      return;
    }
    boolean capital = Character.isUpperCase(name.codePointAt(0));
    boolean vector = name.matches("[bp](_.*)?");
    if (!declared.containsKey(name) && !parameters.containsKey(name) && !(asMatrix ? capital : vector)) {
      throw new Suggestions(this).undefined(user, ref, asMatrix, capital);
    }
    if (parameters.putIfAbsent(name, ref.at()) == null) {
      if (asMatrix) {
        matrices.add(name);
      }
    } else if (matrices.contains(name) != asMatrix) {
      throw source.error(ref.at(), name + " stands " + (asMatrix ? "alone" : "before what it multiplies")
          + " elsewhere; a weight matrix always stands before what it multiplies, as in " + name
          + " h; choose another name");
    }
  }

  private void checkUse() {
    for (Definition definition : definitions.values()) {
      String name = definition.name();
      if (!name.endsWith("'") && !used.contains(name)) {
        Ref target = definition.equation().targets().get(definition.part());
        throw source.error(target.at(), name + " is computed but used nowhere; use it, or remove its equation");
      }
    }
    for (Syntax.Init init : syntax.inits()) {
      if (!parameters.containsKey(init.name())) {
        throw source.error(init.at(), init.name() + " is no parameter of this cell"
            + Suggestions.among(init.name(), parameters.keySet(), "; they are "));
      }
    }
  }
}

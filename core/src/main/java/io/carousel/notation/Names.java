package io.carousel.notation;

import io.carousel.notation.Syntax.Equation;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each name of a cell's text is, in which order equations are computed, and what reads a state. */
final class Names {
  /** What a name can be. */
  enum What {
    SIZE,
    INPUT,
    STATE,
    DEFINITION,
    PARAMETER
  }

  /** A name that is computed: an equation, and which of its equal parts if it is a split. */
  record Definition(String name, Equation equation, int part) {}

  /** The word for the output in place of an equation's name. */
  static final String OUTPUT = "output";

  private final Syntax syntax;
  private final Source source;
  private final SequencedMap<String, Definition> definitions = new LinkedHashMap<>();
  private final SequencedMap<String, Integer> parameters = new LinkedHashMap<>(); // where each is first named
  private final Set<String> matrices = new HashSet<>();
  private final Set<String> declared = new HashSet<>();
  private final Set<String> used = new HashSet<>();
  private final List<Definition> order = new ArrayList<>();
  private final Set<String> readsState = new HashSet<>();
  private final Set<String> readsInput = new HashSet<>();

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
    names.sort();
    return names;
  }

  Syntax syntax() {
    return syntax;
  }

  /** Equations' names in an order in which they can be computed. */
  List<Definition> order() {
    return order;
  }

  /** Parameters in the order in which the text names them first, with that place. */
  SequencedMap<String, Integer> parameters() {
    return parameters;
  }

  /** True for a parameter that stands before what it multiplies. */
  boolean isMatrix(String parameter) {
    return matrices.contains(parameter);
  }

  What what(Ref ref) {
    return definitions.containsKey(ref.toString()) ? What.DEFINITION
        : isInput(ref.name()) ? What.INPUT
        : isState(ref.name()) ? What.STATE
        : isSize(ref.name()) ? What.SIZE
        : What.PARAMETER;
  }

  /** The parameter in the place of a matrix, alone or a part of its columns, or null. */
  @Nullable Ref weights(Syntax.Product product) {
    Node matrix = product.matrix() instanceof Syntax.Part part ? part.of() : product.matrix();
    return matrix instanceof Ref ref && what(ref) == What.PARAMETER ? ref : null;
  }

  /** True if an expression depends on a state before the step. */
  boolean readsState(Node node) {
    return reads(node, What.STATE, readsState);
  }

  /**
   * True if an expression is computed for all steps at once, before the loop: it is made of the input and reads no
   * state, and it goes over rows, which costs more within the loop. (Products leave the loop by themselves.)
   */
  boolean isBeforeLoop(Node node) {
    return reads(node, What.INPUT, readsInput) && !readsState(node) && goesOverRows(node);
  }

  /** True if training leaves a parameter as it is. */
  boolean isFixed(String parameter) {
    return syntax.params().stream().anyMatch(param -> param.name().equals(parameter) && param.fixed());
  }

  /**
   * True if a state is a stabilizer: its next value is the larger of two, and it is taken away within an exponential, so
   * that other states are divided by its own.
   */
  boolean isStabilizer(String state) {
    Node next = Objects.requireNonNull(definitions.get(state + "'")).equation().right();
    return next instanceof Syntax.Call call && call.function() == Function.MAX
        && syntax.equations().stream().anyMatch(equation -> isInExponent(state, equation.right()));
  }

  private static boolean isInExponent(String state, Node node) {
    return (node instanceof Syntax.Call call && call.function() == Function.EXP
            && refs(node).stream().anyMatch(ref -> ref.name().equals(state)))
        || children(node).stream().anyMatch(child -> isInExponent(state, child));
  }

  /** The second argument of {@code heads(a, N)}: a size, or a whole number. */
  Size headCount(Syntax.Call call) {
    Node count = call.args().get(1);
    if (count instanceof Ref ref && isSize(ref.name())) {
      return Size.of(ref.name());
    }
    if (count instanceof Syntax.Num number && number.value() >= 1 && number.value() == Math.rint(number.value())) {
      return Size.of((int) number.value());
    }
    throw source.error(count.at(), "the second argument of heads is how many there are, a size or a whole number");
  }

  private static boolean goesOverRows(Node node) {
    return (node instanceof Syntax.Call call && switch (call.function().kind) {
          case FOLD, ROW, DOT -> true;
          case PAIR -> call.args().size() == 1;
          default -> false;
        }) || children(node).stream().anyMatch(Names::goesOverRows);
  }

  /** All dropouts of the cell, in the order of the text. */
  List<Syntax.Call> drops() {
    List<Syntax.Call> drops = new ArrayList<>();
    syntax.equations().forEach(equation -> drops.addAll(drops(equation.right())));
    if (syntax.output() != null) {
      drops.addAll(drops(syntax.output()));
    }
    return drops;
  }

  private static List<Syntax.Call> drops(Node node) {
    List<Syntax.Call> drops = new ArrayList<>();
    if (node instanceof Syntax.Call call && call.function().kind == Function.Kind.RANDOM) {
      drops.add(call);
    }
    children(node).forEach(child -> drops.addAll(drops(child)));
    return drops;
  }

  private boolean reads(Node node, What what, Set<String> known) {
    for (Ref ref : refs(node)) {
      if (what(ref) == what || (what(ref) == What.DEFINITION && known.contains(ref.toString()))) {
        return true;
      }
    }
    return false;
  }

  boolean isSize(String name) {
    return syntax.sizes().stream().anyMatch(size -> size.name().equals(name))
        || name.equals(syntax.open());
  }

  boolean isInput(String name) {
    return syntax.inputs().stream().anyMatch(input -> input.name().equals(name));
  }

  boolean isState(String name) {
    return syntax.states().stream().anyMatch(state -> state.name().equals(name));
  }

  // ---- declarations ------------------------------------------------------------------------

  private void declare() {
    Map<String, String> taken = new HashMap<>();
    syntax.sizes().forEach(size -> take(taken, size.name(), size.at(), "a size"));
    syntax.inputs().forEach(input -> take(taken, input.name(), input.at(), "an input"));
    syntax.states().forEach(state -> take(taken, state.name(), state.at(), "a state"));
    syntax.params().forEach(param -> take(taken, param.name(), param.at(), "a parameter"));
    syntax.params().forEach(param -> declared.add(param.name()));
  }

  private void take(Map<String, String> taken, String name, int at, String what) {
    String before = taken.put(name, what);
    if (before != null) {
      throw source.error(at, name + " is " + before + " already; choose another name for " + what);
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
    if (target.next()) {
      if (!isState(name)) {
        throw source.error(target.at(), target + " would be the next value of " + name + ", which is no state; write "
            + name + ", or declare state " + name + "[" + syntax.sizes().getFirst().name() + "]");
      }
      return;
    }
    String what = isState(name) ? "a state, whose next value is " + name + "'; write " + name + "' = …"
        : isInput(name) ? "an input; choose another name"
        : isSize(name) ? "a size; choose another name"
        : declared.contains(name) ? "a parameter, which training changes; choose another name"
        : Function.of(name) != null ? "a function; choose another name"
        : null;
    if (what != null) {
      throw source.error(target.at(), name + " is " + what);
    }
  }

  // ---- uses --------------------------------------------------------------------------------

  private void resolve() {
    Map<String, Integer> lines = new HashMap<>();
    syntax.params().forEach(param -> lines.put(param.name(), param.at()));
    for (Equation equation : syntax.equations()) {
      resolve(String.valueOf(equation.targets().getFirst()), equation.right(), false);
    }
    if (syntax.output() != null) {
      resolve(OUTPUT, syntax.output(), false);
    }
    syntax.params().forEach(param -> {
      if (!parameters.containsKey(param.name())) {
        throw source.error(param.at(), "the parameter " + param.name() + " is used nowhere; use it, or remove it");
      }
    });
    List<Map.Entry<String, Integer>> sorted = new ArrayList<>();
    parameters.forEach((name, at) -> sorted.add(Map.entry(name, Math.min(at, lines.getOrDefault(name, at)))));
    sorted.sort(Map.Entry.comparingByValue());
    parameters.clear();
    sorted.forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
  }

  private void resolve(String user, Node node, boolean asMatrix) {
    switch (node) {
      case Ref ref -> resolve(user, ref, asMatrix);
      case Syntax.Product p -> {
        resolve(user, p.matrix(), true);
        resolve(user, p.operand(), false);
      }
      case Syntax.Part p -> resolve(user, p.of(), asMatrix);
      default -> children(node).forEach(child -> resolve(user, child, false));
    }
  }

  private void resolve(String user, Ref ref, boolean asMatrix) {
    String name = ref.name();
    if (ref.next()) {
      if (!isState(name)) {
        throw source.error(ref.at(), user + " uses " + ref + ", the next value of " + name
            + ", which is no state; " + (known().contains(name) ? "write " + name : suggestion(name)));
      }
      used.add(ref.toString());
      return;
    }
    if (definitions.containsKey(name) || isState(name) || isSize(name) || isInput(name)) {
      used.add(name);
      return;
    }
    boolean capital = Character.isUpperCase(name.codePointAt(0));
    boolean vector = name.matches("[bp](_.*)?");
    if (!declared.contains(name) && !parameters.containsKey(name) && !(asMatrix ? capital : vector)) {
      throw undefined(user, ref, asMatrix, capital);
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

  private CellTextException undefined(String user, Ref ref, boolean asMatrix, boolean capital) {
    String name = ref.name();
    String of = user + " uses " + name;
    boolean called = source.text().startsWith("(", ref.at() + name.length());
    if (asMatrix && called) {
      String close = nearest(name, Function.words());
      return source.error(ref.at(), of + ", which is no function; " + (close == null
          ? "there are " + String.join(", ", Function.words()) : "did you mean " + close + "?"));
    }
    if (asMatrix) {
      return source.error(ref.at(), of + ", which is not defined; a weight matrix begins with a capital, as "
          + name.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + name.substring(1)
          + ", and element by element is written with *");
    }
    if (name.endsWith("_t") && isState(name.substring(0, name.length() - 2))) {
      String state = name.substring(0, name.length() - 2);
      return source.error(ref.at(), of + ", which is not defined; write " + state + " for the value before the step, "
          + state + "' for the one after it");
    }
    if (capital) {
      return source.error(ref.at(), of + ", which is not defined; a weight matrix stands before what it multiplies,"
          + " as in " + name + " h; for a vector of numbers write p_" + name + ", or declare param " + name + "["
          + syntax.sizes().getFirst().name() + "]");
    }
    return source.error(ref.at(), of + ", which is not defined; " + suggestion(name));
  }

  private String suggestion(String name) {
    String close = nearest(name, known());
    return close != null ? "did you mean " + close + "?"
        : "add an equation " + name + " = …, or declare param " + name + "[" + syntax.sizes().getFirst().name() + "]";
  }

  /** All names that an expression may use, those first that nothing uses yet. */
  private List<String> known() {
    SequencedSet<String> names = new LinkedHashSet<>();
    definitions.keySet().stream().filter(name -> !name.endsWith("'")).forEach(names::add);
    syntax.states().forEach(state -> names.add(state.name()));
    syntax.inputs().forEach(input -> names.add(input.name()));
    parameters.keySet().stream().filter(name -> !matrices.contains(name)).forEach(names::add);
    Set<String> everywhere = new HashSet<>();
    syntax.equations().forEach(equation -> refs(equation.right()).forEach(ref -> everywhere.add(ref.name())));
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(java.util.Comparator.comparing(everywhere::contains));
    return sorted;
  }

  /** The name that differs least, by at most a third of its letters, or by one. */
  private static @Nullable String nearest(String name, Collection<String> known) {
    String best = null;
    int least = 1 + Math.max(1, name.length() / 3);
    for (String other : known) {
      int distance = distance(name, other);
      if (distance < least) {
        least = distance;
        best = other;
      }
    }
    return best;
  }

  /** Letters to change, add or remove: Levenshtein. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    java.util.Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
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
        String close = nearest(init.name(), parameters.keySet());
        throw source.error(init.at(), init.name() + " is no parameter of this cell"
            + (close == null ? "; they are " + String.join(", ", parameters.keySet())
                : "; did you mean " + close + "?"));
      }
    }
  }

  // ---- order -------------------------------------------------------------------------------

  private void sort() {
    Set<String> done = new HashSet<>();
    SequencedSet<String> open = new LinkedHashSet<>();
    definitions.values().forEach(definition -> visit(definition, open, done));
  }

  private void visit(Definition definition, SequencedSet<String> open, Set<String> done) {
    String name = definition.name();
    if (done.contains(name)) {
      return;
    }
    if (!open.add(name)) {
      List<String> cycle = new ArrayList<>(open);
      cycle.subList(0, cycle.indexOf(name)).clear();
      cycle.add(name);
      throw source.error(definition.equation().at(), name + " depends on itself: " + String.join(" needs ", cycle)
          + "; only a state carries a value over, from one step to the next");
    }
    Node right = definition.equation().right();
    for (Ref ref : refs(right)) {
      Definition needed = definitions.get(ref.toString());
      if (needed != null) {
        visit(needed, open, done);
      }
    }
    open.remove(name);
    done.add(name);
    order.add(definition);
    if (readsState(right)) {
      readsState.add(name);
    }
    if (reads(right, What.INPUT, readsInput)) {
      readsInput.add(name);
    }
  }

  // ---- trees -------------------------------------------------------------------------------

  /** The names in an expression, in the order of the text. */
  static List<Ref> refs(Node node) {
    List<Ref> refs = new ArrayList<>();
    if (node instanceof Ref ref) {
      refs.add(ref);
    }
    children(node).forEach(child -> refs.addAll(refs(child)));
    return refs;
  }

  static List<Node> children(Node node) {
    return switch (node) {
      case Syntax.Num n -> List.of();
      case Ref r -> List.of();
      case Syntax.Product p -> List.of(p.matrix(), p.operand());
      case Syntax.Call c -> c.args();
      case Syntax.Negative n -> List.of(n.of());
      case Syntax.Operation o -> List.of(o.left(), o.right());
      case Syntax.Power p -> List.of(p.of());
      case Syntax.Part p -> List.of(p.of());
    };
  }
}

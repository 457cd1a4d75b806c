package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.notation.Names.Definition;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The cell of a {@link CellText}: one step, x [B,F] to its output [B,n], with the states that the text
 * declares.
 *
 * <p>Its parameters have the text's names and stand in the order in which the text names them first; what
 * is multiplied by a matrix W [from, to] gives x · W. An equation that reads no state, and normalizes, sums or
 * takes a softmax, is computed for all steps at once, before the loop; matrix products are so in any case. An output that is not the next value of a state is kept as one more
 * state, the first, that nothing reads.
 *
 * @param text the equations
 * @param sizes a number for each size in the text's head
 */
public record TextCell(CellText text, Map<String, Integer> sizes) implements Cell {
  public TextCell {
    sizes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
    if (!List.copyOf(sizes.keySet()).equals(text.sizes())) {
      throw new IllegalArgumentException(
          text.name() + ": there must be a number for each size of " + text.sizes() + ", got " + sizes);
    }
    sizes.forEach((name, number) -> {
      if (number < 1) {
        throw new IllegalArgumentException(text.name() + ": " + name + " must be at least 1, got " + number);
      }
    });
  }

  @Override
  public int units() {
    return text.shapes().output().number(sizes);
  }

  @Override
  public List<Expr> initials() {
    Map<String, Integer> numbers = new LinkedHashMap<>(sizes);
    String open = text.syntax().open();
    if (open != null) {
      numbers.put(open, 1);
    }
    return initials(numbers);
  }

  @Override
  public List<Expr> initials(Shape input) {
    return initials(numbers(input));
  }

  private List<Expr> initials(Map<String, Integer> numbers) {
    List<Expr> initials = new ArrayList<>();
    if (outputState() == null) {
      initials.add(Expr.full(0, Shape.of(Shape.B, units())));
    }
    for (Syntax.State state : states()) {
      initials.add(Expr.full(state.initial(), shape(state.shape(), numbers, Shape.of(Shape.B))));
    }
    return initials;
  }

  @Override
  public boolean hasScaledStates() {
    return states().stream().anyMatch(state -> text.names().isStabilizer(state.name()));
  }

  /** The size of the input of a step where the size that is not in the text's head is {@code features}. */
  public int inputs(int features) {
    Map<String, Integer> numbers = new LinkedHashMap<>(sizes);
    String open = text.syntax().open();
    if (open != null) {
      numbers.put(open, features);
    }
    return text.syntax().width().number(numbers);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Map<String, Integer> numbers = numbers(input);
    Names names = text.names();
    SequencedMap<String, Expr> parameters = new LinkedHashMap<>();
    names.parameters().keySet().forEach(name -> {
      List<Size> shape = text.shapes().parameter(name);
      Initializer start = Starts.of(text, name, numbers);
      parameters.put(name, scope.parameter(name, shape(shape, numbers, Shape.SCALAR), start, !names.isFixed(name)));
    });
    return new TextStep(numbers, scope, parameters, elements(names));
  }

  /** The sizes, that of the input among them. */
  private Map<String, Integer> numbers(Shape input) {
    int features = Cell.features(this, input);
    Map<String, Integer> numbers = new LinkedHashMap<>(sizes);
    Size expected = text.syntax().width();
    String open = text.syntax().open();
    if (open == null && expected.number(sizes) != features) {
      throw new IllegalArgumentException(
          this + ": the input must be [B," + expected.number(sizes) + "], as the text says with " + expected + ", got "
              + input + "; add a Dense before it");
    }
    if (open != null) {
      numbers.put(open, expected.solve(open, features, sizes));
      if (numbers.get(open) < 1) {
        throw new IllegalArgumentException(
            this + ": the input must be [B," + expected + "], "
                + String.join(", ", text.syntax().inputs().stream().map(each -> each.name() + "[" + each.size() + "]").toList())
                + " side by side, as the text says, got " + input);
      }
    }
    return numbers;
  }

  private static Shape shape(List<Size> sizes, Map<String, Integer> numbers, Shape leading) {
    Shape shape = leading;
    for (Size size : sizes) {
      shape = shape.insert(shape.rank(), size.number(numbers));
    }
    return shape;
  }

  /** The state whose next value is the output, or null. */
  private Syntax.@Nullable State outputState() {
    Node output = text.syntax().output();
    List<Syntax.State> states = text.syntax().states();
    if (output == null) {
      return states.getFirst();
    }
    return output instanceof Ref ref && ref.next()
        ? states.stream().filter(state -> state.name().equals(ref.name())).findFirst().orElse(null)
        : null;
  }

  /** As in the text, in the order of {@link #initials}; y for an output that is no state of the text. */
  @Override
  public List<String> stateNames() {
    List<String> all = new ArrayList<>();
    if (outputState() == null) {
      all.add("y");
    }
    states().forEach(state -> all.add(state.name()));
    return all;
  }

  /** The declared states, first the one that is the output. */
  private List<Syntax.State> states() {
    List<Syntax.State> states = new ArrayList<>(text.syntax().states());
    Syntax.State first = outputState();
    if (first != null) {
      states.remove(first);
      states.addFirst(first);
    }
    return states;
  }

  /** What the steps read of what is made before the loop: the input, and equations that are computed there. */
  private List<String> elements(Names names) {
    SequencedSet<String> elements = new LinkedHashSet<>();
    List<Node> inLoop = new ArrayList<>();
    Set<String> before = new HashSet<>();
    for (Definition definition : names.order()) {
      Node right = definition.equation().right();
      if (names.isBeforeLoop(right)) {
        before.add(definition.name());
        if (definition.name().endsWith("'")) {
          elements.add(definition.name());
        }
      } else {
        inLoop.add(right);
      }
    }
    if (text.syntax().output() != null) {
      inLoop.add(text.syntax().output());
    }
    for (Node node : inLoop) {
      for (Ref ref : Names.refs(node)) {
        if (names.what(ref) == Names.What.INPUT || before.contains(ref.toString())) {
          elements.add(ref.toString());
        }
      }
    }
    if (elements.isEmpty()) {
      elements.add(text.syntax().inputs().getFirst().name()); // for the number of steps
    }
    return List.copyOf(elements);
  }

  /** The equations of one step. */
  final class TextStep implements Step {
    private final Map<String, Integer> numbers;
    private final Scope scope;
    private final Map<String, Expr> parameters;
    private final List<String> elements;
    private final Map<Node, Expr> masks = new IdentityHashMap<>();
    private final List<Syntax.Call> maskElements = new ArrayList<>();

    TextStep(
        Map<String, Integer> numbers, Scope scope, Map<String, Expr> parameters, List<String> elements) {
      this.numbers = numbers;
      this.scope = scope;
      this.parameters = parameters;
      this.elements = elements;
      List<Syntax.Call> drops = scope.training() ? text.names().drops() : List.of();
      for (int i = 0; i < drops.size(); i++) {
        Syntax.Call drop = drops.get(i);
        boolean steady = drop.function() == Function.VARIATIONAL_DROPOUT;
        Shape rows = steady ? Shape.of(Shape.B) : Shape.of(Shape.T, Shape.B);
        Shape shape = shape(text.shapes().shape(drop), numbers, rows);
        masks.put(drop, Builder.mask(drop, i, shape, scope));
        if (!steady) {
          maskElements.add(drop);
        }
      }
    }

    @Override
    public List<Expr> sequences(Expr x) {
      Builder builder = builder(Shape.of(Shape.T, Shape.B), masks);
      int from = 0;
      for (Syntax.Input input : text.syntax().inputs()) {
        int to = from + input.size().number(numbers);
        builder.with(input.name(), text.syntax().inputs().size() == 1 ? x : x.slice(-1, from, to));
        from = to;
      }
      List<Expr> sequences = new ArrayList<>();
      for (String element : elements) {
        List<Size> shape = text.shapes().value(element);
        sequences.add(builder.full(builder.value(element), shape, shape));
      }
      maskElements.forEach(drop -> sequences.add(masks.get(drop)));
      return sequences;
    }

    @Override
    public Scans.Step step(List<Expr> current, List<Expr> before) {
      return step(at(current, before));
    }

    /** The name of a sequence that the steps read. */
    String element(int number) {
      return number < elements.size() ? elements.get(number) : "mask_" + (number - elements.size() + 1);
    }

    /** What is computed, by the text's names. */
    Map<String, Expr> values(Builder builder) {
      Map<String, Expr> values = new LinkedHashMap<>();
      text.names().order().forEach(each -> values.put(each.name(), builder.value(each.name())));
      return values;
    }

    /** The equations at one step. */
    Builder at(List<Expr> current, List<Expr> before) {
      Map<Node, Expr> stepMasks = new IdentityHashMap<>(masks);
      for (int i = 0; i < maskElements.size(); i++) {
        stepMasks.put(maskElements.get(i), current.get(elements.size() + i));
      }
      Builder builder = builder(Shape.of(Shape.B), stepMasks);
      for (int i = 0; i < elements.size(); i++) {
        builder.with(elements.get(i), current.get(i));
      }
      List<Syntax.State> states = states();
      int first = outputState() == null ? 1 : 0;
      for (int i = 0; i < states.size(); i++) {
        builder.with(states.get(i).name(), before.get(first + i));
      }
      return builder;
    }

    Scans.Step step(Builder builder) {
      List<Syntax.State> states = states();
      boolean extra = outputState() == null;
      List<Expr> nexts = new ArrayList<>();
      Node output = text.syntax().output();
      if (extra && output != null) {
        List<Size> shape = text.shapes().shape(output);
        nexts.add(builder.full(builder.expr(output), shape, shape));
      }
      for (Syntax.State state : states) {
        List<Size> shape = text.shapes().value(state.name() + "'");
        nexts.add(builder.full(builder.value(state.name() + "'"), shape, state.shape()));
      }
      return new Scans.Step(nexts, List.of(nexts.getFirst()));
    }

    private Builder builder(Shape rows, Map<Node, Expr> dropped) {
      Builder builder = new Builder(text.names(), text.shapes(), numbers, scope, rows, dropped);
      parameters.forEach(builder::with);
      return builder;
    }
  }

  @Override
  public String toString() {
    StringJoiner all = new StringJoiner(", ", text.name() + "(", ")");
    sizes.forEach((name, number) -> all.add(name + "=" + number));
    return all.toString();
  }
}

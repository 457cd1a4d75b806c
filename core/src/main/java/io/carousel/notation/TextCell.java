package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The cell of a {@link CellText}: one step, x [B,F] to its output [B,n], with the states that the text
 * declares.
 *
 * <p>Its parameters have the text's names and stand in the order in which the text names them first; what
 * is multiplied by a matrix W [from, to] gives x · W. An equation that reads no state, and normalizes, sums or
 * takes a softmax, is computed for all steps at once, before the loop; matrix products are so in any case. An
 * output that is not the next value of a state is kept as one more state, the first, that nothing reads.
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
    return initials(numbers(1));
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
      initials.add(Expr.full(state.initial(), Size.shape(Shape.of(Shape.B), state.shape(), numbers)));
    }
    return initials;
  }

  @Override
  public boolean hasScaledStates() {
    return states().stream().anyMatch(state -> text.order().isStabilizer(state.name()));
  }

  /** The size of the input of a step where the size that is not in the text's head is {@code features}. */
  public int inputs(int features) {
    return text.syntax().width().number(numbers(features));
  }

  private Map<String, Integer> numbers(int features) {
    Map<String, Integer> numbers = new LinkedHashMap<>(sizes);
    String open = text.syntax().open();
    if (open != null) {
      numbers.put(open, features);
    }
    return numbers;
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Map<String, Integer> numbers = numbers(input);
    Names names = text.names();
    SequencedMap<String, Expr> parameters = new LinkedHashMap<>();
    names.parameters().keySet().forEach(name -> {
      List<Size> shape = text.shapes().parameter(name);
      Initializer start = Starts.of(text, name, numbers);
      parameters.put(name, scope.parameter(name, Size.shape(Shape.SCALAR, shape, numbers), start, !names.isFixed(name)));
    });
    return new TextStep(this, numbers, scope, parameters);
  }

  /** The sizes, that of the input among them. */
  private Map<String, Integer> numbers(Shape input) {
    int features = Cell.features(this, input);
    Size expected = text.syntax().width();
    String open = text.syntax().open();
    int size = open == null ? 0 : expected.solve(open, features, sizes);
    if (open == null && expected.number(sizes) != features) {
      throw new IllegalArgumentException(
          this + ": the input must be [B," + expected.number(sizes) + "], as the text says with " + expected + ", got "
              + input + "; add a Dense before it");
    }
    if (open != null && size < 1) {
      List<String> parts = text.syntax().inputs().stream().map(each -> each.name() + "[" + each.size() + "]").toList();
      throw new IllegalArgumentException(
          this + ": the input must be [B," + expected + "], " + String.join(", ", parts)
              + " side by side, as the text says, got " + input);
    }
    return numbers(size);
  }

  /** The state whose next value is the output, or null. */
  Syntax.@Nullable State outputState() {
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
  List<Syntax.State> states() {
    List<Syntax.State> states = new ArrayList<>(text.syntax().states());
    Syntax.State first = outputState();
    if (first != null) {
      states.remove(first);
      states.addFirst(first);
    }
    return states;
  }

  @Override
  public String toString() {
    StringJoiner all = new StringJoiner(", ", text.name() + "(", ")");
    sizes.forEach((name, number) -> all.add(name + "=" + number));
    return all.toString();
  }
}

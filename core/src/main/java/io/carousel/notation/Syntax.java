package io.carousel.notation;

import io.carousel.parameter.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cell's text as a tree, as it was written.
 *
 * @param name the name of the cell
 * @param sizes the sizes in its head; the first is chosen by who uses the cell
 * @param inputs the names and the sizes of what comes in, side by side
 * @param equations one for each target, or several for a split
 * @param output what goes out, or null if that is the first state
 */
record Syntax(
    Source source,
    String name,
    List<NamedSize> sizes,
    List<Input> inputs,
    List<State> states,
    List<Param> params,
    List<Init> inits,
    List<Equation> equations,
    @Nullable Node output) {

  /** A size of the head, {@code K = 3}. */
  record NamedSize(int at, String name, @Nullable Integer number) {}

  /** An input, {@code input x[F]}. */
  record Input(int at, String name, Size size) {}

  /** A state with its shape and the number that it begins with, {@code state n[H] = 1}. */
  record State(int at, String name, List<Size> shape, double initial) {}

  /**
   * A parameter that is declared, {@code param W[F,4H]}; the shape may be left to the equations. Training leaves one
   * as it is that is declared by {@code fixed}.
   */
  record Param(int at, String name, @Nullable List<Size> shape, boolean fixed) {}

  /** How a parameter, or a part of its last axis, begins: {@code init b[H:2H] = 1}. */
  record Init(int at, String name, @Nullable Range range, Start start) {}

  /** A way to begin: {@code orthogonal}, {@code uniform(0, 1)}, {@code 1}. */
  record Start(int at, String word, Initializer how) {}

  /** A part of the last axis, {@code [H:2H]}; what is not said is the begin or the end. */
  record Range(@Nullable Size from, @Nullable Size to) {
    /** Begin and end in numbers; the two are equal, or turned, where there is nothing between them. */
    int[] numbers(Map<String, Integer> sizes, int whole) {
      return new int[] {from == null ? 0 : from.number(sizes), to == null ? whole : to.number(sizes)};
    }

    @Override
    public String toString() {
      return "[" + (from == null ? "" : from) + ":" + (to == null ? "" : to) + "]";
    }
  }

  /** Targets and the expression that they are; several targets take equal parts of it. */
  record Equation(int at, List<Ref> targets, Node right) {}

  /** The size of all inputs side by side. */
  Size width() {
    return inputs.stream().map(Input::size).reduce(Size.of(0), Size::plus);
  }

  /** The size that follows from the data: the name in the inputs' sizes that is not in the head, or null. */
  @Nullable String open() {
    return width().names().stream().filter(name -> sizes.stream().noneMatch(size -> size.name().equals(name)))
        .findFirst().orElse(null);
  }

  /** All dropouts, in the order of the text. */
  List<Call> drops() {
    List<Node> all = new ArrayList<>(equations.stream().map(Equation::right).toList());
    if (output != null) {
      all.add(output);
    }
    return all.stream().flatMap(node -> node.calls().stream())
        .filter(call -> call.function().kind == Function.Kind.RANDOM).toList();
  }

  /** An expression. */
  sealed interface Node {
    /** Where an error about it points. */
    int at();

    /** What it is made of, in the order of the text. */
    default List<Node> children() {
      return switch (this) {
        case Num n -> List.of();
        case Ref r -> List.of();
        case Product p -> List.of(p.matrix, p.operand);
        case Call c -> c.args;
        case Negative n -> List.of(n.of);
        case Operation o -> List.of(o.left, o.right);
        case Power p -> List.of(p.of);
        case Part p -> List.of(p.of);
      };
    }

    /** The names in it, in the order of the text. */
    default List<Ref> refs() {
      return all(Ref.class);
    }

    /** The functions in it, the outer before the inner. */
    default List<Call> calls() {
      return all(Call.class);
    }

    private <N extends Node> List<N> all(Class<N> kind) {
      List<N> all = new ArrayList<>();
      if (kind.isInstance(this)) {
        all.add(kind.cast(this));
      }
      children().forEach(child -> all.addAll(child.all(kind)));
      return all;
    }
  }

  /** A number. */
  record Num(int at, double value) implements Node {}

  /** A name, with a prime or without. */
  record Ref(int at, String name, boolean next) implements Node {
    @Override
    public String toString() {
      return name + (next ? "'" : "");
    }
  }

  /** Two things side by side: a matrix and what it multiplies. */
  record Product(int at, Node matrix, Node operand) implements Node {}

  /** A function of some arguments. */
  record Call(int at, Function function, List<Node> args) implements Node {
    /** True for one that goes over the elements of a row. */
    boolean isOverRow() {
      return switch (function.kind) {
        case FOLD, ROW, DOT -> true;
        case PAIR -> args.size() == 1;
        default -> false;
      };
    }
  }

  /** −a. */
  record Negative(int at, Node of) implements Node {}

  /** Element by element: + − * /. */
  record Operation(int at, char sign, Node left, Node right) implements Node {}

  /** aⁿ. */
  record Power(int at, Node of, int exponent) implements Node {}

  /** {@code z[H:2H]}. */
  record Part(int at, Node of, Range range) implements Node {}
}

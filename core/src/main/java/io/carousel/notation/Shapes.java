package io.carousel.notation;

import io.carousel.notation.Extent.Type;
import io.carousel.notation.Names.Definition;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The shapes of a cell's parameters and of all that it computes, found from those of its input and its
 * states: what is added or multiplied element by element has one size, and so has what a matrix takes.
 */
final class Shapes {
  private final Names names;
  private final Syntax syntax;
  private final Source source;
  private final Order order;
  private final Typing typing;
  private Type output = Type.NUMBER;

  private Shapes(Names names, Order order) {
    this.names = names;
    this.syntax = names.syntax();
    this.source = syntax.source();
    this.order = order;
    this.typing = new Typing(names, order);
  }

  /** Finds all shapes; what does not fit or does not follow is an error. */
  static Shapes of(Names names, Order order) {
    Shapes shapes = new Shapes(names, order);
    shapes.declare();
    shapes.define();
    shapes.next();
    shapes.typing.rules.solve();
    shapes.checkKnown();
    return shapes;
  }

  /** The shape of a parameter: [n], or [from, to]. */
  List<Size> parameter(String name) {
    return sizes(Objects.requireNonNull(typing.parameters.get(name), name));
  }

  /** The shape of what an equation computes for each row; nothing for a number. */
  List<Size> value(String name) {
    return sizes(Objects.requireNonNull(typing.values.get(name), name));
  }

  /** The shape of an expression for each row; nothing for a number. */
  List<Size> shape(Node node) {
    return sizes(Objects.requireNonNull(typing.types.get(node)));
  }

  /** The size of the output. */
  Size output() {
    return Objects.requireNonNull(output.last().size());
  }

  /** True for a matrix that multiplies something that depends on a state. */
  boolean isRecurrent(String parameter) {
    return typing.recurrent.contains(parameter);
  }

  private static List<Size> sizes(Type type) {
    return type.extents().stream().map(extent -> Objects.requireNonNull(extent.size())).toList();
  }

  private static Type type(List<Size> shape) {
    return new Type(shape.stream().map(Extent::of).toList());
  }

  private void declare() {
    syntax.inputs().forEach(input -> typing.values.put(input.name(), type(List.of(input.size()))));
    syntax.states().forEach(state -> typing.values.put(state.name(), type(state.shape())));
    names.parameters().forEach((name, at) -> typing.parameters.put(name, declared(name, at)));
  }

  private Type declared(String name, int at) {
    boolean matrix = names.isMatrix(name);
    for (Syntax.Param param : syntax.params()) {
      List<Size> shape = param.shape();
      if (param.name().equals(name) && shape != null) {
        if (matrix != (shape.size() == 2)) {
          throw source.error(at, name + (matrix ? " stands before what it multiplies and must be a matrix [from, to]"
              : " stands alone and must be a vector [n]; a matrix stands before what it multiplies")
              + ", it is declared as " + Size.text(shape));
        }
        return type(shape);
      }
    }
    return matrix ? Type.of(new Extent(), new Extent()) : Type.of(new Extent());
  }

  private void define() {
    for (Definition definition : order.definitions()) {
      if (definition.equation().targets().size() == 1) {
        typing.values.put(definition.name(), typing.type(definition.right()));
      } else if (!typing.values.containsKey(definition.name())) {
        split(definition.equation());
      }
    }
  }

  private void split(Syntax.Equation equation) {
    Node of = ((Syntax.Call) equation.right()).args().getFirst();
    Type whole = typing.type(of);
    if (whole.rank() == 0) {
      throw source.error(of.at(), "split takes a vector apart, got " + whole);
    }
    Extent part = new Extent();
    List<Extent> parts = new ArrayList<>();
    for (Ref target : equation.targets()) {
      parts.add(part);
      typing.values.put(target.toString(), whole.withLast(part));
    }
    typing.rules.sum(of.at(), whole.last(), parts, Size.of(0));
  }

  /** The next values of the states, and the output. */
  private void next() {
    for (Syntax.State state : syntax.states()) {
      Type before = typing.value(new Ref(state.at(), state.name(), false));
      Type after = typing.value(new Ref(state.at(), state.name(), true));
      int at = syntax.equations().stream()
          .filter(e -> e.targets().stream().anyMatch(t -> t.next() && t.name().equals(state.name())))
          .findFirst().orElseThrow().at();
      String problem = state.name() + "' must be " + before + " like " + state.name() + ", it is " + after;
      if (!typing.goesWith(after, before) && (before.rank() != after.rank() || !typing.join(before, after))) {
        throw source.error(at, problem);
      }
    }
    Node out = syntax.output();
    String first = syntax.states().getFirst().name() + "'";
    output = out == null ? typing.value(new Ref(0, syntax.states().getFirst().name(), false)) : typing.type(out);
    int at = out == null ? syntax.states().getFirst().at() : out.at();
    if (output.rank() != 1) {
      throw source.error(at, "the output must be a vector, " + (out == null ? "without a line output it is " + first
          + ", " : "it is ") + output + (output.rank() == 0 ? "" : "; add a line output"));
    }
  }

  private void checkKnown() {
    typing.parameters.forEach((name, type) -> {
      if (isOpen(type)) {
        String example = type.toString().replace("?", syntax.sizes().getFirst().name());
        throw source.error(Objects.requireNonNull(names.parameters().get(name)),
            "the shape of " + name + " does not follow from the equations, it is " + type + "; say it, for example param "
                + name + example);
      }
    });
    String open = syntax.open();
    if (open != null && output().mentions(open)) {
      Syntax.Input input = syntax.inputs().getFirst();
      throw source.error(syntax.output() == null ? syntax.states().getFirst().at() : syntax.output().at(),
          "the output must not have the size of the input, it is [" + output() + "]; multiply it by a matrix, or say input "
              + input.name() + "[" + syntax.sizes().getFirst().name() + "] if they are equal");
    }
  }

  private static boolean isOpen(Type type) {
    return type.extents().stream().anyMatch(extent -> extent.size() == null);
  }
}

package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.cell.DropoutMask;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.notation.Syntax.Node;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The equations of one step of a {@link TextCell}. */
final class TextStep implements Cell.Step {
  private final TextCell cell;
  private final CellText text;
  private final Map<String, Integer> numbers;
  private final Map<String, Expr> parameters;
  private final List<String> elements;
  private final Map<Node, Expr> masks = new IdentityHashMap<>();
  private final List<Syntax.Call> maskElements = new ArrayList<>();

  /** The step of a cell with numbers for all sizes. */
  TextStep(TextCell cell, Map<String, Integer> numbers, Scope scope, Map<String, Expr> parameters) {
    this.cell = cell;
    this.text = cell.text();
    this.numbers = numbers;
    this.parameters = parameters;
    this.elements = text.order().elements();
    List<Syntax.Call> drops = scope.training() ? text.syntax().drops() : List.of();
    for (int i = 0; i < drops.size(); i++) {
      Syntax.Call drop = drops.get(i);
      boolean steady = drop.function() == Function.VARIATIONAL_DROPOUT;
      Shape rows = steady ? Shape.of(Shape.B) : Shape.of(Shape.T, Shape.B);
      double rate = ((Syntax.Num) drop.args().getLast()).value();
      String stream = scope.name() + (i == 0 ? "" : "." + i);
      masks.put(drop, DropoutMask.of(rate, stream, Size.shape(rows, text.shapes().shape(drop), numbers)));
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
    text.order().definitions().forEach(each -> values.put(each.name(), builder.value(each.name())));
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
    List<Syntax.State> states = cell.states();
    int first = cell.outputState() == null ? 1 : 0;
    for (int i = 0; i < states.size(); i++) {
      builder.with(states.get(i).name(), before.get(first + i));
    }
    return builder;
  }

  Scans.Step step(Builder builder) {
    List<Syntax.State> states = cell.states();
    boolean extra = cell.outputState() == null;
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
    Builder builder = new Builder(text.names(), text.shapes(), numbers, rows, dropped);
    parameters.forEach(builder::with);
    return builder;
  }
}

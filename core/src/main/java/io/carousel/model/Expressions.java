package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.layer.Signal;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The outputs of a {@link Model} as expressions, built for training or for answers. */
public final class Expressions {
  private final List<List<Signal>> signals;
  private final SequencedMap<String, Signal> outputs;
  private final Scope scope;
  /** The number of parameters that had been declared before each place, and in the end. */
  private final List<Integer> declaredBefore;

  private Expressions(
      List<List<Signal>> signals, SequencedMap<String, Signal> outputs, Scope scope, List<Integer> declaredBefore) {
    this.signals = signals;
    this.outputs = outputs;
    this.scope = scope;
    this.declaredBefore = declaredBefore;
  }

  static Expressions of(Wiring wiring, boolean training, boolean carries) {
    Scope scope = Scope.of(training, carries);
    List<Integer> declaredBefore = new ArrayList<>(List.of(0));
    List<List<Signal>> signals =
        wiring.apply(List.of(), scope, () -> declaredBefore.add(scope.declared().size()));
    if (carries) {
      for (int i = 0; i < signals.size(); i++) {
        Pieces.requireForward(wiring.places().get(i).layer(), signals.get(i), scope.carried());
      }
    }
    SequencedMap<String, Signal> outputs = new LinkedHashMap<>();
    for (Wiring.Wire wire : wiring.outputs()) {
      Signal output = signals.get(wire.place()).get(wire.part());
      if (output.value().isInt()) {
        throw new IllegalArgumentException(
            "Model: the output " + wiring.name(wire) + " must be numbers, got tokens");
      }
      outputs.put(wiring.name(wire), output);
    }
    return new Expressions(signals, outputs, scope, declaredBefore);
  }

  /** An output by its name. */
  public Signal output(String name) {
    Signal output = outputs.get(name);
    if (output == null) {
      throw new IllegalArgumentException("Model: has no output " + name + ", there are " + outputs.keySet());
    }
    return output;
  }

  /** The values of all outputs, in order. */
  public List<Expr> values() {
    return outputs.values().stream().map(Signal::value).toList();
  }

  /**
   * The loss of each row with what regularizers add to it, so that the mean over rows is that of the data and all
   * costs; Keras's reported loss, while training and in evaluation.
   *
   * @param rows [B,1]
   */
  public Expr withCosts(Expr rows) {
    return scope.costs().stream().reduce(rows, Expr::plus);
  }

  /** The parameters that training sets rather than moves by their gradient, and what they are after a step. */
  public List<Scope.Update> updates() {
    return scope.updates();
  }

  /** The states that go from run to run; none unless they were to be carried. */
  public List<Scope.Carried> carried() {
    return scope.carried();
  }

  /** The signals of a place of the wiring. */
  List<Signal> signals(int place) {
    return signals.get(place);
  }

  List<Scope.Limit> limits() {
    return scope.limits();
  }

  List<Scope.Declaration> declared() {
    return scope.declared();
  }

  /** The parameters of a place; those of a shared layer are its first place's. */
  List<Scope.Declaration> declared(int place) {
    return scope.declared().subList(declaredBefore.get(place), declaredBefore.get(place + 1));
  }
}

package io.carousel.layer;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cell over the steps of a sequence: what all recurrent layers do. Around the equations of a step stand
 *
 * <pre>
 *   s ← s₀ where the row is reset        s', y' = step(x, s)        s', y' ← s, y where the step is skipped
 * </pre>
 *
 * so that a row may be reset at a step that is skipped. y before the first step is 0. Both are left out where
 * nothing is reset or skipped.
 */
final class Unroll {
  private Unroll() {}

  /**
   * The output of a layer, then its last states.
   *
   * @param in the sequence, then the states before the first step, or none
   * @param resets 1 where a row begins anew, [T,B,1], or null
   */
  static List<Signal> of(Recurrent layer, List<Signal> in, @Nullable Expr resets, Scope scope) {
    if (in.isEmpty()) {
      throw new IllegalArgumentException(layer + ": must follow a sequence, got nothing");
    }
    Signal x = Layer.requireSequence(layer, in.getFirst());
    if (layer.reverse()) {
      scope.requireWhole(layer.toString(), "reads from the end");
    }
    Shape input = x.value().shape().drop(0);
    Cell.Step step = layer.cell().declare(input, scope);
    List<Expr> starts = starts(layer, input, in.subList(1, in.size()), scope);
    int states = starts.size();
    Expr read = x.read();

    List<Expr> elements = new ArrayList<>(Poles.avoided(x, step::sequences));
    int sequences = elements.size();
    List<Expr> initials = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      initials.add(scope.begin("state" + i, starts.get(i)));
    }
    if (read != null) {
      elements.add(read);
      initials.add(scope.begin("output", Expr.full(0, starts.getFirst().shape())));
    }
    if (resets != null) {
      elements.add(resets);
    }
    Expr scan =
        Scans.scan(
            elements, initials, x.requireLengths(), layer.reverse(),
            (current, before) -> {
              List<Expr> own = before.subList(0, states);
              if (resets != null) {
                own = where(current.getLast(), starts, own);
              }
              Scans.Step done = step.step(current.subList(0, sequences), own);
              if (read == null) {
                return done;
              }
              Expr reads = current.get(sequences);
              List<Expr> nexts = where(reads, done.nexts(), own);
              Expr y = where(reads, done.ys(), before.subList(states, states + 1)).getFirst();
              nexts.add(y);
              return new Scans.Step(nexts, List.of(y));
            });
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      signals.add(Signal.of(end("state" + i, scan, i, scope), null));
    }
    Expr last = read == null ? signals.getFirst().value() : end("output", scan, states, scope);
    signals.addFirst(
        layer.sequences() ? new Signal(scan.part(0), last, x.lengths(), true, read) : Signal.of(last, null));
    return signals;
  }

  private static Expr end(String name, Expr scan, int state, Scope scope) {
    Expr last = scan.part(Scans.lastState(scan, state));
    scope.end(name, last);
    return last;
  }

  /** {@code a} in the rows whose flag, [B,1], is not 0, else {@code b}. */
  private static List<Expr> where(Expr flag, List<Expr> a, List<Expr> b) {
    List<Expr> chosen = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      int[] sizes = new int[b.get(i).shape().rank()];
      Arrays.fill(sizes, 1);
      sizes[0] = Shape.B;
      chosen.add(Expr.select(flag.reshape(Shape.of(sizes)), a.get(i), b.get(i)));
    }
    return chosen;
  }

  /** The states before the first step: those given, or parameters, or the cell's own. */
  private static List<Expr> starts(Recurrent layer, Shape input, List<Signal> given, Scope scope) {
    List<Expr> own = layer.cell().initials(input);
    if (given.isEmpty()) {
      return layer.trainableStart() ? trainable(own, scope) : own;
    }
    List<String> needed = own.stream().map(state -> Signal.of(state, null).shapeText()).toList();
    List<String> got = given.stream().map(Signal::shapeText).toList();
    if (!needed.equals(got)) {
      throw new IllegalArgumentException(
          layer + ": must begin in states " + needed + ", got " + got + "; give it the states of a layer with as"
              + " many units");
    }
    return given.stream().map(Signal::value).toList();
  }

  private static List<Expr> trainable(List<Expr> own, Scope scope) {
    List<Expr> starts = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      Shape shape = own.get(i).shape();
      Expr start = scope.parameter("start" + i, shape.drop(0), Initializers.zeros());
      starts.add(start.reshape(start.shape().insert(0, 1)).broadcast(shape));
    }
    return starts;
  }
}

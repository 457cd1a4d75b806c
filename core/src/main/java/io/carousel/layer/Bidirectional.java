package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer and its mirror image, each with its own parameters, their outputs side by side: forward units
 * first, then backward; or otherwise merged. [B,T,F] to [B,T,2H], or to the last outputs [B,2H], where the backward
 * one's last output is the one at the first step. In a graph the last states follow the output, forward ones
 * first, and it begins in states given in that order. At a step that is skipped the outputs are 0, as in Keras.
 *
 * <p>Source: Schuster, Paliwal: Bidirectional recurrent neural networks, 1997; the ways to merge: Keras.
 *
 * @param layer the forward layer; it says whether whole sequences come out
 * @param merge how the two outputs become one
 */
public record Bidirectional(Recurrent layer, Merging merge) implements Joining {
  /** How the two outputs become one. */
  public enum Merging {
    /** Side by side, [B,T,2H]. */
    CONCAT,
    /** The sum, [B,T,H]. */
    SUM,
    /** The product, element by element, [B,T,H]. */
    MULTIPLY,
    /** The mean, [B,T,H]. */
    AVERAGE,
    /** Not at all: the forward output and, as the next signal, the backward one, [B,T,H] each. */
    SEPARATE;

    /** Its name in model files, {@code concat}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Bidirectional {
    if (layer.reverse()) {
      throw new IllegalArgumentException("Bidirectional: needs the forward layer, got a reverse " + layer);
    }
  }

  /** The outputs side by side. */
  public Bidirectional(Recurrent layer) {
    this(layer, Merging.CONCAT);
  }

  /** The same with the whole sequence as its output. */
  public Bidirectional returnSequences() {
    return new Bidirectional(layer.with(true, false), merge);
  }

  /** The same with its outputs merged otherwise. */
  public Bidirectional merge(Merging how) {
    return new Bidirectional(layer, how);
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    Layer.requireSequence(this, in.getFirst());
    int given = in.size() - 1;
    if (given != 0 && given != states()) {
      throw new IllegalArgumentException(
          this + ": must begin in " + states() + " states, forward ones first, got " + given);
    }
    List<Signal> forward =
        new ArrayList<>(layer.apply(with(in, 1, 1 + given / 2), scope.child("forward")));
    Recurrent mirror = layer.with(layer.sequences(), true);
    List<Signal> backward =
        new ArrayList<>(mirror.apply(with(in, 1 + given / 2, 1 + given), scope.child("backward")));
    forward.set(0, silent(forward.getFirst()));
    backward.set(0, silent(backward.getFirst()));
    List<Signal> signals = new ArrayList<>();
    if (merge == Merging.SEPARATE) {
      signals.add(forward.getFirst());
      signals.add(backward.getFirst());
    } else {
      signals.add(merged(forward.getFirst(), backward.getFirst()));
    }
    signals.addAll(forward.subList(1, forward.size()));
    signals.addAll(backward.subList(1, backward.size()));
    return signals;
  }

  /** With 0 at the steps that are skipped: the two directions would repeat the outputs of different steps there. */
  private static Signal silent(Signal output) {
    if (output.read() == null) {
      return output;
    }
    Expr value = Expr.select(output.mask(), output.value(), Expr.constant(0));
    return new Signal(value, output.last(), output.lengths(), false, output.read());
  }

  /** The sequence and some of the states. */
  private static List<Signal> with(List<Signal> in, int from, int to) {
    List<Signal> some = new ArrayList<>(List.of(in.getFirst()));
    some.addAll(in.subList(from, to));
    return some;
  }

  private Signal merged(Signal forward, Signal backward) {
    return new Signal(
        merged(forward.value(), backward.value()),
        layer.sequences() ? merged(forward.last(), backward.last()) : null,
        forward.lengths(),
        forward.zeroPadded(),
        forward.read());
  }

  private Expr merged(@Nullable Expr forward, @Nullable Expr backward) {
    Expr a = Objects.requireNonNull(forward);
    Expr b = Objects.requireNonNull(backward);
    return switch (merge) {
      case CONCAT, SEPARATE -> Expr.concat(-1, List.of(a, b));
      case SUM -> a.plus(b);
      case MULTIPLY -> a.times(b);
      case AVERAGE -> a.plus(b).times(0.5);
    };
  }

  @Override
  public int states() {
    return 2 * layer.states();
  }

  @Override
  public int signals() {
    return (merge == Merging.SEPARATE ? 2 : 1) + states();
  }

  @Override
  public String kind() {
    return "bidirectional";
  }

  @Override
  public String toString() {
    return "Bidirectional(" + layer + (merge == Merging.CONCAT ? ")" : ", " + merge.word() + ")");
  }
}

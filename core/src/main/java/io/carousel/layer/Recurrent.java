package io.carousel.layer;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer that runs a {@link Cell} over time: [B,T,F] to [B,T,H], or to the last output [B,H].
 *
 * <p>A row stops at its own length: padding changes neither its last output nor a gradient, and an
 * empty row gives zeros.
 */
public interface Recurrent extends Joining {
  /** What one step computes. */
  Cell cell();

  /** True if the output is the whole sequence, false if it is the last output alone. */
  boolean sequences();

  /** True if it reads from a row's last step to its first. */
  boolean reverse();

  /** The same layer with the whole sequence as its output, or with the last output alone. */
  Recurrent with(boolean sequences, boolean reverse);

  /** A layer that runs a cell, the library's or one's own, and gives its last output. */
  static OfCell of(Cell cell) {
    return new OfCell(cell, false, false);
  }

  /**
   * The output, then the last states.
   *
   * @param in the sequence, then the states before the first step, [B,…], or none for the cell's own
   */
  @Override
  default List<Signal> apply(List<Signal> in, Scope scope) {
    Signal x = Layer.requireSequence(this, in.getFirst());
    Cell.Step step = cell().declare(x.value().shape().drop(0), scope);
    List<Expr> initials = initials(x.value().shape().drop(0), in.subList(1, in.size()));
    List<Expr> first = new ArrayList<>();
    for (int i = 0; i < initials.size(); i++) {
      first.add(scope.begin("state" + i, initials.get(i)));
    }
    Expr scan = Scans.scan(step.sequences(x.value()), first, x.requireLengths(), reverse(), step::step);
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < initials.size(); i++) {
      Expr last = scan.part(Scans.lastState(scan, i));
      scope.end("state" + i, last);
      signals.add(Signal.of(last, null));
    }
    Expr last = signals.getFirst().value();
    signals.addFirst(sequences() ? new Signal(scan.part(0), last, x.lengths(), true) : Signal.of(last, null));
    return signals;
  }

  private List<Expr> initials(Shape input, List<Signal> given) {
    List<Expr> own = cell().initials(input);
    if (given.isEmpty()) {
      return own;
    }
    List<String> needed = own.stream().map(state -> Signal.of(state, null).shapeText()).toList();
    List<String> got = given.stream().map(Signal::shapeText).toList();
    if (!needed.equals(got)) {
      throw new IllegalArgumentException(
          this + ": must begin in states " + needed + ", got " + got + "; give it the states of a layer with as"
              + " many units");
    }
    return given.stream().map(Signal::value).toList();
  }

  /** The number of the cell's states; the first is its output. */
  @Override
  default int states() {
    return cell().initials().size();
  }

  @Override
  default int signals() {
    return 1 + states();
  }

  /** A layer made of any cell. */
  record OfCell(Cell cell, boolean sequences, boolean reverse) implements Recurrent {
    /** The same with the whole sequence as its output. */
    public OfCell returnSequences() {
      return with(true, reverse);
    }

    @Override
    public OfCell with(boolean sequences, boolean reverse) {
      return new OfCell(cell, sequences, reverse);
    }

    @Override
    public String kind() {
      return "recurrent";
    }

    @Override
    public String toString() {
      return "Recurrent(" + cell + ")";
    }
  }
}

package io.carousel.layer;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;

/**
 * A layer that runs a {@link Cell} over time: [B,T,F] to [B,T,H], or to the last output [B,H].
 *
 * <p>A row stops at its own length: padding changes neither its last output nor a gradient, and an
 * empty row gives zeros.
 */
public interface Recurrent extends Layer {
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

  @Override
  default Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    Cell.Step step = cell().declare(in.value().shape().drop(0), scope);
    Expr scan =
        Scans.scan(
            step.sequences(in.value()),
            cell().initials(),
            in.requireLengths(),
            reverse(),
            step::step);
    Expr last = scan.part(Scans.lastState(scan, 0));
    return sequences() ? new Signal(scan.part(0), last, in.lengths(), true) : Signal.of(last, null);
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

package io.carousel.layer;

import io.carousel.cell.Cell;
import io.carousel.parameter.Scope;
import java.util.List;

/**
 * A layer that runs a {@link Cell} over time: [B,T,F] to [B,T,H], or to the last output [B,H].
 *
 * <p>A row stops at its own length: padding changes neither its last output nor a gradient, and an
 * empty row gives zeros. At a step that is skipped ({@link Masking}) the states stay and the output is once more
 * the one before it, or 0 if there is none, as in Keras.
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
   * True if the states before the first step are parameters that training changes, {@code start0} and so on, each
   * shaped as the state of one row and 0 at first; false if they are the cell's own.
   */
  default boolean trainableStart() {
    return false;
  }

  /** The same layer with {@link #trainableStart}. */
  default Recurrent withTrainableStart() {
    return new TrainableStart(this);
  }

  /**
   * The same layer, whose rows may begin anew within a sequence: it follows the sequence and a second signal
   * [B,T,1], 1 at each step before which the states are those of the beginning, else 0.
   */
  default Resetting resets() {
    return new Resetting(this);
  }

  /**
   * The same layer from the last step to the first, with its outputs in the order in which they are made. Where
   * only the last output is given that is a reverse layer.
   */
  default GoBackwards goBackwards() {
    return new GoBackwards(with(sequences(), true));
  }

  /**
   * The output, then the last states.
   *
   * @param in the sequence, then the states before the first step, [B,…], or none for the cell's own
   */
  @Override
  default List<Signal> apply(List<Signal> in, Scope scope) {
    return Unroll.of(this, in, null, scope);
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

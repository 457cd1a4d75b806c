package io.carousel.layer;

import io.carousel.cell.DropoutLstmCell;
import io.carousel.cell.LstmCell;

/**
 * A long short-term memory layer: [B,T,F] to its last output [B,units], or with {@link
 * #returnSequences} to [B,T,units]. The equations stand in {@link LstmCell}.
 *
 * @param units the size of the output
 * @param sequences true if the output is the whole sequence
 * @param reverse true if it reads from a row's last step to its first
 */
public record Lstm(int units, boolean sequences, boolean reverse) implements Recurrent {
  public Lstm {
    new LstmCell(units); // for its checks
  }

  /** A layer that reads forward and gives its last output. */
  public Lstm(int units) {
    this(units, false, false);
  }

  /** The same with the whole sequence as its output. */
  public Lstm returnSequences() {
    return with(true, reverse);
  }

  /**
   * The same with dropout of h on its way back in, the same units at all steps of a row; the other form
   * is that of a {@link DropoutLstmCell}.
   */
  public Recurrent.OfCell recurrentDropout(double rate) {
    DropoutLstmCell cell = new DropoutLstmCell(units, rate, DropoutLstmCell.Of.STATE);
    return Recurrent.of(cell).with(sequences, reverse);
  }

  @Override
  public Lstm with(boolean sequences, boolean reverse) {
    return new Lstm(units, sequences, reverse);
  }

  @Override
  public LstmCell cell() {
    return new LstmCell(units);
  }

  @Override
  public String kind() {
    return "lstm";
  }

  @Override
  public String toString() {
    return "LSTM(units=" + units + ")";
  }
}

package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.cell.DropoutCell;
import io.carousel.cell.LstmCell;
import io.carousel.cell.LstmOptions;

/**
 * A long short-term memory layer: [B,T,F] to its last output [B,units], or with {@link
 * #returnSequences} to [B,T,units]. The equations stand in {@link LstmCell}.
 *
 * @param cell what one step computes
 * @param sequences true if the output is the whole sequence
 * @param reverse true if it reads from a row's last step to its first
 */
public record Lstm(LstmCell cell, boolean sequences, boolean reverse) implements Recurrent {
  /** A layer of so many units with the usual options. */
  public Lstm(int units, boolean sequences, boolean reverse) {
    this(new LstmCell(units), sequences, reverse);
  }

  /** A layer that reads forward and gives its last output. */
  public Lstm(int units) {
    this(units, false, false);
  }

  /** The size of the output. */
  public int units() {
    return cell.units();
  }

  /** The same with the whole sequence as its output. */
  public Lstm returnSequences() {
    return with(true, reverse);
  }

  /** The same with other options. */
  public Lstm options(LstmOptions options) {
    return new Lstm(new LstmCell(units(), options), sequences, reverse);
  }

  /** The same with another function of the candidate and of the cell on its way out, instead of tanh. */
  public Lstm activation(Activation both) {
    return options(cell.options().activation(both));
  }

  /** The same with another function of the gates, instead of σ. */
  public Lstm recurrentActivation(Activation ofGates) {
    return options(cell.options().recurrentActivation(ofGates));
  }

  /** The same with another first value of the forget gate's bias, instead of 1. */
  public Lstm forgetBias(double value) {
    return options(cell.options().forgetBias(value));
  }

  /** The same with what goes into gates and candidate limited to ±limit. */
  public Lstm clip(double limit) {
    return options(cell.options().clip(limit));
  }

  /** The same without biases. */
  public Lstm withoutBias() {
    return options(cell.options().withoutBias());
  }

  /**
   * The same with dropout of h on its way back in, the same units at all steps of a row; the other form
   * is that of a {@link DropoutCell}.
   */
  public Recurrent.OfCell recurrentDropout(double rate) {
    return Recurrent.of(new DropoutCell(cell, rate, DropoutCell.Of.STATE)).with(sequences, reverse);
  }

  @Override
  public Lstm with(boolean sequences, boolean reverse) {
    return new Lstm(cell, sequences, reverse);
  }

  @Override
  public String kind() {
    return "lstm";
  }

  @Override
  public String toString() {
    return cell.toString();
  }
}

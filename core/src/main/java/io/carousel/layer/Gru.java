package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.cell.DropoutCell;
import io.carousel.cell.GruCell;

/**
 * A layer of gated recurrent units: [B,T,F] to its last output [B,units], or with {@link
 * #returnSequences} to [B,T,units]. The equations stand in {@link GruCell}.
 *
 * @param cell what one step computes
 * @param sequences true if the output is the whole sequence
 * @param reverse true if it reads from a row's last step to its first
 */
public record Gru(GruCell cell, boolean sequences, boolean reverse) implements Recurrent {
  /** A layer of so many units; {@code resetAfter} as cuDNN, PyTorch and Keras do. */
  public Gru(int units, boolean resetAfter, boolean sequences, boolean reverse) {
    this(new GruCell(units, resetAfter), sequences, reverse);
  }

  /** A layer that reads forward and gives its last output. */
  public Gru(int units) {
    this(units, true, false, false);
  }

  /** The size of the output. */
  public int units() {
    return cell.units();
  }

  /** The same with the whole sequence as its output. */
  public Gru returnSequences() {
    return with(true, reverse);
  }

  /** The same with the state reset before its product. */
  public Gru resetBefore() {
    return of(
        new GruCell(units(), false, cell.gate(), cell.candidate(), cell.clip(), cell.bias()));
  }

  /** The same with another function of the candidate, instead of tanh. */
  public Gru activation(Activation ofCandidate) {
    return of(cell.activation(ofCandidate));
  }

  /** The same with another function of the gates, instead of σ. */
  public Gru recurrentActivation(Activation ofGates) {
    return of(cell.recurrentActivation(ofGates));
  }

  /** The same with what goes into gates and candidate limited to ±limit. */
  public Gru clip(double limit) {
    return of(cell.clip(limit));
  }

  /** The same without biases. */
  public Gru withoutBias() {
    return of(cell.withoutBias());
  }

  /**
   * The same with dropout of h on its way back in through R, the same units at all steps of a row; the other form
   * is that of a {@link DropoutCell}.
   */
  public Recurrent.OfCell recurrentDropout(double rate) {
    return Recurrent.of(new DropoutCell(cell, rate, DropoutCell.Of.STATE)).with(sequences, reverse);
  }

  @Override
  public Gru with(boolean sequences, boolean reverse) {
    return new Gru(cell, sequences, reverse);
  }

  private Gru of(GruCell changed) {
    return new Gru(changed, sequences, reverse);
  }

  @Override
  public String kind() {
    return "gru";
  }

  @Override
  public String toString() {
    return cell.toString();
  }
}

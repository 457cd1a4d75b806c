package io.carousel.layer;

import io.carousel.cell.GruCell;

/**
 * A layer of gated recurrent units: [B,T,F] to its last output [B,units], or with {@link
 * #returnSequences} to [B,T,units]. The equations stand in {@link GruCell}.
 *
 * @param units the size of the output
 * @param resetAfter true to reset the state after its product, as cuDNN, PyTorch and Keras do
 * @param sequences true if the output is the whole sequence
 * @param reverse true if it reads from a row's last step to its first
 */
public record Gru(int units, boolean resetAfter, boolean sequences, boolean reverse) implements Recurrent {
  public Gru {
    new GruCell(units, resetAfter); // for its checks
  }

  /** A layer that reads forward and gives its last output. */
  public Gru(int units) {
    this(units, true, false, false);
  }

  /** The same with the whole sequence as its output. */
  public Gru returnSequences() {
    return with(true, reverse);
  }

  @Override
  public Gru with(boolean sequences, boolean reverse) {
    return new Gru(units, resetAfter, sequences, reverse);
  }

  @Override
  public GruCell cell() {
    return new GruCell(units, resetAfter);
  }

  @Override
  public String kind() {
    return "gru";
  }

  @Override
  public String toString() {
    return "GRU(units=" + units + (resetAfter ? ")" : ", resetAfter=false)");
  }
}

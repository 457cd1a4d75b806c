package io.carousel.layer;

import io.carousel.cell.Cell;

/**
 * A recurrent layer whose states before the first step are parameters: {@code start0} [H], for the LSTM also
 * {@code start1} [H], and so on; all 0 at first. States that are given take their place.
 *
 * @param layer what begins so
 */
public record TrainableStart(Recurrent layer) implements Recurrent {
  public TrainableStart {
    if (layer.cell().hasScaledStates()) {
      throw new IllegalArgumentException(
          layer + ": has states of one scale, so they cannot begin just anywhere; leave them as they are");
    }
  }

  @Override
  public Cell cell() {
    return layer.cell();
  }

  @Override
  public boolean sequences() {
    return layer.sequences();
  }

  @Override
  public boolean reverse() {
    return layer.reverse();
  }

  @Override
  public boolean trainableStart() {
    return true;
  }

  @Override
  public TrainableStart with(boolean sequences, boolean reverse) {
    return new TrainableStart(layer.with(sequences, reverse));
  }

  @Override
  public String kind() {
    return layer.kind();
  }

  @Override
  public String toString() {
    return "TrainableStart(" + layer + ")";
  }
}

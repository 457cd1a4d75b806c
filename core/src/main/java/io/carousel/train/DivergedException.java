package io.carousel.train;

/** The loss is no longer a number: training was stopped, and the last good parameters were put back. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int epoch;
  private final int step;
  private final transient History history;

  DivergedException(String message, int epoch, int step, History history) {
    super(message);
    this.epoch = epoch;
    this.step = step;
    this.history = history;
  }

  /** The epoch, from 1. */
  public int epoch() {
    return epoch;
  }

  /** The step within the epoch, from 1. */
  public int step() {
    return step;
  }

  /** The epochs that were finished before. */
  public History history() {
    return history;
  }
}

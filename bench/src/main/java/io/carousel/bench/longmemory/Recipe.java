package io.carousel.bench.longmemory;

/**
 * How a network is trained on a task: Adam, the norm of the gradients clipped to 1.
 *
 * @param units the size of the cell's state
 * @param batch the sequences of a step
 * @param rate the learning rate of Adam
 * @param budget the sequences after which training ends if the task is not solved by then
 * @param every the sequences between two checks
 */
record Recipe(int units, int batch, double rate, long budget, int every) {
  static final double CLIP = 1;

  Recipe {
    if (units < 1 || batch < 1 || !(rate > 0) || budget < 1 || every < 1) {
      throw new IllegalArgumentException(
          "long-memory: units, batch, rate and budget must be above 0, got " + units + ", " + batch + ", " + rate
              + " and " + budget);
    }
  }

  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT, "%d units, batches of %d, Adam at %s, at most %,d sequences", units, batch,
        java.math.BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString(), budget);
  }
}

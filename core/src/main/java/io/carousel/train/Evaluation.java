package io.carousel.train;

import java.util.Locale;
import java.util.Map;

/**
 * How a model does on some data, without dropout.
 *
 * @param loss the mean loss over the rows
 * @param accuracy the share of rows whose class was found; NaN where the outputs name no classes
 * @param rows the number of rows
 * @param outputs the same of each output by its name, without weights, where several learn; else empty
 */
public record Evaluation(double loss, double accuracy, int rows, Map<String, Evaluation> outputs) {
  /** How a model with one output does. */
  public Evaluation(double loss, double accuracy, int rows) {
    this(loss, accuracy, rows, Map.of());
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "loss %.4f", loss)
        + (Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, ", accuracy %.4f", accuracy))
        + " on " + rows + " rows"
        + (outputs.isEmpty() ? "" : ": " + outputs);
  }
}

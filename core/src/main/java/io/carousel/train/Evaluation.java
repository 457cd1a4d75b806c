package io.carousel.train;

import java.util.Locale;

/**
 * How a model does on some data, without dropout.
 *
 * @param loss the mean loss over the rows
 * @param accuracy the share of rows whose class was found; NaN where the outputs name no classes
 * @param rows the number of rows
 */
public record Evaluation(double loss, double accuracy, int rows) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "loss %.4f", loss)
        + (Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, ", accuracy %.4f", accuracy))
        + " on " + rows + " rows";
  }
}

package io.carousel.train;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a classifier's probabilities can be believed.
 *
 * <p>The confidence of a row is the probability of its predicted class. Rows are put in bins of
 * equal width by confidence, {@code (from, to]}, the first with 0. In a calibrated model the
 * accuracy of each bin is its mean confidence. The expected calibration error is the mean distance
 * of the two, weighted by rows:
 *
 * <pre>{@code ECE = Σ_b n_b/n · |accuracy_b − confidence_b| }</pre>
 *
 * <p>Source: Naeini, Cooper, Hauskrecht 2015; Guo, Pleiss, Sun, Weinberger 2017, equation 3.
 *
 * @param bins the bins, from 0 to 1; empty ones too
 * @param error the expected calibration error, 0 to 1
 * @param confidence the mean confidence of all rows; above the accuracy, the model is too sure of
 *     itself
 */
public record Calibration(List<Bin> bins, double error, double confidence) {
  /** The number of bins. */
  public static final int BINS = 10;

  /**
   * The rows whose confidence lies in {@code (from, to]}.
   *
   * @param count how many there are
   * @param confidence their mean confidence; the middle of the bin when there are none
   * @param accuracy the share of them predicted right; 0 when there are none
   */
  public record Bin(double from, double to, int count, double confidence, double accuracy) {}

  static Calibration of(float[][] probabilities, int[] labels) {
    int[] count = new int[BINS];
    int[] right = new int[BINS];
    double[] sum = new double[BINS];
    double all = 0;
    for (int row = 0; row < labels.length; row++) {
      int predicted = ClassificationMetrics.argmax(probabilities[row]);
      float confidence = probabilities[row][predicted];
      int bin = bin(confidence);
      count[bin]++;
      right[bin] += predicted == labels[row] ? 1 : 0;
      sum[bin] += confidence;
      all += confidence;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int b = 0; b < BINS; b++) {
      double from = b / (double) BINS;
      double to = (b + 1) / (double) BINS;
      if (count[b] == 0) {
        bins.add(new Bin(from, to, 0, (from + to) / 2, 0));
      } else {
        bins.add(new Bin(from, to, count[b], sum[b] / count[b], right[b] / (double) count[b]));
        error += Math.abs(right[b] - sum[b]) / labels.length;
      }
    }
    return new Calibration(List.copyOf(bins), error, all / labels.length);
  }

  /**
   * The bin {@code (b/10, (b+1)/10]}; compared as floats, so that 0.7f belongs to the bin that ends
   * at 0.7.
   */
  private static int bin(float confidence) {
    int bin = 0;
    while (bin < BINS - 1 && confidence > (bin + 1) / (float) BINS) {
      bin++;
    }
    return bin;
  }
}

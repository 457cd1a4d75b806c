package io.carousel.task;

import io.carousel.tensor.CounterRandom;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.EpochInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Reports of classifiers that were never trained: the figures are drawn from a seed. */
final class ReportSamples {
  private ReportSamples() {}

  /**
   * A report with texts that are told in turn.
   *
   * @param skill the larger, the more often it is right
   */
  static ReportData of(
      String title,
      List<String> classes,
      double[] shares,
      int rows,
      int epochs,
      double skill,
      List<String> texts) {
    float[][] probabilities = new float[rows][classes.size()];
    int[] labels = new int[rows];
    List<String> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      double place = CounterRandom.uniformDouble(1, row);
      while (labels[row] < classes.size() - 1 && (place -= shares[labels[row]]) >= 0) {
        labels[row]++;
      }
      double sum = 0;
      double[] p = new double[classes.size()];
      for (int k = 0; k < p.length; k++) {
        p[k] =
            Math.exp(
                1.6 * CounterRandom.normal(2, (long) row * p.length + k)
                    + (k == labels[row] ? skill : 0));
        sum += p[k];
      }
      for (int k = 0; k < p.length; k++) {
        probabilities[row][k] = (float) (p[k] / sum);
      }
      all.add(texts.get(row % texts.size()));
    }
    ClassificationMetrics metrics = ClassificationMetrics.of(probabilities, labels);
    SequencedMap<String, String> options = new LinkedHashMap<>();
    options.put("vocabulary", "20000");
    options.put("max-length", "200 (keep head)");
    options.put("embedding", "64");
    options.put("units", "64");
    options.put("bidirectional", "yes");
    options.put("pooling", "mean, max");
    options.put("dropout", "0.3");
    options.put("batch", "32");
    options.put("learning-rate", "0.001");
    options.put("epochs", "5");
    options.put("seed", "7");
    SequencedMap<String, String> provenance = new LinkedHashMap<>();
    provenance.put("data", "sms.tsv");
    provenance.put(
        "data hash (SHA-256)", "7d039b26a4e8f27f0b4c8a5d5f4b5ce1e6f6f2a7d3c9c90c1a6c0b1c8d7e6f50");
    provenance.put("carousel", "0.1.0");
    provenance.put("kernels", "vector 512 bit, 2 threads");
    provenance.put("java", "25.0.3");
    return new ReportData(
        title,
        "20% of sms.tsv, held out",
        classes,
        metrics,
        epochs(epochs),
        ReportData.confidentErrors(all, probabilities, labels, 20),
        """
        layer          output        parameters
        embedding      [T,B,64]       1,280,000
        bidirectional  [T,B,128]         66,048
        pooling        [B,256]                0
        dense          [B,2]                514
        total                         1,346,562
        """,
        options,
        provenance);
  }

  static double[] equal(int classes) {
    double[] shares = new double[classes];
    java.util.Arrays.fill(shares, 1.0 / classes);
    return shares;
  }

  static List<String> names(int classes, String prefix) {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      names.add(prefix + (k + 1));
    }
    return names;
  }

  static List<EpochInfo> epochs(int count) {
    List<EpochInfo> epochs = new ArrayList<>();
    for (int e = 1; e <= count; e++) {
      double loss = 0.02 + 0.5 * Math.exp(-0.9 * e);
      double validation = 0.055 + 0.4 * Math.exp(-1.1 * e) + 0.004 * e;
      epochs.add(
          new EpochInfo(
              e, count, loss, 1 - loss / 3, validation, 1 - validation / 4, 4.2 + 0.1 * e, e <= 4));
    }
    return epochs;
  }
}

package io.carousel.cli;

import io.carousel.data.Labels;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.ClassificationMetrics.ClassMetrics;
import java.util.Locale;

/** Prints how good a classifier is. */
final class Figures {
  private static final int CLASSES_SHOWN = 30;
  private static final int LABEL_SHOWN = 30;

  private Figures() {}

  /** The figures on some rows, and those of each class. */
  static void print(String on, ClassificationMetrics metrics, Labels labels, Terminal terminal) {
    terminal.print(
        String.format(
            Locale.ROOT, "accuracy %.4f   macro F1 %.4f   log loss %.4f   on %,d texts of %s", metrics.accuracy(),
            metrics.macroF1(), metrics.logLoss(), metrics.rows(), on));
    terminal.print("");
    int width = 5;
    int shown = Math.min(labels.size(), CLASSES_SHOWN);
    for (int k = 0; k < shown; k++) {
      width = Math.max(width, shortened(labels.name(k)).length());
    }
    String format = "%-" + width + "s  %9s  %6s  %6s  %9s";
    terminal.print(String.format(Locale.ROOT, format, "class", "precision", "recall", "F1", "texts"));
    for (int k = 0; k < shown; k++) {
      ClassMetrics one = metrics.classes().get(k);
      terminal.print(
          String.format(
              Locale.ROOT, format, shortened(labels.name(k)), decimals(one.precision()), decimals(one.recall()),
              decimals(one.f1()), String.format(Locale.ROOT, "%,d", one.support())));
    }
    if (shown < labels.size()) {
      terminal.print("and " + (labels.size() - shown) + " more classes, which --json shows");
    }
  }

  private static String decimals(double share) {
    return String.format(Locale.ROOT, "%.4f", share);
  }

  private static String shortened(String label) {
    return label.length() <= LABEL_SHOWN ? label : label.substring(0, LABEL_SHOWN - 1) + "…";
  }
}

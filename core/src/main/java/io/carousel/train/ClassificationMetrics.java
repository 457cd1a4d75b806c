package io.carousel.train;

import java.util.ArrayList;
import java.util.List;

/**
 * The figures of a classifier on labelled rows: a pure function of its probabilities and the
 * labels.
 *
 * <p>The predicted class of a row is the one of the largest probability, the first of equals. For
 * class k with {@code TP} rows rightly predicted as k, {@code FP} wrongly, and {@code FN} of k
 * predicted as something else:
 *
 * <pre>{@code
 * precision = TP / (TP + FP)    recall = TP / (TP + FN)    F1 = 2 TP / (2 TP + FP + FN)
 * accuracy  = Σ TP / rows       macro F1 = mean of F1      log loss = −mean ln p(label)
 * }</pre>
 *
 * <p>Empty classes: a quotient of 0/0 counts as 0, and a class that neither a label nor a
 * prediction names has no part in the macro means; both as in scikit-learn. Log loss takes a
 * probability below 2⁻²³ (the resolution of a float) as 2⁻²³, so it is finite, at most 15.94.
 *
 * @param rows the number of rows
 * @param accuracy the share of rows predicted right
 * @param macroPrecision mean precision of the classes that occur
 * @param macroRecall mean recall of the classes that occur
 * @param macroF1 mean F1 of the classes that occur
 * @param logLoss mean negative natural logarithm of the label's probability
 * @param classes the figures of each class, in the order of the classes
 * @param confusion who was taken for whom
 * @param calibration how far the probabilities can be believed
 */
public record ClassificationMetrics(
    int rows,
    double accuracy,
    double macroPrecision,
    double macroRecall,
    double macroF1,
    double logLoss,
    List<ClassMetrics> classes,
    ConfusionMatrix confusion,
    Calibration calibration) {

  /** The least probability that log loss works with. */
  static final double LEAST_PROBABILITY = 0x1p-23;

  /**
   * The figures of one class.
   *
   * @param precision of the rows predicted as this class, the share that is of it
   * @param recall of the rows of this class, the share predicted as it
   * @param f1 the harmonic mean of the two
   * @param support the number of rows of this class
   */
  public record ClassMetrics(double precision, double recall, double f1, int support) {}

  /**
   * Computes all figures.
   *
   * @param probabilities one row a text, one number a class, each in [0, 1] with the sum 1 (within
   *     0.001)
   * @param labels the label of each row, 0 to {@code classes − 1}
   * @throws IllegalArgumentException if there are no rows or anything is out of these ranges
   */
  public static ClassificationMetrics of(float[][] probabilities, int[] labels) {
    if (labels.length == 0 || probabilities.length != labels.length) {
      throw new IllegalArgumentException(
          "ClassificationMetrics: needs at least one row, and a label for each, got "
              + probabilities.length
              + " rows and "
              + labels.length
              + " labels");
    }
    int classes = probabilities[0].length;
    int[] predicted = new int[labels.length];
    for (int row = 0; row < labels.length; row++) {
      check(probabilities[row], classes, row);
      predicted[row] = argmax(probabilities[row]);
    }
    ConfusionMatrix confusion = ConfusionMatrix.of(labels, predicted, classes);
    double loss = 0;
    for (int row = 0; row < labels.length; row++) {
      loss -= StrictMath.log(Math.max(probabilities[row][labels[row]], LEAST_PROBABILITY));
    }
    return of(confusion, loss / labels.length, Calibration.of(probabilities, labels));
  }

  private static ClassificationMetrics of(
      ConfusionMatrix confusion, double logLoss, Calibration calibration) {
    List<ClassMetrics> figures = new ArrayList<>();
    int occurring = 0;
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (int label = 0; label < confusion.classes(); label++) {
      int right = confusion.count(label, label);
      int actual = confusion.actual(label);
      int predicted = confusion.predicted(label);
      ClassMetrics one =
          new ClassMetrics(
              ratio(right, predicted),
              ratio(right, actual),
              ratio(2.0 * right, actual + predicted),
              actual);
      figures.add(one);
      if (actual + predicted > 0) {
        occurring++;
        precision += one.precision();
        recall += one.recall();
        f1 += one.f1();
      }
    }
    int rows = confusion.total();
    return new ClassificationMetrics(
        rows,
        ratio(confusion.correct(), rows),
        ratio(precision, occurring),
        ratio(recall, occurring),
        ratio(f1, occurring),
        logLoss,
        List.copyOf(figures),
        confusion,
        calibration);
  }

  /** The class of the largest probability; of equals the first. */
  public static int argmax(float[] probabilities) {
    int best = 0;
    for (int k = 1; k < probabilities.length; k++) {
      if (probabilities[k] > probabilities[best]) {
        best = k;
      }
    }
    return best;
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  private static void check(float[] probabilities, int classes, int row) {
    if (probabilities.length != classes) {
      throw new IllegalArgumentException(
          "ClassificationMetrics: every row must have "
              + classes
              + " probabilities, got "
              + probabilities.length
              + " in row "
              + row);
    }
    double sum = 0;
    for (float probability : probabilities) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException(
            "ClassificationMetrics: probabilities must be in 0 to 1, got "
                + probability
                + " in row "
                + row);
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > 1e-3) {
      throw new IllegalArgumentException(
          "ClassificationMetrics: the probabilities of a row must have the sum 1, got "
              + sum
              + " in row "
              + row
              + "; a single sigmoid p makes the two columns 1 - p and p");
    }
  }
}

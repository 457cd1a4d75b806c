package io.carousel.task;

import io.carousel.train.ClassificationMetrics;
import io.carousel.train.EpochInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What the report of a classifier tells.
 *
 * @param title the headline, such as the name of the run
 * @param evaluatedOn which rows the figures are from, such as {@code test.tsv} or {@code 20% of
 *     sms.tsv, held out}
 * @param classes the names of the classes, in the order of the figures
 * @param metrics the figures
 * @param epochs how the training went; empty when that is not known
 * @param errors the errors to show, as {@link #confidentErrors} finds them
 * @param modelSummary the layers as plain text
 * @param options the options of the run by name
 * @param provenance where data and model come from, by name
 */
public record ReportData(
    String title,
    String evaluatedOn,
    List<String> classes,
    ClassificationMetrics metrics,
    List<EpochInfo> epochs,
    List<ConfidentError> errors,
    String modelSummary,
    SequencedMap<String, String> options,
    SequencedMap<String, String> provenance) {

  /**
   * A row that the model got wrong.
   *
   * @param text the text, whole
   * @param actual its label
   * @param predicted what the model said
   * @param probability how sure the model was of that, 0 to 1
   * @param actualProbability what it gave to the label, 0 to 1
   */
  public record ConfidentError(
      String text, int actual, int predicted, double probability, double actualProbability) {}

  /**
   * @throws IllegalArgumentException if there is not one name for each class of the figures
   */
  public ReportData {
    if (classes.size() != metrics.confusion().classes()) {
      throw new IllegalArgumentException(
          "ReportData: there must be a name for each of the "
              + metrics.confusion().classes()
              + " classes, got "
              + classes.size());
    }
    classes = List.copyOf(classes);
    epochs = List.copyOf(epochs);
    errors = List.copyOf(errors);
    options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
    provenance = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(provenance));
  }

  /**
   * The errors of which the model was most sure, the surest first, of equals the earlier row.
   *
   * @param texts the text of each row
   * @param probabilities one row a text, one number a class
   * @param labels the label of each row
   * @param most how many to return at most
   */
  public static List<ConfidentError> confidentErrors(
      List<String> texts, float[][] probabilities, int[] labels, int most) {
    List<ConfidentError> errors = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      float[] p = probabilities[row];
      int predicted = ClassificationMetrics.argmax(p);
      if (predicted != labels[row]) {
        errors.add(
            new ConfidentError(
                texts.get(row), labels[row], predicted, p[predicted], p[labels[row]]));
      }
    }
    errors.sort(Comparator.comparingDouble(ConfidentError::probability).reversed()); // Stable.
    return List.copyOf(errors.subList(0, Math.min(most, errors.size())));
  }
}

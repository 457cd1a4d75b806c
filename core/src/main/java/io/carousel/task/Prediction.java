package io.carousel.task;

import io.carousel.data.Labels;
import io.carousel.train.ClassificationMetrics;

/**
 * What a classifier says about one text.
 *
 * @param label the most probable label; of equals the first
 * @param probability its probability, 0 to 1
 * @param probabilities that of each label, in the order of the labels; their sum is 1
 */
@SuppressWarnings("ArrayRecordComponent") // an answer, read once and never compared
public record Prediction(String label, float probability, float[] probabilities) {
  static Prediction of(float[] probabilities, Labels labels) {
    int best = ClassificationMetrics.argmax(probabilities);
    return new Prediction(labels.name(best), probabilities[best], probabilities);
  }
}

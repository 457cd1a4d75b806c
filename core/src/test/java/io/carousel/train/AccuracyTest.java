package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.data.Batch;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  private static Batch classes(int... classes) {
    return new Batch(1, new int[classes.length], null, new int[classes.length], classes, null);
  }

  private static Batch values(int rows, float... targets) {
    return new Batch(1, new int[rows], null, new int[rows], null, targets);
  }

  @Test
  void oneLogitIsClassOneAboveZero() {
    float[] logits = {0.1f, -0.1f, 0, 3};
    assertThat(Accuracy.correct(Loss.BINARY_CROSS_ENTROPY, logits, classes(1, 0, 0, 0))).isEqualTo(3);
    assertThat(Accuracy.correct(Loss.BINARY_CROSS_ENTROPY, logits, values(4, 1, 0, 1, 1))).isEqualTo(3);
  }

  @Test
  void theLargestLogitIsTheClass() {
    float[] logits = {1, 2, 3, 3, 2, 3};
    assertThat(Accuracy.correct(Loss.CATEGORICAL_CROSS_ENTROPY, logits, classes(2, 0))).isEqualTo(2);
    assertThat(Accuracy.correct(Loss.CATEGORICAL_CROSS_ENTROPY, logits, classes(2, 2))).isEqualTo(1);
    assertThat(Accuracy.correct(Loss.CATEGORICAL_CROSS_ENTROPY, logits, values(2, 0, 0, 1, 0, 1, 0)))
        .isEqualTo(1);
  }

  @Test
  void aRowOfLabelsCountsIfAllAreRight() {
    float[] logits = {1, -1, 1, 1};
    assertThat(Accuracy.correct(Loss.BINARY_CROSS_ENTROPY, logits, values(2, 1, 0, 1, 0))).isEqualTo(1);
  }

  @Test
  void valuesHaveNoAccuracy() {
    assertThat(Accuracy.correct(Loss.MEAN_SQUARED_ERROR, new float[] {1}, values(1, 1))).isZero();
  }
}

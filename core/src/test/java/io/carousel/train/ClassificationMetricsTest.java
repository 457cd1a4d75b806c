package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.carousel.store.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationMetricsTest {

  @Test
  void byHand() {
    float[][] probabilities = {{0.75f, 0.25f}, {0.5f, 0.5f}, {0.25f, 0.75f}, {0.875f, 0.125f}};
    int[] labels = {0, 1, 1, 1};
    ClassificationMetrics metrics = ClassificationMetrics.of(probabilities, labels);
    // Predicted 0, 0 (the first of equals), 1, 0.
    assertThat(metrics.rows()).isEqualTo(4);
    assertThat(metrics.accuracy()).isEqualTo(0.5);
    assertThat(metrics.classes().get(0))
        .isEqualTo(new ClassificationMetrics.ClassMetrics(1 / 3.0, 1, 0.5, 1));
    assertThat(metrics.classes().get(1))
        .isEqualTo(new ClassificationMetrics.ClassMetrics(1, 1 / 3.0, 0.5, 3));
    assertThat(metrics.macroF1()).isEqualTo(0.5);
    double loss = -(Math.log(0.75) + Math.log(0.5) + Math.log(0.75) + Math.log(0.125)) / 4;
    assertThat(metrics.logLoss()).isCloseTo(loss, within(1e-15));
    // Bins: (0.4,0.5] wrong; (0.7,0.8] two right of confidence 0.75; (0.8,0.9] wrong.
    Calibration calibration = metrics.calibration();
    assertThat(calibration.bins()).hasSize(10);
    assertThat(calibration.bins().get(4)).isEqualTo(new Calibration.Bin(0.4, 0.5, 1, 0.5, 0));
    assertThat(calibration.bins().get(7)).isEqualTo(new Calibration.Bin(0.7, 0.8, 2, 0.75, 1));
    assertThat(calibration.bins().get(8)).isEqualTo(new Calibration.Bin(0.8, 0.9, 1, 0.875, 0));
    assertThat(calibration.bins().get(0)).isEqualTo(new Calibration.Bin(0, 0.1, 0, 0.05, 0));
    assertThat(calibration.error()).isCloseTo((0.5 + 2 * 0.25 + 0.875) / 4, within(1e-15));
    assertThat(calibration.confidence()).isCloseTo(0.71875, within(1e-15));
  }

  @Test
  void aClassThatNothingNamesHasNoPartInTheMeans() {
    ClassificationMetrics metrics =
        ClassificationMetrics.of(new float[][] {{1, 0, 0}, {0, 1, 0}}, new int[] {0, 1});
    assertThat(metrics.classes().get(2))
        .isEqualTo(new ClassificationMetrics.ClassMetrics(0, 0, 0, 0));
    assertThat(metrics.macroF1()).isEqualTo(1);
    assertThat(metrics.logLoss()).isZero();
  }

  @Test
  void aLabelOfProbabilityZeroCostsTheMostButNotInfinity() {
    ClassificationMetrics metrics = ClassificationMetrics.of(new float[][] {{1, 0}}, new int[] {1});
    assertThat(metrics.logLoss()).isCloseTo(23 * Math.log(2), within(1e-12));
    assertThat(metrics.calibration().error()).isEqualTo(1);
  }

  static List<JsonObject> scikitLearn() throws IOException {
    try (InputStream in =
        ClassificationMetricsTest.class.getResourceAsStream("/metrics/metrics.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return JsonObject.parse(text, "metrics.json").objects("cases");
    }
  }

  @ParameterizedTest
  @MethodSource
  void scikitLearn(JsonObject expected) {
    int classes = expected.integer("classes");
    List<?> rows = (List<?>) Objects.requireNonNull(expected.get("probabilities"));
    float[][] probabilities = new float[rows.size()][classes];
    for (int row = 0; row < rows.size(); row++) {
      for (int k = 0; k < classes; k++) {
        probabilities[row][k] = ((Number) ((List<?>) rows.get(row)).get(k)).floatValue();
      }
    }
    ClassificationMetrics metrics =
        ClassificationMetrics.of(probabilities, expected.integers("labels"));
    assertThat(metrics.accuracy()).isCloseTo(expected.number("accuracy"), within(1e-12));
    assertThat(metrics.logLoss()).isCloseTo(expected.number("logLoss"), within(1e-12));
    assertThat(metrics.macroPrecision()).isCloseTo(expected.numbers("macro")[0], within(1e-12));
    assertThat(metrics.macroRecall()).isCloseTo(expected.numbers("macro")[1], within(1e-12));
    assertThat(metrics.macroF1()).isCloseTo(expected.numbers("macro")[2], within(1e-12));
    List<?> confusion = (List<?>) Objects.requireNonNull(expected.get("confusion"));
    for (int k = 0; k < classes; k++) {
      ClassificationMetrics.ClassMetrics one = metrics.classes().get(k);
      assertThat(one.precision()).isCloseTo(expected.numbers("precision")[k], within(1e-12));
      assertThat(one.recall()).isCloseTo(expected.numbers("recall")[k], within(1e-12));
      assertThat(one.f1()).isCloseTo(expected.numbers("f1")[k], within(1e-12));
      assertThat(one.support()).isEqualTo(expected.integers("support")[k]);
      for (int j = 0; j < classes; j++) {
        assertThat(metrics.confusion().count(k, j))
            .isEqualTo(((Number) ((List<?>) confusion.get(k)).get(j)).intValue());
      }
    }
    int[] counts = metrics.calibration().bins().stream().mapToInt(Calibration.Bin::count).toArray();
    assertThat(counts).containsExactly(expected.integers("binCounts"));
    assertThat(metrics.calibration().error())
        .isCloseTo(expected.number("calibrationError"), within(1e-12));
  }

  @Test
  void refusesWhatAreNotProbabilities() {
    assertRefused(
        new float[][] {{0.5f, Float.NaN}}, new int[1], "must be in 0 to 1, got NaN in row 0");
    assertRefused(
        new float[][] {{0, 1}, {2, -1}}, new int[2], "must be in 0 to 1, got 2.0 in row 1");
    assertRefused(
        new float[][] {{0.5f, 0.25f}}, new int[1], "must have the sum 1, got 0.75 in row 0");
    assertRefused(
        new float[][] {{1, 0}, {1}}, new int[2], "must have 2 probabilities, got 1 in row 1");
    assertRefused(new float[][] {{1, 0}}, new int[] {2}, "must be in 0 to 1, got 2 in row 0");
    assertRefused(new float[0][], new int[0], "at least one row");
    assertRefused(new float[][] {{1, 0}}, new int[2], "got 1 rows and 2 labels");
  }

  private static void assertRefused(float[][] probabilities, int[] labels, String message) {
    assertThatThrownBy(() -> ClassificationMetrics.of(probabilities, labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}

package io.carousel.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Model;
import io.carousel.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializersTest {
  private static float[] values(Initializer initializer, Shape shape) {
    float[] values = new float[shape.count() + 2];
    values[0] = 9;
    values[values.length - 1] = 9;
    initializer.fill(values, 1, shape, 42);
    assertThat(values[0]).as("nothing before").isEqualTo(9);
    assertThat(values[values.length - 1]).as("nothing after").isEqualTo(9);
    return java.util.Arrays.copyOfRange(values, 1, values.length - 1);
  }

  @ParameterizedTest
  @CsvSource({"7, 28", "28, 7", "6, 6", "1, 5"})
  void orthogonalRowsOrColumns(int rows, int columns) {
    float[] q = values(Initializers.orthogonal(), Shape.of(rows, columns));
    int count = Math.min(rows, columns);
    int size = Math.max(rows, columns);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        double dot = 0;
        for (int k = 0; k < size; k++) {
          dot += rows <= columns
              ? (double) q[i * columns + k] * q[j * columns + k]
              : (double) q[k * columns + i] * q[k * columns + j];
        }
        assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-6));
      }
    }
  }

  @Test
  void glorotStaysInItsLimitAndFillsIt() {
    float[] w = values(Initializers.glorotUniform(), Shape.of(40, 60));
    double limit = Math.sqrt(6.0 / 100);
    double largest = 0;
    double sum = 0;
    double squares = 0;
    for (float each : w) {
      largest = Math.max(largest, Math.abs(each));
      sum += each;
      squares += each * each;
    }
    assertThat(largest).isBetween(0.98 * limit, limit);
    assertThat(sum / w.length).isCloseTo(0, within(0.02));
    assertThat(squares / w.length).as("the variance 2 / (rows + columns)").isCloseTo(0.02, within(0.001));
  }

  @Test
  void unitGateOpensOneGate() {
    assertThat(values(Initializers.unitGate(1, 4), Shape.of(8))).containsExactly(0, 0, 1, 1, 0, 0, 0, 0);
  }

  @Test
  void chronoSpreadsTheTimesThatUnitsRemember() {
    float[] keeps = values(Initializers.chrono(100), Shape.of(40));
    double[] times = new double[40];
    for (int k = 0; k < 40; k++) {
      times[k] = Math.exp(keeps[k]);
    }
    java.util.Arrays.sort(times);
    for (int k = 0; k < 40; k++) {
      assertThat(times[k]).as("one for each fortieth of 1 to 99").isCloseTo(1 + 98 * (k + 0.5) / 40, within(3.0));
    }
    float[] gates = values(Initializers.named("chrono(100, 4, 1, 0)"), Shape.of(160));
    for (int k = 0; k < 160; k++) {
      assertThat(gates[k]).isEqualTo(k < 40 ? -keeps[k] : k < 80 ? keeps[k - 40] : 0);
    }
    assertThat(values(Initializers.chrono(100, 3, 2, -1), Shape.of(6))).startsWith(0, 0, 0, 0).endsWith(keeps[0], keeps[1]);
    assertThat(Initializers.named(Initializers.chrono(9.5).toString())).isEqualTo(Initializers.chrono(9.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "chrono(1); chrono: must be of at least 2 steps, got 1.0",
        "gate(1, 4, 4); gate: a gate must have a number from 0 to below that of all gates, got 4 of 4",
        "chrono(9, 3, 3, 0); chrono: a gate must have a number from 0 to below that of all gates, got 3 of 3",
        "gate(1, 0.5, 2); Initializers: gates are counted in whole numbers, got 0.5",
        "gate(1, 0, 4); gate: a bias of 4 gates must have a multiple of 4 numbers, got [6]",
        "chrono(9, 4, 0, 1); chrono: a bias of 4 gates must have a multiple of 4 numbers, got [6]",
        "normal; normal: takes 1 numbers in brackets, got 0"
      })
  void gatesThatDoNotFitAreRefused(String text, String message) {
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> values(Initializers.named(text), Shape.of(6))).withMessage(message);
  }

  @Test
  void aParameterDoesNotDependOnTheOtherLayers() {
    Parameters small = Model.sequential(new Embedding(9, 4), new Lstm(3), new Dense(1)).build(5);
    Parameters large =
        Model.sequential(new Embedding(9, 4), new Dropout(0.5), new Lstm(3).returnSequences(),
            new Lstm(6), new Dense(2))
            .build(5);
    assertThat(large.get("lstm.R").values()).containsExactly(small.get("lstm.R").values());
    assertThat(large.get("embedding.W").values()).containsExactly(small.get("embedding.W").values());
    assertThat(large.get("lstm_1.R").values()).isNotEqualTo(large.get("lstm.R").values());
  }

  @Test
  void theSeedDecides() {
    Model model = Model.sequential(new Embedding(9, 4), new Lstm(3));
    assertThat(model.build(5).values()).containsExactly(model.build(5).values());
    assertThat(model.build(6).values()).isNotEqualTo(model.build(5).values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "glorot_normal; 0.02", "he_uniform; 0.05", "he_normal; 0.05", "lecun_uniform; 0.025", "lecun_normal; 0.025",
        "normal(0.3); 0.09", "orthogonal(2.0); 0.0666"
      })
  void variancesAreThoseOfTheirSources(String text, double variance) {
    Initializer initializer = Initializers.named(text);
    assertThat(initializer).hasToString(text);
    float[] w = values(initializer, Shape.of(40, 60));
    double squares = 0;
    double largest = 0;
    for (float each : w) {
      squares += each * each;
      largest = Math.max(largest, Math.abs(each));
    }
    assertThat(squares / w.length).isCloseTo(variance, within(0.06 * variance));
    if (text.endsWith("_normal")) {
      double cut = 2 * Math.sqrt(variance) / 0.8796;
      assertThat(largest).as("two deviations of what is cut").isBetween(0.97 * cut, 1.0001 * cut);
    }
  }

  @Test
  void whatIsNotAnInitializerIsRefusedWithAListOfThem() {
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> Initializers.named("he_norm"))
        .withMessageStartingWith("Initializers: there is no he_norm; there are zeros, ones");
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> Initializers.named("uniform(a)"))
        .withMessage("Initializers: the arguments of uniform(a) must be numbers");
  }
}

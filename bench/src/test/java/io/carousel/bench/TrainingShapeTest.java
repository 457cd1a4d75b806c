package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.data.Batch;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingShapeTest {
  /** The peer's counts, as its script says them, less the second bias that PyTorch gives each LSTM. */
  @ParameterizedTest
  @CsvSource({
    "S0, 685473", "S1, 714369", "S2, 82561", "S4, 31649", "M1, 525312", "M2, 2099200", "L1, 4651600",
    "L2, 19775200"
  })
  void hasThePeersParameters(TrainingShape shape, int count) {
    Parameters.Slot last = shape.model().slots().getLast();
    assertThat(last.offset() + last.size()).isEqualTo(count);
  }

  /** Counted by hand: positions, times sizes of the products, times 6 where the input has a gradient, else 4. */
  @ParameterizedTest
  @EnumSource(TrainingShape.class)
  void countsTheProducts(TrainingShape shape) {
    double expected =
        switch (shape) {
          case S0 -> 1600.0 * 6 * (128 * 256 + 96 * 128) + 32 * 6 * 32;
          case S1 -> 6400.0 * 6 * 2 * 128 * 256 + 32 * 6 * (128 * 64 + 64);
          case S2 -> 320.0 * (4 * 32 + 6 * 128) * 512 + 32 * 6 * 128;
          case S4 -> 1600.0 * ((4 * 10 + 6 * 64) * 256 + 6 * 96 * 128) + 32 * 6 * 32;
          case M1 -> 6400.0 * (4 + 6) * 256 * 1024;
          case M2 -> 6400.0 * (4 + 6) * 512 * 2048;
          case L1 -> 400.0 * 6 * (2 * 400 * 800 + 200 * 10_000);
          case L2 -> 700.0 * 6 * (2 * 1300 * 2600 + 650 * 10_000);
        };
    assertThat(shape.work()).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(TrainingShape.class)
  void theBatchSuitsTheModel(TrainingShape shape) {
    Model model = shape.model();
    Batch batch = shape.batch();
    model.check(batch);
    assertThat(batch.lengths()).hasSize(shape.rows()).containsOnly(shape.steps());
    int[] classes = batch.classes();
    int given = classes != null ? classes.length * model.outputs() : batch.targetCount() * batch.rows();
    assertThat(given).isEqualTo(model.inference().shape().count(shape.rows(), shape.steps()));
    if (classes != null) {
      assertThat(Arrays.stream(classes)).allMatch(each -> each >= 0 && each < Math.max(2, model.outputs()));
      assertThat(Arrays.stream(classes).distinct().count()).isGreaterThan(1);
    }
  }
}

package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cell.Activation;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.layer.Pooling;
import io.carousel.model.Input;
import io.carousel.model.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTest {
  @Test
  void theInputsGradientCountsOnlyWhereSomethingLearnsBelow() {
    Dense ten = new Dense(10);
    assertThat(Work.ofTrainingStep(Model.sequential(Input.vector(3), ten), 2, 1)).isEqualTo(2 * 2 * 3 * 10 * 2);
    assertThat(Work.ofTrainingStep(Model.sequential(Input.vector(3), ten, ten), 2, 1))
        .isEqualTo(2 * 2 * (3 * 10 * 2 + 10 * 10 * 3));
    Model frozen = Model.sequential(new Embedding(9, 3).frozen(), new Lstm(4));
    assertThat(Work.ofTrainingStep(frozen, 5, 7)).isEqualTo(2 * 35 * (3 * 16 * 2 + 4 * 16 * 3));
  }

  @Test
  void bothDirectionsCountAndWhatIsNoProductDoesNot() {
    Model model =
        Model.sequential(
            Input.sequence(3), new Bidirectional(new Lstm(4)).returnSequences(), new Dense(5, Activation.RELU));
    assertThat(Work.ofTrainingStep(model, 2, 7))
        .isEqualTo(2 * 14 * (2 * (3 * 16 * 2 + 4 * 16 * 3) + 8 * 5 * 3));
    Model pooled = Model.sequential(Input.sequence(3), new Pooling(Pooling.Kind.MEAN));
    assertThat(Work.ofTrainingStep(pooled, 2, 7)).isZero();
  }

  @Test
  void anAnswerIsTheForwardPass() {
    Model model = Model.sequential(Input.sequence(3), new Lstm(4), new Dense(5));
    assertThat(Work.ofAnswer(model, 2, 7)).isEqualTo(2 * 14 * (3 + 4) * 16 + 2 * 2 * 4 * 5);
  }

  /** By hand, at T 50, B 32, H 64: 6 for a recurrent product, 4 for one of the inputs, which are data. */
  @ParameterizedTest
  @CsvSource({
    "LSTM, 4", "GRU, 3", "GRU_BEFORE, 3", "PEEPHOLE, 4", "COUPLED, 3",
    "LAYER_NORM, 4", "DROPOUT, 4", "RNN, 1", "OWN, 4", "RNN_RELU, 1", "LSTM_HARD, 4", "ORIGINAL, 3",
    "LAYER_NORM_GRU, 3", "MGU, 2", "DROPOUT_CANDIDATE, 4", "DROPOUT_GRU, 3", "ZONEOUT, 4", "DROP_CONNECT, 4"
  })
  void cellsCountTheirProducts(CellShape.Kind kind, int products) {
    assertThat(new CellShape(kind, CellShape.Size.S).work()).isEqualTo(1600.0 * 64 * 64 * (4 + 6) * products);
  }

  /**
   * By hand, over 160 images of 16×16 places: 9 places of a window side by side; or one, of a convolution, which asks
   * for its derivative too.
   */
  @ParameterizedTest
  @CsvSource({"CONV_LSTM, 90", "DEPTHWISE_LSTM, 12"})
  void cellsOverImagesCountTheirProducts(CellShape.Kind kind, int times) {
    assertThat(new CellShape(kind, CellShape.Size.IMAGES).work()).isEqualTo(160.0 * 256 * 16 * 64 * times);
  }

  /** Those without a recurrent product: of the inputs alone. */
  @ParameterizedTest
  @CsvSource({"SRU, 3", "QRNN, 6", "MIN_GRU, 2", "MIN_LSTM, 3", "IND_RNN, 1"})
  void cellsWithoutRecurrentProductsCountThoseOfTheInputs(CellShape.Kind kind, int products) {
    assertThat(new CellShape(kind, CellShape.Size.S).work()).isEqualTo(1600.0 * 64 * 64 * 4 * products);
  }
}

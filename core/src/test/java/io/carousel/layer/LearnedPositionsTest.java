package io.carousel.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.data.Batch;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.serve.Predictor;
import org.junit.jupiter.api.Test;

class LearnedPositionsTest {
  private static Batch batch(int steps, int length) {
    return new Batch(steps, null, new float[steps], new int[] {length}, null, null);
  }

  @Test
  void aRowOfMoreStepsThanThereArePositionsIsRefused() {
    Model model = Model.sequential(Input.sequence(1), new LearnedPositions(3));
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      assertThat(predictor.predict(batch(5, 3))[0]).hasSize(3); // padding is no position
      assertThatIllegalArgumentException().isThrownBy(() -> predictor.predict(batch(4, 4)))
          .withMessage(
              "LearnedPositions(length=3): rows must have at most 3 steps, got one of 4; cut it, or give the layer more");
    }
  }

  @Test
  void whatCountsAreTheStepsThatWindowsLeave() {
    Model model = Model.sequential(Input.sequence(1), WindowPooling.max(2), new LearnedPositions(3));
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      assertThat(predictor.predict(batch(7, 7))[0]).hasSize(3);
      assertThatIllegalArgumentException().isThrownBy(() -> predictor.predict(batch(8, 8)))
          .withMessageContaining("got one of 4");
    }
  }

  @Test
  void inAModelWithinAModel() {
    Model inner = Model.sequential(Input.sequence(1), new LearnedPositions(3));
    Model model = Model.sequential(Input.sequence(1), inner, new Pooling(Pooling.Kind.MEAN));
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      assertThatIllegalArgumentException().isThrownBy(() -> predictor.predict(batch(4, 4)))
          .withMessageContaining("got one of 4");
    }
  }
}

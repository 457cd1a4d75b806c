package io.carousel.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.cell.MLstmCell;
import io.carousel.cell.SLstmCell;
import io.carousel.data.Batch;
import io.carousel.layer.Dense;
import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Adam;
import io.carousel.train.Gradients;
import io.carousel.train.Loss;
import io.carousel.train.OptimizerState;
import io.carousel.train.TrainingStep;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cell of the catalogue, in Java and as text: the same bits, forward, backward, and after training. */
class CatalogueTest {
  private static final int F = 6;
  private static final int H = 9;
  private static final int[] LENGTHS = {6, 0, 3, 1, 6, 5, 2};
  private static final int T = 6;

  static List<String> names() {
    return Catalogue.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void textAndJavaGiveTheSameBits(String name) {
    Cell cell = Catalogue.cell(name, H);
    TextCell text = Catalogue.text(name).cell(H);
    assertThat(text.units()).isEqualTo(cell.units());
    assertThat(text.initials()).hasSameSizeAs(cell.initials());
    assertThat(text.hasScaledStates()).isEqualTo(cell.hasScaledStates());
    sameBits(cell, text);
  }

  private static void sameBits(Cell cell, TextCell ofCell) {
    Model java = model(cell);
    Model text = model(ofCell);
    Parameters ofJava = java.build(1);
    Parameters ofText = text.build(1);
    assertThat(text.slots()).isEqualTo(java.slots());
    assertThat(ofText.values()).containsExactly(ofJava.values());
    try (TrainingStep left = TrainingStep.of(java, ofJava, Loss.BINARY_CROSS_ENTROPY, 1);
        TrainingStep right = TrainingStep.of(text, ofText, Loss.BINARY_CROSS_ENTROPY, 1)) {
      OptimizerState adamOfJava = new Adam(0.05).start(ofJava);
      OptimizerState adamOfText = new Adam(0.05).start(ofText);
      for (int step = 0; step < 5; step++) {
        Gradients a = left.gradients(batch(step), step);
        Gradients b = right.gradients(batch(step), step);
        assertThat(b.loss()).as("loss of step %d", step).isEqualTo(a.loss());
        adamOfJava.step(a);
        adamOfText.step(b);
        assertThat(ofText.values()).as("parameters after step %d", step).isEqualTo(ofJava.values());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"SLSTM, 1", "SLSTM, 3", "MLSTM, 3"})
  void headsAreThoseOfJava(String name, int heads) {
    CellText text = Catalogue.text(name.toLowerCase(Locale.ROOT));
    sameBits(
        name.equals("SLSTM") ? new SLstmCell(H, heads) : new MLstmCell(H, heads),
        text.cell(Map.of("D", H / heads, "N", heads)));
  }

  @Test
  void thereIsNoOther() {
    assertThatIllegalArgumentException().isThrownBy(() -> Catalogue.text("reservoir"))
        .withMessageStartingWith("cell: there is no reservoir in the catalogue; it has lstm, gru, ");
  }

  private static Model model(Cell cell) {
    return Model.sequential(
        Input.sequence(F), Recurrent.of(cell), new Dense(1, Activation.SIGMOID));
  }

  private static Batch batch(int number) {
    float[] features = new float[T * LENGTHS.length * F];
    for (int i = 0; i < features.length; i++) {
      features[i] = i % 7 < 2 ? 0 : (float) CounterRandom.normal(number, i); // zeros: what is missing, for some
    }
    return new Batch(T, null, features, LENGTHS, new int[] {1, 0, 0, 1, 0, 1, 1}, null);
  }
}

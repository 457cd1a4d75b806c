package io.carousel.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cell of the catalogue, in Java and as text: the same bits, forward, backward, and after training. */
class CatalogueTest {
  private static final int F = 5;
  private static final int H = 9;
  private static final int[] LENGTHS = {6, 0, 3, 1, 6, 5, 2};
  private static final int T = 6;

  static List<String> names() {
    return Catalogue.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void textAndJavaGiveTheSameBits(String name) {
    Model java = model(Catalogue.cell(name, H));
    Model text = model(Catalogue.text(name).cell(H));
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

  @Test
  void thereIsNoOther() {
    assertThatIllegalArgumentException().isThrownBy(() -> Catalogue.text("reservoir"))
        .withMessageStartingWith("cell: there is no reservoir in the catalogue; it has lstm, gru, ");
  }

  private static Model model(Cell cell) {
    return Model.sequential(
        Input.sequence(F), Recurrent.of(cell), new Dense(1, Activation.SIGMOID));
  }

  /**
   * The parameters of the text from those of Java, whose gates lie side by side, or, with {@code when}, a
   * comparison of both.
   */
  private static void copy(Parameters java, Parameters text, @org.jspecify.annotations.Nullable String when) {
    for (Parameters.Slot slot : text.slots()) {
      int gate = slot.name().lastIndexOf('_');
      boolean stacked = gate > 0 && gate == slot.name().length() - 2;
      String name = stacked ? slot.name().substring(0, gate) : slot.name();
      float[] all = java.get(name).values();
      float[] part = all;
      if (stacked) {
        int columns = slot.shape().size(-1);
        int gates = all.length / slot.shape().count();
        char letter = slot.name().charAt(gate + 1);
        int k = order(name, gates, letter).indexOf(letter);
        part = new float[slot.shape().count()];
        for (int i = 0; i < part.length; i++) {
          part[i] = all[i / columns * columns * gates + k * columns + i % columns];
        }
      }
      if (when == null) {
        text.set(slot.name(), part);
      } else {
        assertThat(text.get(slot.name()).values()).as("%s after %s", slot.name(), when).containsExactly(part);
      }
    }
  }

  /** In which order the gates of a parameter lie side by side. */
  private static String order(String name, int gates, char gate) {
    return gates == 4 ? "ifgo" : name.endsWith(".p") ? "ifo" : "rzn".indexOf(gate) >= 0 ? "rzn" : "fgo";
  }

  private static Batch batch(int number) {
    float[] features = new float[T * LENGTHS.length * F];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) CounterRandom.normal(number, i);
    }
    return new Batch(T, null, features, LENGTHS, new int[] {1, 0, 0, 1, 0, 1, 1}, null);
  }
}

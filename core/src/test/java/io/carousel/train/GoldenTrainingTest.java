package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.expr.Golden;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Pooling;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models of layers, with their losses, against PyTorch's numbers. */
class GoldenTrainingTest {
  private static final double PRECISION = 1e-5;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text_binary_last", "text_binary_mean", "text_binary_max", "text_binary_last_mean_max",
        "text_classes", "dense_mse"
      })
  void lossAndEveryGradient(String name) {
    Golden golden = Golden.load(name);
    Model model = model(golden);
    Loss loss = golden.name().startsWith("dense") ? Loss.MEAN_SQUARED_ERROR
        : golden.name().endsWith("classes") ? Loss.CATEGORICAL_CROSS_ENTROPY : Loss.BINARY_CROSS_ENTROPY;
    Parameters parameters = model.zeros();
    Map<String, String> names = names(golden);
    assertThat(names).hasSameSizeAs(model.slots());
    names.forEach((ours, theirs) -> parameters.set(ours, floats(golden.parameters(), theirs)));
    try (TrainingStep step = TrainingStep.of(model, parameters, loss, 2)) {
      Gradients gradients = step.gradients(batch(golden), 0);
      double expected = of(golden.outputs(), "loss")[0];
      assertThat(gradients.loss()).isCloseTo(expected, within(PRECISION * expected));
      names.forEach((ours, theirs) -> {
        Parameters.Slot slot = parameters.slot(ours);
        double[] wanted = of(golden.gradients(), theirs);
        double scale = 0;
        for (double each : wanted) {
          scale = Math.max(scale, Math.abs(each));
        }
        for (int i = 0; i < wanted.length; i++) {
          assertThat((double) gradients.values()[slot.offset() + i]).as("gradient of %s at %d", ours, i)
              .isCloseTo(wanted[i], within(PRECISION * scale));
        }
      });
    }
  }

  private static Model model(Golden golden) {
    int units = golden.size("H", 0);
    if (golden.name().startsWith("dense")) {
      return Model.sequential(
          Input.vector(golden.size("I", 0)), new Dense(golden.size("J", 0), Activation.RELU),
          new Dense(golden.size("K", 0)));
    }
    Embedding embedding = new Embedding(golden.size("V", 0), golden.size("E", 0));
    Layer end = golden.name().endsWith("classes")
        ? new Dense(golden.size("K", 0), Activation.SOFTMAX) : new Dense(1, Activation.SIGMOID);
    if (!golden.bidirectional()) {
      return Model.sequential(embedding, new Lstm(units), end);
    }
    Pooling.Kind[] kinds = golden.pooling().stream()
        .map(kind -> Pooling.Kind.valueOf(kind.toUpperCase(Locale.ROOT))).toArray(Pooling.Kind[]::new);
    return Model.sequential(
        embedding, new Bidirectional(new Lstm(units)).returnSequences(), new Pooling(kinds), end);
  }

  /** Our names of the parameters, and the file's. */
  private static Map<String, String> names(Golden golden) {
    Map<String, String> names = new LinkedHashMap<>();
    if (golden.name().startsWith("dense")) {
      for (String name : List.of("W", "b")) {
        names.put("dense." + name, "dense0." + name);
        names.put("dense_1." + name, "dense1." + name);
      }
      return names;
    }
    names.put("embedding.W", "embedding");
    for (String name : List.of("W", "R", "b")) {
      if (golden.bidirectional()) {
        names.put("bidirectional.forward." + name, "forward." + name);
        names.put("bidirectional.backward." + name, "backward." + name);
      } else {
        names.put("lstm." + name, name);
      }
    }
    names.put("dense.W", "dense.W");
    names.put("dense.b", "dense.b");
    return names;
  }

  private static Batch batch(Golden golden) {
    Map<String, Golden.Numbers> inputs = golden.inputs();
    int rows = golden.size("B", 0);
    if (golden.name().startsWith("dense")) {
      int[] ones = new int[rows];
      java.util.Arrays.fill(ones, 1);
      return new Batch(1, null, floats(inputs, "x"), ones, null, floats(inputs, "targets"));
    }
    return new Batch(
        golden.size("T", 0), ints(inputs, "tokens"), null, ints(inputs, "lengths"),
        inputs.containsKey("classes") ? ints(inputs, "classes") : null,
        inputs.containsKey("targets") ? floats(inputs, "targets") : null);
  }

  private static double[] of(Map<String, Golden.Numbers> section, String name) {
    return Objects.requireNonNull(section.get(name), name).values();
  }

  private static float[] floats(Map<String, Golden.Numbers> section, String name) {
    double[] values = of(section, name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static int[] ints(Map<String, Golden.Numbers> section, String name) {
    return java.util.Arrays.stream(of(section, name)).mapToInt(v -> (int) v).toArray();
  }
}

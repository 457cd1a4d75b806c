package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.kernel.Team;
import io.carousel.layer.Dense;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Optimizers and schedules against PyTorch's numbers, made by {@code golden/make_optimizers.py}. */
class GoldenOptimizerTest {
  private static final double PRECISION = 1e-5;
  private static final JsonNode FILE = read();

  private static final Map<String, Optimizer> RULES = new LinkedHashMap<>();
  private static final Map<String, Schedule> SCHEDULES =
      Map.of(
          "step", Schedule.step(6, 0.5),
          "exponential", Schedule.exponential(1, 0.9),
          "cosine", Schedule.cosine(0.1),
          "one_cycle", Schedule.oneCycle(0.3));

  static {
    RULES.put("sgd", new Sgd(0.1));
    RULES.put("sgd_momentum", new Sgd(0.1, 0.9));
    RULES.put("sgd_nesterov", new Sgd(0.1, 0.9, true));
    RULES.put("rmsprop", new RmsProp(0.01));
    RULES.put("rmsprop_momentum", new RmsProp(0.01, 0.9, 0.8, 1e-6));
    RULES.put("adagrad", new AdaGrad(0.1));
    RULES.put("adagrad_initial", new AdaGrad(0.1, 0.1, 1e-7));
    RULES.put("adadelta", new Adadelta());
    RULES.put("adadelta_small", new Adadelta(0.5, 0.95, 1e-4));
    RULES.put("adam", new Adam(0.01));
    RULES.put("adamw", new Adam(0.01).withWeightDecay(0.1));
    RULES.put("nadam", new NAdam(0.01));
    RULES.put("nadam_betas", new NAdam(0.05, 0.8, 0.95, 1e-6));
  }

  @Test
  void weightsAfterEachStep() {
    JsonNode all = Objects.requireNonNull(FILE.get("weights"));
    assertThat(RULES.keySet()).containsExactlyElementsOf(all.propertyNames());
    RULES.forEach((name, rule) -> compare(name, rule, Objects.requireNonNull(all.get(name))));
  }

  private static void compare(String name, Optimizer rule, JsonNode expected) {
    double[] start = numbers(FILE.get("start"));
    Parameters parameters = Model.sequential(Input.vector(start.length - 1), new Dense(1)).build(1);
    for (int i = 0; i < start.length; i++) {
      parameters.values()[i] = (float) start[i];
    }
    OptimizerState state = rule.start(parameters);
    try (Team team = Team.of(2)) {
      Gradients gradients = new Gradients(start.length, team);
      int step = 0;
      for (JsonNode g : Objects.requireNonNull(FILE.get("gradients"))) {
        double[] values = numbers(g);
        gradients.set(0, 1, 0, false);
        for (int i = 0; i < values.length; i++) {
          gradients.unscaled()[i] = (float) values[i];
        }
        state.step(gradients);
        double[] wanted = numbers(expected.get(step++));
        for (int i = 0; i < wanted.length; i++) {
          assertThat((double) parameters.values()[i]).as("%s, weight %d after step %d", name, i, step)
              .isCloseTo(wanted[i], within(PRECISION * Math.max(0.1, Math.abs(wanted[i]))));
        }
      }
    }
  }

  @Test
  void factorsOfSchedules() {
    JsonNode all = Objects.requireNonNull(FILE.get("schedules"));
    assertThat(SCHEDULES.keySet()).containsExactlyInAnyOrderElementsOf(all.propertyNames());
    SCHEDULES.forEach((name, schedule) -> {
      double[] wanted = numbers(all.get(name));
      for (int step = 0; step < wanted.length; step++) {
        assertThat(schedule.factor(step, wanted.length)).as("%s, step %d", name, step)
            .isCloseTo(wanted[step], within(1e-9));
      }
    });
  }

  private static double[] numbers(JsonNode node) {
    double[] values = new double[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).doubleValue();
    }
    return values;
  }

  private static JsonNode read() {
    try (InputStream stream = GoldenOptimizerTest.class.getResourceAsStream("/golden/optimizers.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(stream));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

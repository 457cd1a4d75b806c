package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.TensorDataset;
import io.carousel.expr.Golden;
import io.carousel.layer.ActivityCost;
import io.carousel.layer.BatchNorm;
import io.carousel.layer.Dense;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Constraint;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Regularizer;
import io.carousel.parameter.Rule;
import io.carousel.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Three steps of training with penalties, constraints and running statistics are Keras's. */
class GoldenStepsTest {
  private static final double PRECISION = 1e-5;

  @Test
  void penaltiesAndConstraints() {
    check(
        "steps_rules",
        Model.sequential(
            Input.vector(5),
            new Dense(4, Activation.TANH).with(
                Rule.of("W").l2(0.05).maxNorm(0.9),
                Rule.of("b").l1(0.02).l2(0.03).constraint(new Constraint.NonNegative())),
            new ActivityCost(new Regularizer(0.03, 0.01)),
            new Dense(2).with(Rule.of("W").constraint(new Constraint.UnitNorm()))));
  }

  @Test
  void batchNormalization() {
    check(
        "steps_batch_norm",
        Model.sequential(
            Input.vector(5), new Dense(4, Activation.RELU), new BatchNorm(0.75, 1e-3), new Dense(2)));
  }

  private static void check(String file, Model model) {
    Golden golden = Golden.load(file);
    Parameters parameters = model.zeros();
    golden.parameters().forEach((name, numbers) -> parameters.set(name, floats(numbers)));
    assertThat(golden.parameters()).hasSameSizeAs(model.slots());
    int rows = golden.size("B", 0);
    float[] x = floats(of(golden.inputs(), "x"));
    float[] targets = floats(of(golden.inputs(), "targets"));
    int[] ones = new int[rows];
    Arrays.fill(ones, 1);
    Batch batch = new Batch(1, null, x, ones, null, targets);
    double[] losses = of(golden.outputs(), "losses").values();
    OptimizerState sgd = new Sgd(0.5).start(parameters);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.MEAN_SQUARED_ERROR, 2)) {
      for (double wanted : losses) {
        Gradients gradients = step.gradients(batch, 0);
        assertThat(gradients.loss()).isCloseTo(wanted, within(PRECISION * wanted));
        sgd.step(gradients);
      }
    }
    for (Parameters.Slot slot : parameters.slots()) {
      double[] wanted = of(golden.outputs(), slot.name()).values();
      float[] found = parameters.get(slot.name()).values();
      for (int i = 0; i < wanted.length; i++) {
        assertThat((double) found[i]).as("%s at %d", slot.name(), i)
            .isCloseTo(wanted[i], within(PRECISION * Math.max(0.1, Math.abs(wanted[i]))));
      }
    }
    double evaluated = Trainer.of(model, parameters).loss(Loss.MEAN_SQUARED_ERROR)
        .evaluate(TensorDataset.of(Tensor.of(x, rows, 5), Tensor.of(targets, rows, 2))).loss();
    assertThat(evaluated).isCloseTo(of(golden.outputs(), "evaluated").values()[0], within(PRECISION));
  }

  private static Golden.Numbers of(Map<String, Golden.Numbers> section, String name) {
    return Objects.requireNonNull(section.get(name), name);
  }

  private static float[] floats(Golden.Numbers numbers) {
    float[] floats = new float[numbers.values().length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers.values()[i];
    }
    return floats;
  }
}

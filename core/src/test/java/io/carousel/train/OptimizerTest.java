package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.kernel.Team;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {
  private static Parameters parameters(int inputs, int outputs) {
    return Model.sequential(Input.vector(inputs), new Dense(outputs)).build(3);
  }

  /** Parameters W = 1, b = −2 after steps with the gradients 0.5·k and −k. */
  private static float[] run(Optimizer optimizer, int steps, double factor, double clip) {
    Parameters parameters = parameters(1, 1);
    parameters.set("dense.W", new float[] {1});
    parameters.set("dense.b", new float[] {-2});
    OptimizerState state = optimizer.start(parameters);
    try (Team team = Team.of(1)) {
      Gradients gradients = new Gradients(2, team);
      for (int k = 1; k <= steps; k++) {
        gradients.set(0, 1, 0, false);
        gradients.unscaled()[0] = 0.5f * k;
        gradients.unscaled()[1] = -k;
        if (clip > 0) {
          gradients.clip(clip);
        }
        state.step(gradients, factor);
      }
    }
    assertThat(state.steps()).isEqualTo(steps);
    return parameters.values();
  }

  @Test
  void adamsFirstStepIsTheLearningRateInTheDirectionOfTheSign() {
    assertThat(run(new Adam(0.1), 1, 1, 0)).containsExactly(new float[] {0.9f, -1.9f}, within(1e-6f));
    assertThat(run(new Adam(0.1), 1, 0.25, 0)).containsExactly(new float[] {0.975f, -1.975f}, within(1e-6f));
  }

  @Test
  void adamIsItsEquation() {
    double[] theta = {1, -2};
    double[] m = new double[2];
    double[] v = new double[2];
    for (int t = 1; t <= 3; t++) {
      double[] g = {0.5 * t, -t};
      for (int i = 0; i < 2; i++) {
        m[i] = 0.8 * m[i] + 0.2 * g[i];
        v[i] = 0.9 * v[i] + 0.1 * g[i] * g[i];
        theta[i] -= 0.1 * 0.05 * theta[i]
            + 0.1 * (m[i] / (1 - Math.pow(0.8, t))) / (Math.sqrt(v[i] / (1 - Math.pow(0.9, t))) + 0.01);
      }
    }
    float[] found = run(new Adam(0.1, 0.8, 0.9, 0.01, 0.05), 3, 1, 0);
    assertThat((double) found[0]).isCloseTo(theta[0], within(1e-6));
    assertThat((double) found[1]).isCloseTo(theta[1], within(1e-6));
    assertThat(found).isNotEqualTo(run(new Adam(0.1, 0.8, 0.9, 0.01, 0), 3, 1, 0));
  }

  @Test
  void sgdAddsMomentumUp() {
    // W: 1 − 0.1·0.5 = 0.95; then u = 0.9·0.5 + 1 = 1.45: 0.805. b: −2 + 0.1; u = −0.9 − 2: −1.61.
    assertThat(run(new Sgd(0.1), 2, 1, 0)).containsExactly(new float[] {0.85f, -1.7f}, within(1e-6f));
    assertThat(run(new Sgd(0.1, 0.9), 2, 1, 0)).containsExactly(new float[] {0.805f, -1.61f}, within(1e-6f));
  }

  @Test
  void clippingScalesToTheNorm() {
    // The gradient (0.5, −1) has the norm √1.25; clipped to 0.5 it is (0.2236, −0.4472).
    float[] clipped = run(new Sgd(1), 1, 1, 0.5);
    assertThat(clipped[0]).isCloseTo(1 - 0.2236068f, within(1e-6f));
    assertThat(clipped[1]).isCloseTo(-2 + 0.4472136f, within(1e-6f));
    assertThat(run(new Sgd(1), 1, 1, 5)).as("below the norm nothing happens").containsExactly(0.5f, -1);
  }

  @Test
  void clippedGradientsAreSeenClipped() {
    try (Team team = Team.of(1)) {
      Gradients gradients = new Gradients(2, team);
      gradients.set(0, 1, 0, false);
      gradients.unscaled()[0] = 3;
      gradients.unscaled()[1] = 4;
      assertThat(gradients.clip(1)).isEqualTo(5);
      assertThat(gradients.norm()).isCloseTo(1, within(1e-7));
      assertThat(gradients.values()).containsExactly(new float[] {0.6f, 0.8f}, within(1e-7f));
      assertThat(gradients.norm()).isCloseTo(1, within(1e-7));
      assertThatIllegalArgumentException().isThrownBy(() -> gradients.clip(0))
          .withMessageContaining("must be above 0, got 0.0");
    }
  }

  @Test
  void clippingByValueLeavesTheSmallOnes() {
    try (Team team = Team.of(2)) {
      Gradients gradients = new Gradients(4, team);
      gradients.set(0, 1, 0, false);
      System.arraycopy(new float[] {3, -4, 0.5f, Float.NaN}, 0, gradients.unscaled(), 0, 4);
      gradients.clipValues(1);
      assertThat(gradients.values()).containsExactly(1, -1, 0.5f, Float.NaN);
      System.arraycopy(new float[] {3, -4, 0, 0}, 0, gradients.unscaled(), 0, 4);
      gradients.clip(2.5); // halves them, in what is read
      gradients.clipValues(1.75);
      assertThat(gradients.values()).containsExactly(1.5f, -1.75f, 0, 0);
      assertThatIllegalArgumentException().isThrownBy(() -> gradients.clipValues(0))
          .withMessageContaining("must be above 0, got 0.0");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void anyNumberOfThreadsGivesTheSameBits(int threads) {
    for (Optimizer optimizer : new Optimizer[] {
        new Adam(0.01), new Sgd(0.01, 0.9), new Sgd(0.01, 0.9, true), new RmsProp(0.01), new AdaGrad(0.01),
        new Adadelta(), new NAdam(0.01)}) {
      assertThat(large(optimizer, threads)).containsExactly(large(optimizer, 1));
    }
  }

  private static float[] large(Optimizer optimizer, int threads) {
    Parameters parameters = parameters(401, 67);
    OptimizerState state = optimizer.start(parameters);
    try (Team team = Team.of(threads)) {
      Gradients gradients = new Gradients(parameters.count(), team);
      for (int k = 0; k < 3; k++) {
        gradients.set(0, 1, 0, false);
        for (int i = 0; i < parameters.count(); i++) {
          gradients.unscaled()[i] = CounterRandom.uniform(k, i) - 0.4f;
        }
        gradients.clipValues(0.3);
        gradients.clip(1);
        state.step(gradients);
      }
    }
    return parameters.values();
  }

  @Test
  void parametersThatAreFrozenStayAsTheyAre() {
    Model model = Model.sequential(new Embedding(4, 2).frozen(), new Lstm(1));
    Parameters parameters = model.build(1);
    float[] before = parameters.values().clone();
    try (Team team = Team.of(1)) {
      Gradients gradients = new Gradients(parameters.trainableCount(), team);
      Arrays.fill(gradients.unscaled(), 1);
      new Sgd(1).start(parameters).step(gradients);
    }
    int trainable = parameters.trainableCount();
    assertThat(trainable).isEqualTo(before.length - 8);
    assertThat(Arrays.copyOfRange(parameters.values(), trainable, before.length))
        .containsExactly(Arrays.copyOfRange(before, trainable, before.length));
    assertThat(parameters.values()[0]).isEqualTo(before[0] - 1);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(0)).withMessageContaining("learning rate");
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(1, 1, 0.9, 1e-8, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(1, 0.9, 0.9, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(1, 1)).withMessageContaining("momentum");
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(1, 0, true)).withMessageContaining("give 0.9");
    assertThatIllegalArgumentException().isThrownBy(() -> new RmsProp(1, 1, 0, 1e-8)).withMessageContaining("rho");
    assertThatIllegalArgumentException().isThrownBy(() -> new AdaGrad(1, -1, 1e-8));
    assertThatIllegalArgumentException().isThrownBy(() -> new Adadelta(1, 0.9, 1e-60));
    assertThatIllegalArgumentException().isThrownBy(() -> new NAdam(1, 0.9, 1, 1e-8));
  }
}

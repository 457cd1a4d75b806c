package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lambda;
import io.carousel.layer.LayerNorm;
import io.carousel.layer.Lstm;
import io.carousel.layer.TiedDense;
import io.carousel.parameter.Constraint;
import io.carousel.parameter.Defaults;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Rule;
import io.carousel.tensor.Shape;
import org.junit.jupiter.api.Test;

/** What parameters obey: beginnings, freezing, names that are wrong, and what goes into files. */
class RulesTest {
  @Test
  void aRuleDecidesHowParametersBegin() {
    Model model = Model.sequential(
        Input.vector(3),
        new Dense(2).with(
            Rule.of("W").initializer(Initializers.constant(0.5)), Rule.of("b").initializer(Initializers.ones())));
    Parameters parameters = model.build(1);
    assertThat(parameters.get("dense.W").values()).containsOnly(0.5f);
    assertThat(parameters.get("dense.b").values()).containsOnly(1f);
    assertThat(model.build(1, Defaults.PYTORCH).values()).containsExactly(parameters.values());
  }

  @Test
  void pyTorchsDefaultsFollowInputsAndUnits() {
    Model model = Model.sequential(
        new Embedding(300, 50), new Lstm(16).returnSequences(), new LayerNorm(), new Lstm(4), new Dense(2));
    Parameters parameters = model.build(3, Defaults.PYTORCH);
    assertThat(largest(parameters, "embedding.W")).isBetween(3f, 6f);
    for (String name : new String[] {"lstm.W", "lstm.R", "lstm.b"}) {
      assertThat(largest(parameters, name)).as(name).isBetween(0.22f, 0.25f);
    }
    assertThat(largest(parameters, "lstm_1.R")).isBetween(0.4f, 0.5f);
    assertThat(largest(parameters, "dense.W")).isBetween(0.3f, 0.5f);
    assertThat(largest(parameters, "dense.b")).isBetween(0f, 0.5f).isPositive();
    assertThat(parameters.get("layer_norm.g").values()).containsOnly(1f);
    assertThat(model.build(3).get("embedding.W").values()).doesNotContain(1f);
    assertThat(largest(model.build(3), "embedding.W")).isLessThan(0.051f);
  }

  @Test
  void frozenLayersMoveBehindTheOthersWithTheirValues() {
    Model model = Model.sequential(new Embedding(7, 3), new Bidirectional(new Lstm(2)), new Dense(1));
    Parameters before = model.build(1);
    Model frozen = model.freeze("bidirectional", "embedding");
    Parameters after = frozen.zeros();
    after.setByName(before);
    assertThat(after.trainableCount()).isEqualTo(4 + 1);
    assertThat(after.count()).isEqualTo(before.count());
    for (Parameters.Slot slot : before.slots()) {
      assertThat(after.get(slot.name()).values()).containsExactly(before.get(slot.name()).values());
    }
    assertThat(Architecture.model(Architecture.describe(frozen)).slots()).isEqualTo(frozen.slots());
    assertThatIllegalArgumentException().isThrownBy(() -> model.freeze("lstm"))
        .withMessage("Model: there is no layer lstm to freeze; there are [embedding, bidirectional, dense]");
  }

  @Test
  void aRuleOfNoParameterIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.vector(3), new Dense(2).with(Rule.of("R").l2(0.1))))
        .withMessage("Dense(units=2, linear) with [R, l2 0.1]: has no parameter R, there are [W, b]");
  }

  @Test
  void constraintsBringBackColumns() {
    float[] w = {3, -0.3f, 4, 0.4f};
    new Constraint.MaxNorm(1).apply(w, 0, Shape.of(2, 2));
    assertThat(w[0]).isCloseTo(0.6f, org.assertj.core.api.Assertions.within(1e-6f));
    assertThat(w[1]).isCloseTo(-0.3f, org.assertj.core.api.Assertions.within(1e-6f));
    new Constraint.NonNegative().apply(w, 0, Shape.of(2, 2));
    assertThat(w[1]).isZero();
  }

  @Test
  void oneTableServesWordsAndOutputs() {
    Model model = Model.sequential(
        new Embedding(11, 4), new Lstm(4), new TiedDense("embedding", Activation.SOFTMAX));
    assertThat(model.build(1).count()).isEqualTo(44 + 4 * 4 * 9 + 11);
    assertThat(model.outputs()).isEqualTo(11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(new Embedding(11, 4), new Lstm(3), new TiedDense("embedding", Activation.SOFTMAX)))
        .withMessageContaining("input must have the size of the vectors of embedding [11,4], got [B,3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.vector(4), new TiedDense("embedding", Activation.SOFTMAX)))
        .withMessageContaining("there is no parameter embedding.W in a layer before it");
  }

  @Test
  void aFunctionIsNoPartOfAFile() {
    Model model = Model.sequential(Input.vector(4), new Lambda("half", x -> x.times(0.5)), new Dense(1));
    assertThatIllegalArgumentException().isThrownBy(() -> Architecture.describe(model))
        .withMessageStartingWith("Lambda(half): a function cannot be written to a model file");
  }

  private static float largest(Parameters parameters, String name) {
    float largest = 0;
    for (float value : parameters.get(name).values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

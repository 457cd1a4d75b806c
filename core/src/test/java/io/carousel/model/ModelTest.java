package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.cell.PeepholeLstmCell;
import io.carousel.data.Batch;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Gru;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Pooling;
import io.carousel.layer.Shortcut;
import io.carousel.layer.Signal;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Rule;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTest {
  @Test
  void summaryNamesLayersShapesAndParameters() {
    Model model =
        Model.sequential(
            new Embedding(1000, 16).frozen(), Dropout.spatial(0.1), new Lstm(8).returnSequences(),
            new Bidirectional(new Lstm(4).returnSequences()),
            new Pooling(Pooling.Kind.MAX, Pooling.Kind.LAST),
            new Dense(4, Activation.RELU), new Dense(1, Activation.SIGMOID));
    assertThat(model.layerNames())
        .containsExactly("embedding", "spatial_dropout", "lstm", "bidirectional", "pooling", "dense",
            "dense_1");
    assertThat(model.summary())
        .startsWith("layer            ")
        .contains("embedding        Embedding(vocabulary=1000, dimension=16)  [B,T,16]      16,000      0\n")
        .contains("bidirectional    Bidirectional(LSTM(units=4))              [B,T,8]          416  ")
        .contains("pooling          Pooling(last, max)                        [B,16]             0  ")
        // 2 products of 2·16·4 and 2·4·1, a bias, relu and sigmoid for each output
        .contains("dense            Dense(units=4, relu)                      [B,4]             68    136\n")
        .contains("dense_1          Dense(units=1, sigmoid)                   [B,1]              5     10\n")
        .contains("total 17,289 parameters, of which 16,000 are frozen (0.1 MB)\n")
        .contains("; training takes about 3 times as many\n")
        .endsWith("memory in training: 0.1 MB for parameters, gradients and Adam's two averages; 280 bytes of"
            + " outputs for each row and step\n");
  }

  @Test
  void parametersThatTrainingChangesComeFirst() {
    Model model = Model.sequential(new Embedding(10, 2).frozen(), new Lstm(3), new Dense(1));
    Parameters parameters = model.build(1);
    assertThat(model.slots())
        .containsExactly(
            new Parameters.Slot("lstm.W", Shape.of(2, 12), 0, true),
            new Parameters.Slot("lstm.R", Shape.of(3, 12), 24, true),
            new Parameters.Slot("lstm.b", Shape.of(12), 60, true),
            new Parameters.Slot("dense.W", Shape.of(3, 1), 72, true),
            new Parameters.Slot("dense.b", Shape.of(1), 75, true),
            new Parameters.Slot("embedding.W", Shape.of(10, 2), 76, false));
    assertThat(parameters.trainableCount()).isEqualTo(76);
    assertThat(parameters.count()).isEqualTo(96);
    assertThat(parameters.get("lstm.b").values()).containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    for (float each : parameters.get("embedding.W").values()) {
      assertThat(Math.abs(each)).isBetween(1e-9f, 0.05f);
    }
  }

  @Test
  void aWrongOrderSaysWhatWouldDo() {
    refused("LSTM(units=64): input must be [B,T,F], got [B,32]; add an Embedding or a feature axis, "
            + "and returnSequences() to a recurrent layer before it",
        () -> Model.sequential(new Embedding(9, 4), new Lstm(32), new Lstm(64)));
    refused("LSTM(units=64): input must be [B,T,F], got [B,50]; add an Embedding or a feature axis",
        () -> Model.sequential(Input.vector(50), new Lstm(64)));
    refused("LSTM(units=64): input must be [B,T,F], got [B,T] tokens; add an Embedding before it",
        () -> Model.sequential(Input.tokens(), new Lstm(64)));
    refused("Dense(units=2, linear): input must be [B,…] or [B,T,…], got [B,T] tokens; add an Embedding",
        () -> Model.sequential(Input.tokens(), new Dense(2)));
    refused("Pooling(mean): input must be [B,T,F], got [B,5]",
        () -> Model.sequential(Input.vector(5), new Pooling(Pooling.Kind.MEAN)));
    refused("Embedding(vocabulary=9, dimension=4): input must be tokens [B,T], got [B,T,3]",
        () -> Model.sequential(Input.sequence(3), new Embedding(9, 4)));
    refused("the first layer must be an Embedding, got LSTM(units=4); for other inputs begin with Input.sequence",
        () -> Model.sequential(new Lstm(4)));
    refused("Shortcut(LSTM(units=4)): the layer must give a sequence [B,T,H], got [B,4]; call returnSequences()",
        () -> Model.sequential(Input.sequence(3), new Shortcut(new Lstm(4))));
    refused("needs at least one layer", () -> Model.sequential());
    refused("the output passing must be numbers", () -> Model.sequential(Input.tokens(), new Passing()));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    refused("LSTM: units must be at least 1, got 0", () -> new Lstm(0));
    refused("GRU: units must be at least 1, got 0", () -> new Gru(0));
    refused("PeepholeLSTM: units must be at least 1, got -3", () -> new PeepholeLstmCell(-3));
    refused("Dropout of LSTM(units=3): rate must be from 0 to below 1, got 1.0", () -> new Lstm(3).recurrentDropout(1));
    refused("Dense: units must be at least 1, got -1", () -> new Dense(-1));
    refused("Dropout: rate must be from 0 to below 1, got 1.0", () -> new Dropout(1));
    refused("Dropout: rate must be from 0 to below 1, got NaN", () -> new Dropout(Double.NaN));
    refused("Embedding: vocabulary and dimension must be at least 1, got 0 and 3", () -> new Embedding(0, 3));
    refused("Pooling: needs at least one of", () -> new Pooling());
    refused("Input: the sizes of features must be at least 1, got [0]", () -> Input.sequence(0));
    refused("Bidirectional: needs the forward layer", () -> new Bidirectional(new Lstm(2, false, true)));
  }

  @Test
  void inputsAreChecked() {
    Model tokens = Model.sequential(new Embedding(5, 2), new Lstm(2));
    tokens.check(tokens(0, 4));
    refused("embedding: tokens must be from 0 to 4, got 5", () -> tokens.check(tokens(1, 5)));
    refused("embedding: tokens must be from 0 to 4, got -1", () -> tokens.check(tokens(-1)));
    refused("input must be tokens [B,T], got features", () -> tokens.check(features(1, 1, 3)));
    Model sequence = Model.sequential(Input.sequence(3), new Lstm(2));
    sequence.check(features(2, 2, 3));
    refused("input must be [B,T,3], got features [2,2,2]", () -> sequence.check(features(2, 2, 2)));
    refused("input must be [B,T,3], got tokens [1,1]", () -> sequence.check(tokens(1)));
    Model vector = Model.sequential(Input.vector(3), new Dense(2));
    refused("input must be [B,3], got features [1,2,3]", () -> vector.check(features(1, 2, 3)));
  }

  private static Batch tokens(int... tokens) {
    return new Batch(tokens.length, tokens, null, new int[] {tokens.length}, null, null);
  }

  private static Batch features(int rows, int steps, int count) {
    return new Batch(steps, null, new float[rows * steps * count], new int[rows], null, null);
  }

  @Test
  void parametersAreSetAndCopiedByName() {
    Model model = Model.sequential(Input.vector(2), new Dense(1));
    Parameters parameters = model.zeros();
    parameters.set("dense.W", new float[] {3, 4});
    Parameters copy = parameters.copy();
    parameters.set("dense.b", new float[] {5});
    assertThat(parameters.values()).containsExactly(3, 4, 5);
    assertThat(copy.values()).containsExactly(3, 4, 0);
    parameters.set(copy);
    assertThat(parameters.values()).containsExactly(3, 4, 0);
    assertThat(parameters.firstNotFinite()).isEmpty();
    parameters.set("dense.b", new float[] {Float.NaN});
    assertThat(parameters.firstNotFinite()).isEqualTo("dense.b");
    refused("there is no dense.V; there are [dense.W, dense.b]", () -> parameters.get("dense.V"));
    refused("dense.W [2,1] has 2 values, got 3", () -> parameters.set("dense.W", new float[3]));
    refused("belong to another model",
        () -> parameters.set(Model.sequential(Input.vector(3), new Dense(1)).zeros()));
  }

  private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }

  /** A layer of one's own that does nothing. */
  private record Passing() implements Layer {
    @Override
    public String kind() {
      return "passing";
    }

    @Override
    public Signal apply(Signal in, Scope scope) {
      return in;
    }
  }

  /** An embedding is one under a name, with rules, or at the beginning of a model, as well. */
  @Test
  void aSequenceBeginsWithAnEmbeddingHoweverItIsDressed() {
    Embedding plain = new Embedding(9, 4);
    Model model = Model.sequential(plain, new Pooling(Pooling.Kind.MEAN));
    for (Layer first : List.of(
        plain.named("words"), plain.shared("words"), plain.with(Rule.of("W").l2(0.1)),
        plain.with(Rule.of("W").l2(0.1)).named("words"), Model.sequential(plain, new Dense(4)))) {
      assertThat(Model.sequential(first, new Pooling(Pooling.Kind.MEAN)).input()).isEqualTo(model.input());
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Model.sequential(new Dense(4).named("words")))
        .withMessageStartingWith("Model: the first layer must be an Embedding, got Dense(units=4, linear)");
  }
}

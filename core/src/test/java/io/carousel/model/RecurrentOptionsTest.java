package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Flip;
import io.carousel.layer.Gru;
import io.carousel.layer.Lambda;
import io.carousel.layer.LearnedPositions;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.Node;
import io.carousel.layer.Pooling;
import io.carousel.layer.SinusoidalPositions;
import io.carousel.layer.Stack;
import io.carousel.layer.TimeDistributed;
import io.carousel.parameter.Parameters;
import io.carousel.serve.Predictor;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Gradients;
import io.carousel.train.Loss;
import io.carousel.train.TrainingStep;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RecurrentOptionsTest {
  private static final int F = 3;

  /** A row that is reset in the middle gives what its two halves give alone. */
  @Test
  void aResetBeginsARowAnew() {
    Node x = Model.input("x", Input.sequence(F));
    Node r = Model.input("r", Input.sequence(1));
    Model resetting =
        Model.graph(List.of(x, r), List.of(new Lstm(4).returnSequences().withTrainableStart().resets().on(x, r)));
    Model plain = Model.sequential(Input.sequence(F), new Lstm(4).returnSequences().withTrainableStart());
    Parameters parameters = resetting.build(3);
    for (int i = 0; i < parameters.count(); i++) {
      parameters.values()[i] = (float) CounterRandom.normal(5, i) * .3f;
    }
    float[] flags = {0, 0, 1, 0, 0};
    try (Predictor one = Predictor.of(resetting, parameters, 1); Predictor other = Predictor.of(plain, parameters, 1)) {
      float[] whole = one.predict(Batch.of(
          Map.of("x", features(5, 0, 5), "r", new Batch(5, null, flags, new int[] {5}, null, null)), Map.of()))[0];
      assertThat(Arrays.copyOfRange(whole, 0, 8)).containsExactly(other.predict(features(5, 0, 2))[0]);
      assertThat(Arrays.copyOfRange(whole, 8, 20)).containsExactly(other.predict(features(5, 2, 5))[0]);
    }
  }

  @Test
  void resetsGoFromPieceToPiece() {
    Node x = Model.input("x", Input.sequence(F));
    Node r = new Lambda("reset", v -> Expr.constant(0.5).less(v.slice(-1, 0, 1))).on(x);
    Model model = Model.graph(List.of(x), List.of(new Lstm(4).resets().on(x, r)));
    try (Predictor predictor = Predictor.of(model, model.build(3), 1)) {
      State state = State.of(model, 1);
      predictor.predict(features(6, 0, 2), state);
      assertThat(predictor.predict(features(6, 2, 6), state)[0])
          .containsExactly(predictor.predict(features(6, 0, 6))[0]);
    }
  }

  /** What the loop within a step cannot do is refused, not left out. */
  @Test
  void timeDistributedRefusesWhatItWouldIgnore() {
    refused(
        "TimeDistributed(TrainableStart(LSTM(units=2))): the layer must begin in its cell's own states; leave out"
            + " withTrainableStart()",
        () -> Model.sequential(Input.sequence(4, F), new TimeDistributed(new Lstm(2).withTrainableStart())));
    Bidirectional sums = new Bidirectional(new Lstm(2)).merge(Bidirectional.Merging.SUM);
    refused(
        "TimeDistributed(Bidirectional(LSTM(units=2), sum)): the directions must come side by side, got sum;"
            + " merge them by concat",
        () -> Model.sequential(Input.sequence(4, F), new TimeDistributed(sums)));
  }

  @Test
  void aFlipTurnsEachRowWithinItsLength() {
    Model model = Model.sequential(Input.sequence(1), new Flip());
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      // Time-major: rows 1 2 3 and 4 5 with a padding that must not be seen.
      float[][] found = predictor.predict(
          new Batch(3, null, new float[] {1, 4, 2, 5, 3, 99}, new int[] {3, 2}, null, null));
      assertThat(found[0]).containsExactly(3, 2, 1);
      assertThat(found[1]).containsExactly(5, 4);
    }
  }

  @Test
  void poolingsLeaveSkippedStepsOut() {
    Model model = Model.sequential(
        Input.sequence(1), new Masking(0), new Pooling(Pooling.Kind.LAST, Pooling.Kind.MEAN, Pooling.Kind.MAX));
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      float[][] found = predictor.predict(
          new Batch(4, null, new float[] {0, 0, -3, 0, -1, 0, 0, 0}, new int[] {4, 4}, null, null));
      assertThat(found[0]).containsExactly(-1, -2, -1);
      assertThat(found[1]).containsExactly(0, 0, 0);
    }
  }

  @Test
  void aStateIsCopiedSavedAndPutBack() {
    Model model = Model.sequential(Input.sequence(F), new Gru(4).returnSequences(), new Lstm(2));
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      State state = State.of(model, 1);
      predictor.predict(features(6, 0, 3), state);
      State copy = state.copy();
      State saved = State.of(model, state.tensors());
      float[] next = predictor.predict(features(6, 3, 6), state)[0];
      assertThat(predictor.predict(features(6, 3, 6), copy)[0]).containsExactly(next);
      assertThat(predictor.predict(features(6, 3, 6), saved)[0]).containsExactly(next);
      assertThat(predictor.predict(features(6, 3, 6), saved)[0]).isNotEqualTo(next);
      copy.reset();
      assertThat(predictor.predict(features(6, 3, 6), copy)[0])
          .containsExactly(predictor.predict(features(6, 3, 6))[0]);
      state.set(copy);
      assertThat(state.tensors().get("gru.state0").values())
          .containsExactly(copy.tensors().get("gru.state0").values());
      assertThat(state.tensors()).containsOnlyKeys(
          "gru.state0", "lstm.state0", "lstm.state1", "fresh");
      refused("State: a batch must have the 1 rows of the state, got 2",
          () -> predictor.predict(new Batch(1, null, new float[2 * F], new int[] {1, 1}, null, null), state));
      refused("State: must have a tensor fresh [B,1]", () -> State.of(model, Map.of()));
      Model other = Model.sequential(Input.sequence(F), new Gru(5));
      refused("State: gru.state0 must be [1, 5], got [1, 4]; the state is of another model",
          () -> State.of(other, state.tensors()));
    }
  }

  /** The gradient of two pieces is that of the second alone, begun in the numbers that the first left. */
  @Test
  void aGradientEndsAtTheBeginningOfAPiece() {
    Model carrying = Model.sequential(Input.sequence(F), new Lstm(4), new Dense(1, Activation.SIGMOID));
    Node x = Model.input("x", Input.sequence(F));
    Node h = Model.input("h", Input.vector(4));
    Node c = Model.input("c", Input.vector(4));
    Model begun = Model.graph(
        List.of(x, h, c), List.of(new Dense(1, Activation.SIGMOID).on(new Lstm(4).on(x, List.of(h, c)))));
    Parameters parameters = carrying.build(7);
    try (TrainingStep one = TrainingStep.of(carrying, parameters, Loss.BINARY_CROSS_ENTROPY, 1);
        TrainingStep other = TrainingStep.of(begun, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      State state = State.of(carrying, 1);
      one.gradients(features(6, 0, 4), 1, state);
      float[] state0 = state.tensors().get("lstm.state0").values();
      float[] state1 = state.tensors().get("lstm.state1").values();
      Gradients second = one.gradients(features(6, 4, 6), 2, state);
      Gradients expected = other.gradients(
          Batch.of(
              Map.of("x", features(6, 4, 6), "h", vector(state0), "c", vector(state1)),
              Map.of("dense", features(6, 4, 6))),
          2);
      assertThat(second.loss()).isEqualTo(expected.loss());
      assertThat(second.values()).containsExactly(expected.values());
    }
  }

  @Test
  void whatNeedsWholeSequencesCarriesNoState() {
    refused("LSTM(units=2): reads from the end, so it needs whole sequences",
        () -> State.of(Model.sequential(Input.sequence(F), new Bidirectional(new Lstm(2))), 1));
    refused("Pooling(mean): needs whole sequences (sum [0])",
        () -> State.of(
            Model.sequential(Input.sequence(F), new Lstm(2).returnSequences(), new Pooling(Pooling.Kind.MEAN)), 1));
    refused("Lambda(time): needs whole sequences (index 0)",
        () -> State.of(
            Model.sequential(
                Input.sequence(F), new Lambda("time", x -> x.plus(Expr.index(x.shape(), 0))), new Lstm(2)), 1));
    refused("SinusoidalPositions(): needs whole sequences (",
        () -> State.of(Model.sequential(Input.sequence(4), new SinusoidalPositions(), new Lstm(2)), 1));
    refused("LearnedPositions(length=20): needs whole sequences (",
        () -> State.of(Model.sequential(Input.sequence(4), new LearnedPositions(20), new Lstm(2)), 1));
    refused("Flip(): gives the last step first",
        () -> State.of(Model.sequential(Input.sequence(F), new Flip(), new Lstm(2)), 1));
    refused("the model has no recurrent layer", () -> State.of(Model.sequential(Input.vector(F), new Dense(2)), 1));
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    Node x = Model.input("x", Input.sequence(F));
    refused("must begin in states [[B,2], [B,2]], got [[B,3], [B,3]]",
        () -> Model.graph(List.of(x), List.of(new Lstm(2).on(x, new Lstm(3).on(x).states()))));
    refused("must begin in 4 states, forward ones first, got 2",
        () -> Model.graph(List.of(x), List.of(new Bidirectional(new Lstm(2)).on(x, new Lstm(2).on(x).states()))));
    refused("Resetting(LSTM(units=2)): must follow a sequence and the resets [B,T,1], got 1 signal",
        () -> Model.graph(List.of(x), List.of(new Lstm(2).resets().on(x))));
    refused("resets must be [B,T,1], got [B,T,3]",
        () -> Model.graph(List.of(x), List.of(new Lstm(2).resets().on(x, x))));
    refused("Stack: layers must be recurrent or bidirectional and give sequences, got Dense",
        () -> Stack.of(2, () -> new Dense(3)));
    refused("Stack: needs at least one layer", () -> Stack.of(0, () -> new Lstm(3)));
    refused("Dropout: rate must be from 0 to below 1", () -> Stack.of(2, () -> new Lstm(3)).dropout(1));
    refused("Masking(0.0): input must be [B,T,F]", () -> Model.sequential(Input.vector(2), new Masking(0)));
  }

  /** Steps {@code from} to {@code to} of one row, whose class is 1. */
  private static Batch features(int steps, int from, int to) {
    float[] all = new float[steps * F];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) CounterRandom.normal(4, i);
    }
    return new Batch(
        to - from, null, Arrays.copyOfRange(all, from * F, to * F), new int[] {to - from}, new int[] {1}, null);
  }

  private static Batch vector(float[] values) {
    return new Batch(1, null, values, new int[] {1}, null, null);
  }

  private static void refused(String message, ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }
}

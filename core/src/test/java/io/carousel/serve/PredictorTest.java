package io.carousel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.data.TokenDataset;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PredictorTest {
  private static final Model MODEL =
      Model.sequential(new Embedding(30, 8), new Dropout(0.5), new Lstm(8), new Dense(3, Activation.SOFTMAX));

  private static TokenDataset data(int rows) {
    List<int[]> sequences = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int[] sequence = new int[CounterRandom.below(9, 1, row)];
      for (int t = 0; t < sequence.length; t++) {
        sequence[t] = 1 + CounterRandom.below(29, 2, row * 10L + t);
      }
      sequences.add(sequence);
    }
    return new TokenDataset(sequences, null);
  }

  @Test
  void aRowGetsTheSameBitsAloneAmongOthersAndOnAnyNumberOfThreads() {
    TokenDataset data = data(150);
    Parameters parameters = MODEL.build(3);
    try (Predictor one = Predictor.of(MODEL, parameters, 1);
        Predictor three = Predictor.of(MODEL, parameters, 3)) {
      float[][] all = one.predict(data);
      assertThat(three.predict(data)).isDeepEqualTo(all);
      assertThat(all).hasDimensions(150, 3);
      for (int row = 0; row < 150; row++) {
        assertThat(one.predict(data.sequence(row))).containsExactly(all[row]);
        assertThat(all[row][0] + all[row][1] + all[row][2]).isCloseTo(1, within(1e-6f));
      }
      float[] empty = one.predict();
      assertThat(empty[0] + empty[1] + empty[2]).as("an empty row").isCloseTo(1, within(1e-6f));
    }
  }

  @Test
  void keepsTheParametersAsTheyWere() {
    Parameters parameters = MODEL.build(3);
    try (Predictor predictor = Predictor.of(MODEL, parameters, 1)) {
      float[] before = predictor.predict(1, 2, 3);
      Arrays.fill(parameters.values(), 0);
      assertThat(predictor.predict(1, 2, 3)).containsExactly(before);
    }
  }

  @Test
  void severalThreadsMayAskAtOnce() throws Exception {
    TokenDataset data = data(40);
    try (Predictor predictor = Predictor.of(MODEL, MODEL.build(3), 2);
        ExecutorService askers = Executors.newFixedThreadPool(4)) {
      float[][] expected = predictor.predict(data);
      List<Callable<float[]>> questions = new ArrayList<>();
      for (int row = 0; row < 40; row++) {
        int[] tokens = data.sequence(row);
        questions.add(() -> predictor.predict(tokens));
      }
      var answers = askers.invokeAll(questions);
      for (int row = 0; row < 40; row++) {
        assertThat(answers.get(row).get()).containsExactly(expected[row]);
      }
    }
  }

  @Test
  void sequencesOfFeatures() {
    Model model = Model.sequential(Input.sequence(2), new Lstm(3), new Dense(1));
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      assertThat(predictor.outputs()).isEqualTo(1);
      assertThat(predictor.predict(new float[][] {{1, 2}, {3, 4}})).hasSize(1);
      assertThat(predictor.predict(new float[][] {{1, 2}})).isNotEqualTo(predictor.predict(new float[0][]));
      refused("each step must have 2 features, got 3 at step 1",
          () -> predictor.predict(new float[][] {{1, 2}, {1, 2, 3}}));
      refused("input must be [B,T,2], got tokens", () -> predictor.predict(1, 2));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Model sequences = Model.sequential(Input.sequence(2), new Lstm(3).returnSequences());
    refused("belong to another model", () -> Predictor.of(MODEL, sequences.build(1), 1));
    try (Predictor predictor = Predictor.of(MODEL, MODEL.build(1), 1)) {
      refused("tokens must be from 0 to 29, got 30", () -> predictor.predict(30));
    }
  }

  private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }
}

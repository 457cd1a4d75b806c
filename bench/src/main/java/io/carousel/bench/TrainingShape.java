package io.carousel.bench;

import io.carousel.data.Batch;
import io.carousel.layer.Activation;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Input;
import io.carousel.layer.Lstm;
import io.carousel.layer.Model;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Loss;
import java.util.Arrays;

/**
 * The models whose training step is measured, each with one fixed batch of made-up data. They are those of
 * {@code pytorch_peer.py}, which says the same in its own words.
 */
enum TrainingShape {
  S0("Embedding(10000,64), LSTM 64, LSTM 32, Dense 1; T50 B32", 50, 32, Loss.BINARY_CROSS_ENTROPY) {
    @Override
    Model model() {
      return Model.sequential(
          new Embedding(WORDS, 64), new Lstm(64).returnSequences(), new Lstm(32),
          new Dense(1, Activation.SIGMOID));
    }
  },
  S1("Embedding(10000,64), BiLSTM 64, Dense 64, Dense 1; T200 B32", 200, 32, Loss.BINARY_CROSS_ENTROPY) {
    @Override
    Model model() {
      return Model.sequential(
          new Embedding(WORDS, 64), new Bidirectional(new Lstm(64)), new Dense(64, Activation.RELU),
          new Dense(1, Activation.SIGMOID));
    }
  },
  S2("LSTM 128 on (10,32), Dense 1; B32", 10, 32, Loss.MEAN_SQUARED_ERROR) {
    @Override
    Model model() {
      return Model.sequential(Input.sequence(32), new Lstm(128), new Dense(1));
    }
  },
  S4("LSTM 64, LSTM 32 on (50,10), Dense 1; B32", 50, 32, Loss.MEAN_SQUARED_ERROR) {
    @Override
    Model model() {
      return Model.sequential(
          Input.sequence(10), new Lstm(64).returnSequences(), new Lstm(32), new Dense(1));
    }
  },
  M1("LSTM 256 on 256; T100 B64", 100, 64, Loss.MEAN_SQUARED_ERROR) {
    @Override
    Model model() {
      return outputs(256);
    }
  },
  M2("LSTM 512 on 512; T100 B64", 100, 64, Loss.MEAN_SQUARED_ERROR) {
    @Override
    Model model() {
      return outputs(512);
    }
  },
  L1("language model, 10000 words, 2 x LSTM 200; T20 B20", 20, 20, Loss.CATEGORICAL_CROSS_ENTROPY) {
    @Override
    Model model() {
      return languageModel(200);
    }
  },
  L2("language model, 10000 words, 2 x LSTM 650; T35 B20", 35, 20, Loss.CATEGORICAL_CROSS_ENTROPY) {
    @Override
    Model model() {
      return languageModel(650);
    }
  };

  private static final int WORDS = 10_000;
  private static final long SEED = 7;

  private final String text;
  private final int steps;
  private final int rows;
  private final Loss loss;

  TrainingShape(String text, int steps, int rows, Loss loss) {
    this.text = text;
    this.steps = steps;
    this.rows = rows;
    this.loss = loss;
  }

  abstract Model model();

  /** The model in words. */
  String text() {
    return text;
  }

  /** T, of every row. */
  int steps() {
    return steps;
  }

  /** B. */
  int rows() {
    return rows;
  }

  Loss loss() {
    return loss;
  }

  /** Floating-point operations of one training step; see {@link Work}. */
  double work() {
    return Work.ofTrainingStep(model(), rows, steps);
  }

  /** Sequences of full length with targets that suit the model: one a row, or one a step. */
  Batch batch() {
    Model model = model();
    boolean tokens = model.input().kind() == Input.Kind.TOKENS;
    int targets = model.inference().shape().rank() == 3 ? steps * rows : rows;
    int[] lengths = new int[rows];
    Arrays.fill(lengths, steps);
    return new Batch(
        steps,
        tokens ? whole("tokens", steps * rows, 1, WORDS) : null,
        tokens ? null : values("features", steps * rows * model.input().features()),
        lengths,
        loss.classifies() ? whole("classes", targets, 0, Math.max(2, model.outputs())) : null,
        loss.classifies() ? null : values("targets", targets * model.outputs()));
  }

  private static Model outputs(int units) {
    return Model.sequential(Input.sequence(units), new Lstm(units).returnSequences());
  }

  private static Model languageModel(int units) {
    return Model.sequential(
        new Embedding(WORDS, units), new Lstm(units).returnSequences(), new Lstm(units).returnSequences(),
        new Dense(WORDS, Activation.SOFTMAX));
  }

  private static int[] whole(String stream, int count, int from, int to) {
    long key = CounterRandom.key(SEED, stream);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = from + CounterRandom.below(to - from, key, i);
    }
    return numbers;
  }

  private static float[] values(String stream, int count) {
    long key = CounterRandom.key(SEED, stream);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = CounterRandom.uniform(key, i) - 0.5f;
    }
    return values;
  }
}

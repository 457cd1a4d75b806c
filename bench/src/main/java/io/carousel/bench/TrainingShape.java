package io.carousel.bench;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.train.Loss;

/**
 * The models whose training step is measured, each with one fixed batch of made-up data. They are those of
 * {@code pytorch_training.py}, which says the same in its own words.
 */
enum TrainingShape implements Job.InSteps {
  S0("Embedding(10000,64), LSTM 64, LSTM 32, Dense 1; T50 B32", 50, 32, Loss.BINARY_CROSS_ENTROPY) {
    @Override
    Model model() {
      return Model.sequential(
          new Embedding(MadeUp.WORDS, 64), new Lstm(64).returnSequences(), new Lstm(32),
          new Dense(1, Activation.SIGMOID));
    }
  },
  S1("Embedding(10000,64), BiLSTM 64, Dense 64, Dense 1; T200 B32", 200, 32, Loss.BINARY_CROSS_ENTROPY) {
    @Override
    Model model() {
      return Model.sequential(
          new Embedding(MadeUp.WORDS, 64), new Bidirectional(new Lstm(64)), new Dense(64, Activation.RELU),
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

  @Override
  public String id() {
    return "train " + this;
  }

  @Override
  public String text() {
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

  @Override
  public double work() {
    return Work.ofTrainingStep(model(), rows, steps);
  }

  Batch batch() {
    return MadeUp.batch(model(), steps, rows, loss);
  }

  @Override
  public Steps start(int threads) {
    return TrainingSteps.whole(model(), batch(), loss, threads);
  }

  private static Model outputs(int units) {
    return Model.sequential(Input.sequence(units), new Lstm(units).returnSequences());
  }

  private static Model languageModel(int units) {
    return Model.sequential(
        new Embedding(MadeUp.WORDS, units), new Lstm(units).returnSequences(), new Lstm(units).returnSequences(),
        new Dense(MadeUp.WORDS, Activation.SOFTMAX));
  }
}

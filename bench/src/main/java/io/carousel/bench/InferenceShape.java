package io.carousel.bench;

import io.carousel.data.Batch;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.serve.Predictor;
import java.util.List;

/**
 * An LSTM layer that answers with its last output h [B,H], from a state of zeros.
 *
 * @param inputs F, of the made-up features [T,B,F]
 * @param units H
 * @param steps T
 * @param rows B
 */
record InferenceShape(int inputs, int units, int steps, int rows) implements Job.InSteps {
  /** First one sequence at a time, as it comes to a server; then batches. */
  static final List<InferenceShape> ALL =
      List.of(
          new InferenceShape(256, 256, 1, 1), new InferenceShape(256, 256, 25, 1),
          new InferenceShape(512, 512, 25, 1), new InferenceShape(1024, 1024, 25, 1),
          new InferenceShape(64, 64, 50, 32), new InferenceShape(256, 256, 100, 64),
          new InferenceShape(32, 128, 10, 32));

  @Override
  public String id() {
    return "infer " + this;
  }

  @Override
  public String text() {
    return "LSTM " + units + " on " + inputs + "; T" + steps + " B" + rows;
  }

  @Override
  public double work() {
    return Work.ofAnswer(model(), rows, steps);
  }

  Model model() {
    return Model.sequential(Input.sequence(inputs), new Lstm(units));
  }

  @Override
  public Steps start(int threads) {
    Model model = model();
    Predictor predictor = Predictor.of(model, model.build(MadeUp.SEED), threads);
    Batch batch = MadeUp.batch(model, steps, rows, null);
    return new Steps() {
      @Override
      public void step() {
        predictor.predict(batch);
      }

      @Override
      public void close() {
        predictor.close();
      }
    };
  }

  /** {@code I32-H128-T10-B32}. */
  @Override
  public String toString() {
    return "I" + inputs + "-H" + units + "-T" + steps + "-B" + rows;
  }
}

package io.carousel.examples;

import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Tensor;
import io.carousel.train.*;

/** An LSTM on sequences of 10 steps with 32 features learns the mean of the first feature. */
public final class SequenceRegression {
  public static void main(String[] args) {
    Model model = Model.sequential(Input.sequence(32), new Lstm(128), new Dense(1));
    Trainer trainer = Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).optimizer(new Adam(2e-3)).seed(1);
    trainer.fit(data(800, 1), Fit.epochs(10).batchSize(32));
    System.out.println("test: " + trainer.evaluate(data(200, 2)));
  }

  private static TensorDataset data(int rows, long key) {
    Tensor x = Tensor.zeros(rows, 10, 32);
    Tensor y = Tensor.zeros(rows, 1);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = CounterRandom.uniform(key, i) * 2 - 1;
      y.values()[i / 320] += i % 32 == 0 ? x.values()[i] / 10 : 0;
    }
    return TensorDataset.of(x, y);
  }
}

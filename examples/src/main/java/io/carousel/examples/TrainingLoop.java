package io.carousel.examples;

import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.parameter.*;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Tensor;
import io.carousel.train.*;

/** A training loop by hand: model, loss, gradients, optimizer step. Learns a sum of differences. */
public final class TrainingLoop {
  public static void main(String[] args) {
    TensorDataset data = data(400);
    Model model = Model.sequential(Input.sequence(2), new Lstm(16), new Dense(1));
    Parameters parameters = model.build(1);
    OptimizerState optimizer = new Adam(1e-2).start(parameters);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.MEAN_SQUARED_ERROR, 2)) {
      for (int epoch = 0; epoch < 10; epoch++) {
        double sum = 0;
        for (int[] rows : Batches.of(data, 32, epoch, true)) {
          Gradients gradients = step.gradients(data.batch(rows), optimizer.steps());
          gradients.clip(1.0);
          optimizer.step(gradients);
          sum += gradients.loss() * gradients.rows();
        }
        System.out.printf("loss %.4f%n", sum / data.size());
      }
    }
  }

  private static TensorDataset data(int rows) {
    Tensor x = Tensor.zeros(rows, 8, 2);
    Tensor y = Tensor.zeros(rows, 1);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = CounterRandom.uniform(1, i) - 0.5f;
      y.values()[i / 16] += i % 2 == 0 ? x.values()[i] : -x.values()[i];
    }
    return TensorDataset.of(x, y);
  }
}

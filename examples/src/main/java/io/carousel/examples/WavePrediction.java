package io.carousel.examples;

import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.serve.Predictor;
import io.carousel.tensor.Tensor;
import io.carousel.train.*;

/** Two LSTM layers say the next value of a sum of two waves from the last 30. */
public final class WavePrediction {
  public static void main(String[] args) {
    Model model = Model.sequential(
        Input.sequence(1), new Lstm(64).returnSequences(), new Lstm(32), new Dense(1));
    Trainer trainer = Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).optimizer(new Adam(3e-3)).seed(1);
    trainer.fit(windows(0, 600), Fit.epochs(8).batchSize(32));
    try (Predictor predictor = Predictor.of(model, trainer.parameters())) {
      float[][] predicted = predictor.predict(windows(1000, 3));
      for (int row = 0; row < 3; row++) {
        System.out.printf("predicted %.3f, was %.3f%n", predicted[row][0], wave(1000 + row + 30));
      }
    }
  }

  private static TensorDataset windows(int from, int rows) {
    Tensor x = Tensor.zeros(rows, 30, 1);
    Tensor y = Tensor.zeros(rows, 1);
    for (int i = 0; i < rows * 30; i++) {
      x.values()[i] = wave(from + i / 30 + i % 30);
      y.values()[i / 30] = wave(from + i / 30 + 30);
    }
    return TensorDataset.of(x, y);
  }

  private static float wave(int t) {
    return (float) (0.6 * Math.sin(t * 0.2) + 0.4 * Math.sin(t * 0.53));
  }
}

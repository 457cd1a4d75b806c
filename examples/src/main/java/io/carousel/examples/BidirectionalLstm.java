package io.carousel.examples;

import io.carousel.cell.*;
import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.*;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A bidirectional LSTM finds rows with one of five words; a validation split, and a plot of the history. */
public final class BidirectionalLstm {
  public static void main(String[] args) throws IOException {
    Path plot = Path.of(args.length > 0 ? args[0] : "history.svg");
    Model model = Model.sequential(
        new Embedding(100, 32), new Bidirectional(new Lstm(64)), new Dense(64, Activation.RELU),
        new Dense(1, Activation.SIGMOID));
    Trainer trainer = Trainer.of(model).loss(Loss.BINARY_CROSS_ENTROPY).optimizer(new Adam(2e-3)).seed(1);
    History history = trainer.fit(data(1000), Fit.epochs(8).batchSize(32).validation(0.2).patience(2));
    history.plot(plot);
    System.out.printf("epoch %d was the best, validation accuracy %.4f; see %s%n",
        history.best().epoch(), history.best().valAccuracy(), plot);
  }

  private static TokenDataset data(int rows) {
    List<int[]> sequences = new ArrayList<>();
    int[] classes = new int[rows];
    for (int row = 0; row < rows; row++) {
      int[] words = new int[10 + CounterRandom.below(20, 1, row)];
      for (int t = 0; t < words.length; t++) {
        words[t] = 1 + CounterRandom.below(99, 2, row * 100L + t);
        classes[row] |= words[t] <= 4 ? 1 : 0;
      }
      sequences.add(words);
    }
    return new TokenDataset(sequences, classes);
  }
}

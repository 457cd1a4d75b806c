package io.carousel.examples;

import io.carousel.cell.*;
import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.*;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two LSTM layers decide whether word 7 comes before word 8 in a row of words. */
public final class StackedLstm {
  public static void main(String[] args) {
    Model model = Model.sequential(
        new Embedding(50, 32), new Lstm(64).returnSequences(), new Lstm(32),
        new Dense(1, Activation.SIGMOID));
    System.out.print(model.summary());
    Trainer trainer = Trainer.of(model).loss(Loss.BINARY_CROSS_ENTROPY).optimizer(new Adam(3e-3)).seed(1);
    trainer.fit(data(800, 1), Fit.epochs(6).batchSize(32));
    System.out.println("test: " + trainer.evaluate(data(300, 2)));
  }

  private static TokenDataset data(int rows, long key) {
    List<int[]> sequences = new ArrayList<>();
    int[] classes = CounterRandom.permutation(rows, key);
    for (int row = 0; row < rows; row++) {
      classes[row] %= 2;
      int[] words = new int[5 + CounterRandom.below(10, key, row)];
      long rowKey = CounterRandom.key(key, row);
      Arrays.setAll(words, t -> 10 + CounterRandom.below(40, rowKey, t));
      words[1] = 8 - classes[row];
      words[words.length - 2] = 7 + classes[row];
      sequences.add(words);
    }
    return new TokenDataset(sequences, classes);
  }
}

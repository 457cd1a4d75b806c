package io.carousel.train;

import io.carousel.cell.Activation;
import io.carousel.data.TensorDataset;
import io.carousel.data.TokenDataset;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Model;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Small made-up data and models. */
public final class Samples {
  private Samples() {}

  /** Rows of 0 to 9 tokens below 20; the class is 1 where one of the tokens 1 to 3 occurs. */
  public static TokenDataset tokens(int rows, long key) {
    List<int[]> sequences = new ArrayList<>();
    int[] classes = new int[rows];
    for (int row = 0; row < rows; row++) {
      int[] sequence = new int[CounterRandom.below(10, CounterRandom.key(key, "length"), row)];
      for (int t = 0; t < sequence.length; t++) {
        sequence[t] = 1 + CounterRandom.below(19, key, row * 10L + t);
        classes[row] |= sequence[t] <= 3 ? 1 : 0;
      }
      sequences.add(sequence);
    }
    return new TokenDataset(sequences, classes);
  }

  /** A model for {@link #tokens}. */
  public static Model classifier() {
    return Model.sequential(new Embedding(20, 8), new Lstm(8), new Dense(1, Activation.SIGMOID));
  }

  /** Rows of 3 features; the target is their sum. */
  public static TensorDataset sums(int rows, long key) {
    Tensor x = Tensor.zeros(rows, 3);
    Tensor y = Tensor.zeros(rows, 1);
    for (int i = 0; i < rows * 3; i++) {
      x.values()[i] = CounterRandom.uniform(key, i) - 0.5f;
      y.values()[i / 3] += x.values()[i];
    }
    return TensorDataset.of(x, y);
  }
}

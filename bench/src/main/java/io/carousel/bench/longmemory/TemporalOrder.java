package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.Sample;
import io.carousel.tensor.CounterRandom;
import java.util.Objects;

/**
 * The order of two symbols far apart.
 *
 * <p>A sequence of 100 to 110 symbols begins with E, ends with B, and has an X or Y at a place from 10 to 20 and
 * another at one from 50 to 60; all others are a, b, c or d at random. Which of X and Y came first and second is the
 * class, one of four. A sequence is right where each output at its end is off by less than 0.3. Source: Hochreiter,
 * Schmidhuber: Long Short-Term Memory, 1997, section 5.6, task 6a. Differs from the source: the outputs are a softmax.
 */
record TemporalOrder() implements Task {
  private static final int ROWS = 2560;
  private static final int CLASSES = 4;
  private static final double TOLERANCE = 0.3;
  /** The symbols by their number: a b c d X Y E B. */
  private static final int SYMBOLS = 8;
  private static final int X = 4;
  private static final int E = 6;
  private static final int B = 7;

  @Override
  public String name() {
    return "temporal-order";
  }

  @Override
  public String text() {
    return "Whether X or Y came at step 10 to 20, and which at step 50 to 60, of 100 to 110 symbols: four classes"
        + " (Hochreiter, Schmidhuber 1997, section 5.6, task 6a).";
  }

  @Override
  public String goal() {
    return "at most 1 of 2,560 test sequences with an output that is off by 0.3 or more";
  }

  @Override
  public int features() {
    return SYMBOLS;
  }

  @Override
  public int outputs() {
    return CLASSES;
  }

  @Override
  public int memory() {
    return 100;
  }

  @Override
  public Activation output() {
    return Activation.SOFTMAX;
  }

  @Override
  public boolean eachStep() {
    return false;
  }

  @Override
  public Recipe recipe() {
    return new Recipe(32, 16, 5e-3, 32_000, 1_000);
  }

  @Override
  public Sequences sequences(long seed) {
    return Sequences.of(features(), ROWS, seed, TemporalOrder::make);
  }

  private static Sample make(long key) {
    int length = 100 + CounterRandom.below(11, key, -1);
    int first = CounterRandom.below(2, key, -2);
    int second = CounterRandom.below(2, key, -3);
    int[] symbols = new int[length];
    for (int t = 0; t < length; t++) {
      symbols[t] = CounterRandom.below(X, key, t);
    }
    symbols[0] = E;
    symbols[length - 1] = B;
    symbols[10 + CounterRandom.below(11, key, -4)] = X + first;
    symbols[50 + CounterRandom.below(11, key, -5)] = X + second;
    return Sample.ofClass(length, Symbols.oneHot(symbols, SYMBOLS), 2 * first + second);
  }

  @Override
  public void judge(float[] outputs, Batch batch, Score score) {
    int[] classes = Objects.requireNonNull(batch.classes());
    for (int b = 0; b < batch.rows(); b++) {
      boolean right = true;
      for (int k = 0; k < CLASSES; k++) {
        right &= Math.abs(outputs[b * CLASSES + k] - (classes[b] == k ? 1 : 0)) < TOLERANCE;
      }
      score.row(right);
    }
  }

  @Override
  public boolean solved(Score score) {
    return score.wrong() <= 1;
  }
}

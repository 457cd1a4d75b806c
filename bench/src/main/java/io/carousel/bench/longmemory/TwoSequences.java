package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.Sample;
import io.carousel.tensor.CounterRandom;
import java.util.Objects;

/**
 * Two classes that differ in the first elements of a long sequence of noise.
 *
 * <p>The first three elements are 1 in class 1 and −1 in class 0, all others normal with mean 0 and variance 0.2; the
 * length is T to T + T/10. A sequence is right where the output at its end is off by at most 0.2. Source: Hochreiter,
 * Schmidhuber: Long Short-Term Memory, 1997, section 5.3, task 3a with N = 3, after Bengio, Simard, Frasconi, 1994.
 *
 * @param steps T
 */
record TwoSequences(int steps) implements Task {
  private static final int ROWS = 2560;
  private static final int TELLING = 3;
  private static final double TOLERANCE = 0.2;

  @Override
  public String name() {
    return "two-sequences-" + steps;
  }

  @Override
  public String text() {
    return "Two classes that differ in the first three of " + steps + " to " + steps * 11 / 10
        + " numbers; all others are noise (Hochreiter, Schmidhuber 1997, section 5.3, task 3a).";
  }

  @Override
  public String goal() {
    return "at most 1 of 2,560 test sequences with an error of more than 0.2";
  }

  @Override
  public int features() {
    return 1;
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public int memory() {
    return steps;
  }

  @Override
  public Activation output() {
    return Activation.SIGMOID;
  }

  @Override
  public boolean eachStep() {
    return false;
  }

  @Override
  public Recipe recipe() {
    return new Recipe(32, 16, 5e-3, 40_000, 1_000);
  }

  @Override
  public Sequences sequences(long seed) {
    return Sequences.of(features(), ROWS, seed, this::make);
  }

  private Sample make(long key) {
    int length = steps + CounterRandom.below(steps / 10 + 1, key, -1);
    int id = CounterRandom.below(2, key, -2);
    float[] x = new float[length];
    for (int t = 0; t < length; t++) {
      x[t] = t < TELLING ? 2f * id - 1 : (float) (Math.sqrt(0.2) * CounterRandom.normal(key, t));
    }
    return Sample.ofClass(length, x, id);
  }

  @Override
  public void judge(float[] outputs, Batch batch, Score score) {
    int[] classes = Objects.requireNonNull(batch.classes());
    for (int b = 0; b < batch.rows(); b++) {
      score.row(Math.abs(outputs[b] - classes[b]) <= TOLERANCE);
    }
  }

  @Override
  public boolean solved(Score score) {
    return score.wrong() <= 1;
  }
}

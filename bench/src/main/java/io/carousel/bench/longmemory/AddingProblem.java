package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.Sample;
import io.carousel.tensor.CounterRandom;
import java.util.Locale;
import java.util.Objects;

/**
 * The sum of two marked numbers of a long sequence, in two forms.
 *
 * <p>1997: each element is a number from [−1, 1] and a marker. One of the first ten elements (its number is X₁) and
 * one other of the first T/2 − 1 (X₂) have the marker 1, the first and the last −1, all others 0; where the first
 * element would be marked 1, X₁ is 0. The length is T to T + T/10, the target 0.5 + (X₁ + X₂) / 4. Source:
 * Hochreiter, Schmidhuber: Long Short-Term Memory, 1997, section 5.4.
 *
 * <p>2016: numbers from [0, 1); one element of the first half and one of the second have the marker 1, all others
 * 0; the length is T, the target the sum. Source: Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural
 * Networks, 2016, section 4.2, after Le, Jaitly, Hinton: A Simple Way to Initialize Recurrent Networks of Rectified
 * Linear Units, 2015, section 4.1.
 *
 * @param steps T
 * @param early true for the form of 1997
 */
record AddingProblem(int steps, boolean early) implements Task {
  private static final int ROWS = 2560;
  private static final double TOLERANCE = 0.04;
  private static final double MSE = 0.001;

  static AddingProblem of1997(int steps) {
    return new AddingProblem(steps, true);
  }

  static AddingProblem of2016(int steps) {
    return new AddingProblem(steps, false);
  }

  @Override
  public String name() {
    return "adding-" + steps;
  }

  @Override
  public String text() {
    return early
        ? "The sum of the two marked numbers of a sequence of " + steps + " to " + steps * 11 / 10
            + " (Hochreiter, Schmidhuber 1997, section 5.4)."
        : "The sum of the two marked numbers, one in each half of a sequence of " + steps
            + " (Arjovsky, Shah, Bengio 2016, section 4.2, after Le, Jaitly, Hinton 2015). Always answering 1 gives a mean"
            + " squared error of 0.167.";
  }

  @Override
  public String goal() {
    return early ? "at most 1 of 2,560 test sequences with an error of 0.04 or more"
        : "a mean squared error of at most 0.001 on 2,560 test sequences";
  }

  @Override
  public int features() {
    return 2;
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
    return Activation.LINEAR;
  }

  @Override
  public boolean eachStep() {
    return false;
  }

  @Override
  public Recipe recipe() {
    return early ? new Recipe(32, 16, 5e-3, 74_000, 2_000) : new Recipe(32, 16, 5e-3, 60_000, 5_000);
  }

  @Override
  public Sequences sequences(long seed) {
    return Sequences.of(features(), ROWS, seed, early ? this::make1997 : this::make2016);
  }

  private Sample make1997(long key) {
    int length = steps + CounterRandom.below(steps / 10 + 1, key, -1);
    float[] x = new float[2 * length];
    for (int t = 0; t < length; t++) {
      x[2 * t] = 2 * CounterRandom.uniform(key, t) - 1;
    }
    int first = CounterRandom.below(10, key, -2);
    int second = CounterRandom.below(steps / 2 - 2, key, -3); // among those not yet marked
    second += second >= first ? 1 : 0;
    x[1] = -1;
    x[2 * length - 1] = -1;
    x[2 * first + 1] = 1;
    x[2 * second + 1] = 1;
    if (first == 0 || second == 0) {
      x[0] = 0;
    }
    return Sample.ofValues(length, x, 0.5f + (x[2 * first] + x[2 * second]) / 4);
  }

  private Sample make2016(long key) {
    float[] x = new float[2 * steps];
    for (int t = 0; t < steps; t++) {
      x[2 * t] = CounterRandom.uniform(key, t);
    }
    int first = CounterRandom.below(steps / 2, key, -1);
    int second = steps / 2 + CounterRandom.below(steps - steps / 2, key, -2);
    x[2 * first + 1] = 1;
    x[2 * second + 1] = 1;
    return Sample.ofValues(steps, x, x[2 * first] + x[2 * second]);
  }

  @Override
  public void judge(float[] outputs, Batch batch, Score score) {
    float[] targets = Objects.requireNonNull(batch.targets());
    for (int b = 0; b < batch.rows(); b++) {
      double error = outputs[b] - targets[b];
      score.row(Math.abs(error) < TOLERANCE);
      score.error(error * error);
    }
  }

  @Override
  public boolean solved(Score score) {
    return early ? score.wrong() <= 1 : score.meanError() <= MSE;
  }

  @Override
  public String figure(Score score) {
    return early ? Task.super.figure(score) : String.format(Locale.ROOT, "MSE %.5f", score.meanError());
  }
}

package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.Sample;
import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Ten symbols to be said again, in order, after a long time.
 *
 * <p>A sequence of T + 20: ten symbols of eight kinds, T − 1 blanks, a delimiter, ten blanks. The outputs are T + 10
 * blanks, then the ten symbols. Who forgets and guesses has a cross-entropy of 10 ln 8 / (T + 20) a step. Source:
 * Arjovsky, Shah, Bengio: Unitary Evolution Recurrent Neural Networks, 2016, section 4.1, after Hochreiter,
 * Schmidhuber 1997.
 *
 * @param steps T
 */
record CopyMemory(int steps) implements Task {
  private static final int ROWS = 1024;
  private static final int COPIED = 10;
  private static final int KINDS = 8;
  private static final int BLANK = KINDS;
  private static final int DELIMITER = KINDS + 1;
  /** The share of the baseline that must not be exceeded: below it nobody comes by guessing. */
  private static final double GOAL = 0.9;

  @Override
  public String name() {
    return "copy-" + steps;
  }

  /** The cross-entropy of who knows all but the symbols. */
  double baseline() {
    return COPIED * Math.log(KINDS) / (steps + 2 * COPIED);
  }

  @Override
  public String text() {
    return String.format(
        Locale.ROOT, "Ten symbols of eight kinds to be said again after %d steps (Arjovsky, Shah, Bengio 2016, section 4.1)."
            + " Knowing all but the symbols gives a cross-entropy of 10 ln 8 / %d = %.4f and an accuracy of 0.125.",
        steps, steps + 2 * COPIED, baseline());
  }

  @Override
  public String goal() {
    return "a cross-entropy of at most 0.9 of that on 1,024 test sequences; the accuracy is that of the ten symbols";
  }

  @Override
  public int features() {
    return KINDS + 2;
  }

  @Override
  public int outputs() {
    return KINDS + 1;
  }

  @Override
  public int memory() {
    return steps;
  }

  @Override
  public Activation output() {
    return Activation.SOFTMAX;
  }

  @Override
  public boolean eachStep() {
    return true;
  }

  @Override
  public Recipe recipe() {
    return new Recipe(128, 32, 4e-3, 60_000, 5_000);
  }

  @Override
  public Sequences sequences(long seed) {
    return Sequences.of(features(), ROWS, seed, this::make);
  }

  private Sample make(long key) {
    int length = steps + 2 * COPIED;
    int[] in = new int[length];
    int[] out = new int[length];
    Arrays.fill(in, BLANK);
    Arrays.fill(out, BLANK);
    for (int k = 0; k < COPIED; k++) {
      in[k] = CounterRandom.below(KINDS, key, k);
      out[steps + COPIED + k] = in[k];
    }
    in[steps + COPIED - 1] = DELIMITER;
    return Sample.ofStepClasses(length, Symbols.oneHot(in, KINDS + 2), out);
  }

  @Override
  public void judge(float[] outputs, Batch batch, Score score) {
    int[] classes = Objects.requireNonNull(batch.classes());
    int rows = batch.rows();
    for (int b = 0; b < rows; b++) {
      boolean right = true;
      double entropy = 0;
      for (int t = 0; t < batch.steps(); t++) {
        int from = (t * rows + b) * outputs();
        int wanted = classes[t * rows + b];
        entropy -= Math.log(Math.max(outputs[from + wanted], Float.MIN_NORMAL));
        if (wanted != BLANK) {
          boolean found = Symbols.largest(outputs, from, outputs()) == wanted;
          score.place(found);
          right &= found;
        }
      }
      score.row(right);
      score.error(entropy / batch.steps());
    }
  }

  @Override
  public boolean solved(Score score) {
    return score.meanError() <= GOAL * baseline();
  }

  @Override
  public String figure(Score score) {
    return String.format(Locale.ROOT, "accuracy %.3f, cross-entropy %.4f", score.accuracy(), score.meanError());
  }
}

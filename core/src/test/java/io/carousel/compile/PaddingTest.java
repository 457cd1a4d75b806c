package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Derivative;
import io.carousel.expr.Equations;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A padded batch gives, bit for bit, what its sequences give one by one, whatever stands in the
 * padding and whatever the workspace held before.
 */
final class PaddingTest {
  private static final int FEATURES = 3;
  private static final int UNITS = 9;
  private static final int CLASSES = 2;
  private static final int[] LENGTHS = {17, 50, 0, 1, 50, 33, 0};

  /** Results by row: sequences [T,B,…] first, then rows [B,…]. */
  private static final List<Expr> OUTPUTS = new ArrayList<>();

  private static final int SEQUENCES = 3;
  private static final List<Expr> TRAINING = new ArrayList<>();
  private static final List<Expr> PARAMETERS = new ArrayList<>();

  /** Two directions, a layer on top of both, three ways of pooling, a dense layer. */
  static {
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, FEATURES));
    Expr lengths = Expr.intInput("lengths", Shape.of(Shape.B));
    Expr zero = Expr.full(0, Shape.of(Shape.B, UNITS));
    Equations.Run there = Equations.lstm(x, zero, zero, "there.", lengths, false);
    Equations.Run back = Equations.lstm(x, zero, zero, "back.", lengths, true);
    Expr both = Expr.concat(-1, List.of(there.output(), back.output()));
    Equations.Run top = Equations.lstm(both, back.h(), there.c(), "top.", lengths, false);
    Expr pooled =
        Expr.concat(
            -1,
            List.of(
                top.h(), Equations.meanOverTime(top.output(), lengths), Equations.maxOverTime(both, lengths)));
    Expr logits = Equations.dense(pooled, "dense.", CLASSES);
    OUTPUTS.addAll(List.of(there.output(), back.output(), top.output(), top.h(), top.c(), pooled, logits));
    Expr loss = Equations.categoricalCrossEntropy(logits, Expr.intInput("classes", Shape.of(Shape.B)));
    for (Expr node : Graph.topological(List.of(loss))) {
      if (node.op() instanceof Op.Parameter) {
        PARAMETERS.add(node);
      }
    }
    List<Expr> leaves = new ArrayList<>(List.of(x));
    leaves.addAll(PARAMETERS);
    TRAINING.add(loss);
    TRAINING.addAll(Derivative.gradient(loss, leaves));
  }

  private static Runner runner(List<Expr> roots, Kernels kernels, int threads) {
    Runner runner = Compiler.compile(roots, kernels).sharingRunner(Differential.team(threads));
    for (Expr parameter : PARAMETERS) {
      String name = ((Op.Parameter) parameter.op()).name();
      float[] values = new float[parameter.shape().count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = CounterRandom.uniform(CounterRandom.key(5, name), i) - 0.5f;
      }
      runner.set(name, values);
    }
    return runner;
  }

  /** The features of step t of the sequence {@code row}, or something else in the padding. */
  private static float feature(int row, int t, int f, float padding) {
    return t < LENGTHS[row] ? 2 * CounterRandom.uniform(CounterRandom.key(row, t), f) - 1 : padding;
  }

  private static void run(Runner runner, int[] rows, int time, float padding) {
    float[] x = new float[time * rows.length * FEATURES];
    int[] lengths = new int[rows.length];
    int[] classes = new int[rows.length];
    int at = 0;
    for (int t = 0; t < time; t++) {
      for (int row : rows) {
        for (int f = 0; f < FEATURES; f++) {
          x[at++] = feature(row, t, f, padding);
        }
      }
    }
    for (int b = 0; b < rows.length; b++) {
      lengths[b] = LENGTHS[rows[b]];
      classes[b] = rows[b] % CLASSES;
    }
    runner.set("x", x).set("lengths", lengths).set("classes", classes).run(rows.length, time, 0);
  }

  private static final int[] ALL = {0, 1, 2, 3, 4, 5, 6};

  /** What output {@code k} says of row b: its own steps, and that there is nothing after them. */
  private static float[] row(Runner runner, int k, int rows, int time, int b, int length) {
    float[] output = runner.output(k);
    int width = OUTPUTS.get(k).shape().size(-1);
    if (k >= SEQUENCES) {
      return Arrays.copyOfRange(output, b * width, (b + 1) * width);
    }
    float[] row = new float[length * width];
    for (int t = 0; t < time; t++) {
      for (int j = 0; j < width; j++) {
        float value = output[(t * rows + b) * width + j];
        if (t < length) {
          row[t * width + j] = value;
        } else {
          assertThat(value).as("output %d in the padding, t=%d", k, t).isZero();
        }
      }
    }
    return row;
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "512, 3"})
  void aBatchGivesWhatItsSequencesGiveOneByOne(int bits, int threads) {
    Kernels kernels = bits == 0 ? Kernels.scalar() : Kernels.vector(bits);
    Runner alone = runner(OUTPUTS, kernels, 1);
    Runner tight = runner(OUTPUTS, kernels, threads);
    run(tight, ALL, 50, 0);
    Runner loose = runner(OUTPUTS, kernels, threads);
    run(loose, ALL, 60, 0);
    Runner garbage = runner(OUTPUTS, kernels, threads);
    run(garbage, ALL, 60, Float.NaN);
    for (int b : ALL) {
      int time = Math.max(1, LENGTHS[b]);
      run(alone, new int[] {b}, time, 0);
      for (int k = 0; k < OUTPUTS.size(); k++) {
        String what = "output " + k + " of row " + b;
        float[] expected = row(alone, k, 1, time, 0, LENGTHS[b]);
        for (float value : expected) {
          assertThat(value).as(what).isFinite();
        }
        Differential.assertSameBits(what + ", T=50", row(tight, k, 7, 50, b, LENGTHS[b]), expected);
        Differential.assertSameBits(what + ", T=60", row(loose, k, 7, 60, b, LENGTHS[b]), expected);
        Differential.assertSameBits(what + ", NaN", row(garbage, k, 7, 60, b, LENGTHS[b]), expected);
      }
    }
  }

  /** Of the gradient by x, only the steps that are there with T=50 are compared; the others are zero. */
  @ParameterizedTest
  @CsvSource({"0, 1", "256, 2"})
  void moreStepsOfPaddingChangeNoGradient(int bits, int threads) {
    Kernels kernels = bits == 0 ? Kernels.scalar() : Kernels.vector(bits);
    Runner tight = runner(TRAINING, kernels, threads);
    run(tight, ALL, 50, 0);
    for (float padding : new float[] {0, 1e20f}) {
      Runner loose = runner(TRAINING, kernels, 3);
      run(loose, ALL, 60, padding);
      for (int k = 0; k < TRAINING.size(); k++) {
        float[] found = loose.output(k);
        float[] expected = tight.output(k);
        for (int i = expected.length; i < found.length; i++) {
          assertThat(found[i]).as("gradient %d in the padding", k).isZero();
        }
        Differential.assertSameBits(
            "gradient " + k + ", padding " + padding, Arrays.copyOf(found, expected.length), expected);
      }
    }
  }

  /** Larger, smaller, larger again, after a diverged run has left NaN everywhere. */
  @ParameterizedTest
  @CsvSource({"0, 3", "512, 1"})
  void whatTheWorkspaceHeldBeforeDoesNotShow(int bits, int threads) {
    Kernels kernels = bits == 0 ? Kernels.scalar() : Kernels.vector(bits);
    for (List<Expr> roots : List.of(OUTPUTS, TRAINING)) {
      Runner used = runner(roots, kernels, threads);
      float[] nan = new float[60 * 7 * FEATURES];
      Arrays.fill(nan, Float.NaN);
      int[] full = {60, 60, 60, 60, 60, 60, 60};
      used.set("x", nan).set("lengths", full).set("classes", new int[7]).run(7, 60, 0);
      assertThat(used.output(0)).contains(Float.NaN);
      for (int[] batch : new int[][] {{0, 1, 2}, ALL, {3}, {2}, {5, 0}, ALL}) {
        int time = 1;
        for (int b : batch) {
          time = Math.max(time, LENGTHS[b]);
        }
        run(used, batch, time, 0);
        Runner fresh = runner(roots, kernels, threads);
        run(fresh, batch, time, 0);
        for (int k = 0; k < roots.size(); k++) {
          Differential.assertSameBits(
              "output " + k + " of rows " + Arrays.toString(batch), used.output(k), fresh.output(k));
        }
      }
    }
  }

  /** Sequences of nothing but padding: no steps, finite gradients. */
  @ParameterizedTest
  @CsvSource({"0, 1", "128, 2"})
  void emptyRowsAlone(int bits, int threads) {
    Kernels kernels = bits == 0 ? Kernels.scalar() : Kernels.vector(bits);
    Runner outputs = runner(OUTPUTS, kernels, threads);
    run(outputs, new int[] {2, 6}, 4, Float.NaN);
    for (int k = 0; k < OUTPUTS.size() - 1; k++) {
      assertThat(outputs.output(k)).as("output %d", k).containsOnly(0f);
    }
    Runner training = runner(TRAINING, kernels, threads);
    run(training, new int[] {2, 6}, 4, 7);
    for (int k = 0; k < TRAINING.size(); k++) {
      for (float value : training.output(k)) {
        assertThat(value).as("gradient %d", k).isFinite();
      }
    }
  }
}

package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.data.Batch;
import io.carousel.data.Dataset;
import io.carousel.data.GeneratedDataset;
import io.carousel.layer.Dense;
import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Loss;
import java.util.List;

/**
 * Sequences that can be made without end, and what counts as having learned them.
 *
 * <p>All randomness of a task is that of a seed: training sequences, those of the checks on the way and those of
 * the test are streams of their own.
 */
interface Task {
  /** All tasks, in the order of the table. */
  List<Task> ALL =
      List.of(
          new ReberGrammar(), new TwoSequences(100), AddingProblem.of1997(100), new TemporalOrder(),
          AddingProblem.of2016(600), new CopyMemory(100));

  /** The name in commands and files, {@code adding-100}. */
  String name();

  /** What is to be done, and who says so, in a sentence or two of Markdown. */
  String text();

  /** What must hold of a test, in words. */
  String goal();

  /** The size of an input vector. */
  int features();

  /** The number of outputs. */
  int outputs();

  /** The steps over which something must be remembered, about. */
  int memory();

  /** What the outputs are made by, which decides the loss: linear, sigmoid or softmax. */
  Activation output();

  /** True if there are outputs at each step, false if only after the last. */
  boolean eachStep();

  /** How networks are trained. */
  Recipe recipe();

  /** The sequences of a seed. */
  Sequences sequences(long seed);

  /** Judges the outputs for a batch, [B,K] or [T,B,K]. */
  void judge(float[] outputs, Batch batch, Score score);

  /** True if such a score on test sequences is what the task demands. */
  boolean solved(Score score);

  /**
   * Where sequences come from.
   *
   * @param training makes the training sequences
   * @param checks the sequences of check 0, 1, …, which say when to stop
   * @param test the sequences that the result is measured on
   */
  record Sequences(
      GeneratedDataset.Generator training, java.util.function.IntFunction<Dataset> checks, Dataset test) {
    /** Streams of one generator: fresh sequences at each check. */
    static Sequences of(int features, int rows, long seed, GeneratedDataset.Generator generator) {
      GeneratedDataset checks =
          GeneratedDataset.of(features, rows, CounterRandom.key(seed, "checks"), generator).endless();
      return new Sequences(
          generator, number -> checks.epoch(number + 1),
          GeneratedDataset.of(features, rows, CounterRandom.key(seed, "test"), generator));
    }
  }

  /** What the table says of a score: the wrong ones, unless a task counts something else. */
  default String figure(Score score) {
    return score.wrong() + " of " + String.format(java.util.Locale.ROOT, "%,d", score.rows()) + " wrong";
  }

  /** A recurrent layer of a cell and a dense layer. */
  default Model model(Cell cell) {
    return Model.sequential(
        Input.sequence(features()), Recurrent.of(cell).with(eachStep(), false), new Dense(outputs(), output()));
  }

  /** The loss that goes with the outputs. */
  default Loss loss() {
    return switch (output()) {
      case SIGMOID -> Loss.BINARY_CROSS_ENTROPY;
      case SOFTMAX -> Loss.CATEGORICAL_CROSS_ENTROPY;
      default -> Loss.MEAN_SQUARED_ERROR;
    };
  }
}

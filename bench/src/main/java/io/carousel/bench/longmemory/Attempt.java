package io.carousel.bench.longmemory;

import io.carousel.data.Dataset;
import io.carousel.data.GeneratedDataset;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Adam;
import io.carousel.train.Gradients;
import io.carousel.train.OptimizerState;
import io.carousel.train.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A network that is trained on a task until it is solved or the budget is spent.
 *
 * <p>Every so many sequences it is checked on sequences that were not trained on, fresh ones each time where the task
 * has no end of them. After two checks in a row as good as the goal it is tested; if the test is not, training goes
 * on.
 *
 * @param end how it ended
 * @param sequences the sequences that it was trained on
 * @param tests the number of times that it was tested
 * @param figure the score of the test, in words
 * @param parameters the number of trained parameters
 * @param seconds the time of it all
 * @param curve the mean training loss before each check
 */
record Attempt(
    End end, long sequences, int tests, String figure, int parameters, double seconds, List<Double> curve) {
  /** How an attempt ended. */
  enum End {
    SOLVED,
    NOT_SOLVED,
    /** The loss was no longer a number. */
    DIVERGED;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  /** Checks that must be good before a test. */
  private static final int GOOD_CHECKS = 2;

  /**
   * Where an attempt stands.
   *
   * @param sequences the sequences so far
   * @param loss the mean training loss since the last check
   * @param check the figure of the last check
   * @param seconds the time so far
   */
  record Progress(long sequences, double loss, String check, double seconds) {}

  Attempt {
    curve = List.copyOf(curve);
  }

  /** Trains a new network. */
  static Attempt run(
      Task task, Cells.Entry cell, Recipe recipe, long seed, int threads, Consumer<Progress> progress) {
    long begun = System.nanoTime();
    Model model = task.model(cell.make().apply(recipe.units()));
    Parameters parameters = model.build(CounterRandom.key(seed, "parameters"));
    cell.beginning().apply(parameters, task.memory(), CounterRandom.key(seed, "beginning"));
    Task.Sequences sequences = task.sequences(CounterRandom.key(seed, "sequences"));
    GeneratedDataset stream =
        GeneratedDataset.of(task.features(), recipe.batch(), seed, sequences.training()).endless();
    int[] all = new int[recipe.batch()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    OptimizerState adam = new Adam(recipe.rate()).start(parameters);
    List<Double> curve = new ArrayList<>();
    End end = End.NOT_SOLVED;
    int tests = 0;
    int good = 0;
    double lossSum = 0;
    long since = 0;
    long next = recipe.every();
    try (TrainingStep step = TrainingStep.of(model, parameters, task.loss(), threads);
        Answers answers = new Answers(task, model, parameters, threads)) {
      while (end == End.NOT_SOLVED && adam.steps() * recipe.batch() < recipe.budget()) {
        Gradients gradients = step.gradients(stream.epoch((int) adam.steps() + 1).batch(all), adam.steps());
        double norm = gradients.clip(Recipe.CLIP);
        if (!Double.isFinite(gradients.loss()) || !Double.isFinite(norm)) {
          end = End.DIVERGED;
          break;
        }
        adam.step(gradients);
        lossSum += gradients.loss();
        since++;
        long done = adam.steps() * recipe.batch();
        if (done >= next || done >= recipe.budget()) {
          Score check = answers.score(sequences.checks().apply(curve.size()));
          good = task.solved(check) ? good + 1 : 0;
          curve.add(lossSum / since);
          progress.accept(new Progress(done, lossSum / since, task.figure(check), seconds(begun)));
          if (good >= GOOD_CHECKS) {
            tests++;
            end = task.solved(answers.score(sequences.test())) ? End.SOLVED : End.NOT_SOLVED;
          }
          lossSum = 0;
          since = 0;
          next += recipe.every();
        }
      }
      return new Attempt(
          end, adam.steps() * recipe.batch(), tests, figure(task, answers, sequences.test()),
          parameters.trainableCount(), seconds(begun), curve);
    }
  }

  private static String figure(Task task, Answers answers, Dataset test) {
    return task.figure(answers.score(test));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }
}

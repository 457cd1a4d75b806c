package io.carousel.train;

import io.carousel.data.Batch;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One call of {@link Trainer#fit}: the loop over epochs and steps, and what it knows on the way. */
final class TrainingRun {
  /** What the run takes over from the trainer; {@code epochsBefore} counts the epochs of earlier runs. */
  record Settings(
      long seed, int epochsBefore, Optimizer optimizer, Schedule schedule, double clip, double clipValues) {}

  private final Fit fit;
  private final Dataset train;
  private final @Nullable Dataset validation;
  private final Parameters parameters;
  private final OptimizerState state;
  private final TrainingStep step;
  private final Evaluator evaluator;
  private final Settings settings;
  private final Plateau.@Nullable Watch plateau;
  /** What is carried from batch to batch of streams, or null. */
  private final @Nullable State carried;

  private final List<EpochInfo> epochs = new ArrayList<>();
  /** The best parameters so far; before the first epoch is done, those of the beginning. */
  private final float[] good;
  private double bestFigure = Double.POSITIVE_INFINITY;
  private int epochsSinceBest;
  private long stepsDone;
  private long firstStepEnded;

  TrainingRun(
      Fit fit, Dataset train, @Nullable Dataset validation, Parameters parameters, OptimizerState state,
      TrainingStep step, Evaluator evaluator, @Nullable State carried, Settings settings) {
    this.fit = fit;
    this.train = train;
    this.validation = validation;
    this.parameters = parameters;
    this.state = state;
    this.step = step;
    this.evaluator = evaluator;
    this.carried = carried;
    this.settings = settings;
    this.plateau = fit.plateau() == null ? null : new Plateau.Watch(fit.plateau());
    this.good = parameters.values().clone();
  }

  History run() {
    for (int epoch = 1; epoch <= fit.epochs(); epoch++) {
      if (!epoch(epoch)) {
        return end(History.End.STOPPED);
      }
      if (fit.patience() > 0 && epochsSinceBest >= fit.patience()) {
        return end(History.End.PATIENCE);
      }
    }
    return end(History.End.FINISHED);
  }

  /** One epoch; false if it was asked to stop within. */
  private boolean epoch(int epoch) {
    long begun = System.nanoTime();
    long shuffleKey = CounterRandom.key(settings.seed(), "epoch");
    long key = CounterRandom.key(shuffleKey, settings.epochsBefore() + epoch);
    long dropoutKey = CounterRandom.key(settings.seed(), "dropout");
    long augmentationKey = CounterRandom.key(settings.seed(), "augmentation");
    Dataset data = train.epoch(settings.epochsBefore() + epoch);
    List<int[]> batches = Batches.of(data, fit.batchSize(), key, true);
    long stepsOfRun = (long) batches.size() * fit.epochs();
    double lossSum = 0;
    double weights = 0;
    long correct = 0;
    long rows = 0;
    boolean counts = true;
    if (carried != null) {
      carried.reset();
    }
    for (int s = 0; s < batches.size(); s++) {
      if (fit.stop().getAsBoolean()) {
        return false;
      }
      Batch batch = data.batch(batches.get(s));
      batch = fit.augmentation().change(batch, CounterRandom.key(augmentationKey, state.steps()));
      long stepKey = CounterRandom.key(dropoutKey, state.steps());
      Gradients gradients =
          carried == null ? step.gradients(batch, stepKey) : step.gradients(batch, stepKey, carried);
      if (!Double.isFinite(gradients.loss())) {
        throw diverged("the loss", gradients.loss(), epoch, s + 1, batches.size(), batch);
      }
      if (settings.clipValues() > 0) {
        gradients.clipValues(settings.clipValues());
      }
      if (settings.clip() > 0) {
        double norm = gradients.clip(settings.clip());
        if (!Double.isFinite(norm)) {
          throw diverged("the norm of the gradients", norm, epoch, s + 1, batches.size(), batch);
        }
      }
      double factor = settings.schedule().factor(stepsDone, stepsOfRun);
      state.step(gradients, plateau == null ? factor : factor * plateau.factor());
      stepsDone++;
      double weight = gradients.rows() * (carried == null ? 1.0 : batch.steps()); // of streams, all are as long
      lossSum += gradients.loss() * weight;
      weights += weight;
      correct += gradients.correct();
      rows += gradients.rows();
      counts = gradients.classifies();
      tell(
          new StepInfo(
              epoch, fit.epochs(), s + 1, batches.size(), lossSum / weights,
              counts ? (double) correct / rows : Double.NaN, rows / seconds(begun), secondsLeft(stepsOfRun)));
    }
    String broken = parameters.firstNotFinite();
    if (!broken.isEmpty()) {
      throw diverged("parameter " + broken, Double.NaN, epoch, batches.size(), batches.size(), null);
    }
    finish(epoch, batches.size(), begun, lossSum / weights, counts ? (double) correct / rows : Double.NaN);
    return true;
  }

  /** Measures on the validation data, keeps the parameters if they are the best, and tells. */
  private void finish(int epoch, int steps, long begun, double loss, double accuracy) {
    Evaluation valued = null;
    if (validation != null) {
      valued = evaluator.evaluate(validation);
      if (!Double.isFinite(valued.loss())) {
        throw diverged("the validation loss", valued.loss(), epoch, steps, steps, null);
      }
    }
    // Without validation data there is no telling which epoch is best: the last one.
    boolean best = true;
    double figure = loss;
    if (valued != null) {
      figure = fit.monitor() == Fit.Monitor.ACCURACY && !Double.isNaN(valued.accuracy())
          ? -valued.accuracy() : valued.loss();
      best = figure < bestFigure;
      bestFigure = best ? figure : bestFigure;
    }
    if (plateau != null) {
      plateau.epoch(figure);
    }
    epochsSinceBest = best ? 0 : epochsSinceBest + 1;
    if (best) {
      System.arraycopy(parameters.values(), 0, good, 0, good.length);
    }
    EpochInfo info =
        new EpochInfo(
            epoch, fit.epochs(), loss, accuracy, valued == null ? Double.NaN : valued.loss(),
            valued == null ? Double.NaN : valued.accuracy(), seconds(begun), best);
    epochs.add(info);
    for (TrainingListener listener : fit.listeners()) {
      listener.onEpoch(info);
    }
  }

  private void tell(StepInfo info) {
    for (TrainingListener listener : fit.listeners()) {
      listener.onStep(info);
    }
  }

  private History end(History.End why) {
    // Stopped within its first epoch, or without validation data, it has nothing better than what it has now.
    if (validation != null && !epochs.isEmpty()) {
      System.arraycopy(good, 0, parameters.values(), 0, good.length);
    }
    return new History(epochs, why);
  }

  private DivergedException diverged(
      String what, double value, int epoch, int at, int steps, @Nullable Batch batch) {
    System.arraycopy(good, 0, parameters.values(), 0, good.length);
    String cause =
        "the learning rate " + settings.optimizer().learningRate() + " is likely too high; lower it"
            + (settings.clip() > 0 || settings.clipValues() > 0 ? "" : ", or clip the gradients");
    if (batch != null && !(isFinite(batch.features()) && isFinite(batch.targets()))) {
      cause = "the " + (isFinite(batch.features()) ? "targets" : "features")
          + " have a value that is not a finite number; clean the data";
    }
    return new DivergedException(
        String.format(
            Locale.ROOT, "training: %s must stay finite, got %s in epoch %d, step %d of %d; %s",
            what, value, epoch, at, steps, cause),
        epoch, at, new History(epochs, History.End.DIVERGED));
  }

  private static boolean isFinite(float @Nullable [] values) {
    if (values != null) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The time that the other steps took, without the first, which compiles. */
  private double secondsLeft(long stepsOfRun) {
    if (stepsDone == 1) {
      firstStepEnded = System.nanoTime();
      return Double.NaN;
    }
    return seconds(firstStepEnded) / (stepsDone - 1) * (stepsOfRun - stepsDone);
  }

  private static double seconds(long since) {
    return Math.max(1, System.nanoTime() - since) * 1e-9;
  }
}

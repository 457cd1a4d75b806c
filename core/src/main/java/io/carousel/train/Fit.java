package io.carousel.train;

import io.carousel.data.Augmentation;
import io.carousel.data.Dataset;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long and on what to train: {@code Fit.epochs(5).batchSize(32).validation(0.1).patience(2)}.
 *
 * @param epochs the most epochs
 * @param batchSize the rows of a batch
 * @param validation data to measure on after each epoch, or null
 * @param validationFraction the share of the training data to hold out for that instead, or 0
 * @param patience stops after this many epochs in a row that were not the best; 0: never
 * @param monitor which validation figure says what is best
 * @param listeners are told how it goes
 * @param stop asked before each step; true ends the run, keeping what was best
 * @param augmentation changes each batch that is trained on
 * @param plateau lowers the learning rate where the run no longer gets better, or null
 */
public record Fit(
    int epochs,
    int batchSize,
    @Nullable Dataset validation,
    double validationFraction,
    int patience,
    Monitor monitor,
    List<TrainingListener> listeners,
    BooleanSupplier stop,
    Augmentation augmentation,
    @Nullable Plateau plateau) {
  private static final int BATCH_SIZE = 32; // Keras's

  /** Which validation figure says which epoch was the best. */
  public enum Monitor {
    /** The loss, which takes in how sure the model is of every row and seldom ties; Keras's default. */
    LOSS,
    /** The accuracy; of equal ones the earlier epoch. Coarse on small data: a row is a step. */
    ACCURACY
  }

  public Fit {
    if (epochs < 1 || batchSize < 1 || patience < 0) {
      throw new IllegalArgumentException(
          "Fit: epochs and batch size must be at least 1 and patience at least 0, got " + epochs + ", "
              + batchSize + " and " + patience);
    }
    if (!(validationFraction >= 0 && validationFraction < 1)
        || (validation != null && validationFraction > 0)) {
      throw new IllegalArgumentException(
          "Fit: the validation fraction must be from 0 to below 1, and 0 with validation data, got "
              + validationFraction);
    }
    if (patience > 0 && validation == null && validationFraction == 0) {
      throw new IllegalArgumentException(
          "Fit: patience needs validation data, got none; call validation(…) before patience(…)");
    }
    listeners = List.copyOf(listeners);
  }

  /** So many epochs in batches of 32, without validation. */
  public static Fit epochs(int epochs) {
    return new Fit(
        epochs, BATCH_SIZE, null, 0, 0, Monitor.LOSS, List.of(), () -> false, Augmentation.none(), null);
  }

  /** The same with batches of so many rows. */
  public Fit batchSize(int rows) {
    return new Fit(
        epochs, rows, validation, validationFraction, patience, monitor, listeners, stop, augmentation,
        plateau);
  }

  /** The same, measured on these data after each epoch; the best epoch's parameters are kept. */
  public Fit validation(Dataset data) {
    return new Fit(
        epochs, batchSize, data, 0, patience, monitor, listeners, stop, augmentation, plateau);
  }

  /** The same, measured on a share of the training data, stratified by class, that is not trained on. */
  public Fit validation(double fraction) {
    return new Fit(
        epochs, batchSize, null, fraction, patience, monitor, listeners, stop, augmentation, plateau);
  }

  /** The same, stopped after so many epochs in a row that were not the best. */
  public Fit patience(int epochsWithoutBest) {
    return new Fit(
        epochs, batchSize, validation, validationFraction, epochsWithoutBest, monitor, listeners, stop,
        augmentation, plateau);
  }

  /** The same, with the best epoch chosen by this figure. */
  public Fit monitor(Monitor figure) {
    return new Fit(
        epochs, batchSize, validation, validationFraction, patience, figure, listeners, stop, augmentation,
        plateau);
  }

  /** The same with one more listener. */
  public Fit listener(TrainingListener listener) {
    return new Fit(
        epochs, batchSize, validation, validationFraction, patience, monitor,
        Stream.concat(listeners.stream(), Stream.of(listener)).toList(), stop, augmentation, plateau);
  }

  /** The same, ended before the next step once {@code stop} says true. */
  public Fit stop(BooleanSupplier request) {
    return new Fit(
        epochs, batchSize, validation, validationFraction, patience, monitor, listeners, request,
        augmentation, plateau);
  }

  /** The same with each batch changed before it is trained on. */
  public Fit augment(Augmentation change) {
    return new Fit(
        epochs, batchSize, validation, validationFraction, patience, monitor, listeners, stop, change,
        plateau);
  }

  /** The same with a learning rate that is lowered where the run no longer gets better. */
  public Fit plateau(Plateau when) {
    return new Fit(
        epochs, batchSize, validation, validationFraction, patience, monitor, listeners, stop, augmentation,
        when);
  }
}

package io.carousel.train;

/** Is told how a run goes on, on the thread that called {@code fit}. */
public interface TrainingListener {
  /** After each step. */
  default void onStep(StepInfo info) {}

  /** After each epoch and its validation. */
  default void onEpoch(EpochInfo info) {}
}

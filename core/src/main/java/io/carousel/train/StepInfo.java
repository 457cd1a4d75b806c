package io.carousel.train;

/**
 * Where a run stands after a step.
 *
 * @param epoch the epoch, from 1
 * @param epochs the epochs that were asked for
 * @param step the step within the epoch, from 1
 * @param steps the steps of an epoch
 * @param loss the mean loss over the rows of this epoch so far, with dropout, while the parameters changed
 * @param accuracy the same for the accuracy; NaN where the outputs name no classes
 * @param sequencesPerSecond the rows of this epoch by its time so far
 * @param secondsLeft an estimate for all epochs that were asked for; NaN after the very first step
 */
public record StepInfo(
    int epoch,
    int epochs,
    int step,
    int steps,
    double loss,
    double accuracy,
    double sequencesPerSecond,
    double secondsLeft) {}

package io.carousel.train;

/**
 * The figures of an epoch.
 *
 * @param epoch the epoch, from 1
 * @param epochs the epochs that were asked for
 * @param loss the mean loss over the rows of this epoch, with dropout, while the parameters changed
 * @param accuracy the same for the accuracy; NaN where the outputs name no classes
 * @param valLoss the loss on the validation data after the epoch; NaN without them
 * @param valAccuracy the accuracy on the validation data after the epoch; NaN without them or classes
 * @param seconds the time of the epoch with its validation
 * @param best true if the parameters after this epoch were the best so far
 */
public record EpochInfo(
    int epoch,
    int epochs,
    double loss,
    double accuracy,
    double valLoss,
    double valAccuracy,
    double seconds,
    boolean best) {}

package io.carousel.data;

/**
 * Changes the batches that a model is trained on, a little and at random, so that it cannot learn them by
 * heart.
 *
 * <p>A pure function: the same batch and key give the same result, so that a run can be repeated bit by bit.
 */
@FunctionalInterface
public interface Augmentation {
  /**
   * The batch to train on instead; it may share arrays with {@code batch}, which itself stays as it is.
   *
   * @param key the random key of the training step
   */
  Batch change(Batch batch, long key);

  /** Changes nothing. */
  static Augmentation none() {
    return (batch, key) -> batch;
  }
}

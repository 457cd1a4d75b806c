package io.carousel.data;

import org.jspecify.annotations.Nullable;

/**
 * Some sequences side by side, as the engine reads them: time-major, padded to the longest.
 *
 * <p>A batch of {@code B} rows has {@code T} steps, the largest length but at least 1. Step {@code t} of
 * row {@code b} is padding where {@code t >= lengths[b]}; padding is 0. The arrays are the batch's own and
 * belong to whoever has the batch.
 */
public final class Batch {
  private final int rows;
  private final int steps;
  private final int @Nullable [] tokens;
  private final float @Nullable [] features;
  private final int[] lengths;
  private final int @Nullable [] classes;
  private final float @Nullable [] targets;

  /**
   * A batch over existing arrays.
   *
   * @param steps T
   * @param tokens [T,B], or null
   * @param features [T,B,…], or null
   * @param lengths [B]
   * @param classes [B], or [T,B] for one at each step, or null
   * @param targets [B,K], or [T,B,K] for some at each step, or null
   * @throws IllegalArgumentException if the sizes do not fit, or there are not either tokens or features
   */
  public Batch(
      int steps,
      int @Nullable [] tokens,
      float @Nullable [] features,
      int[] lengths,
      int @Nullable [] classes,
      float @Nullable [] targets) {
    this.rows = lengths.length;
    this.steps = steps;
    this.tokens = tokens;
    this.features = features;
    this.lengths = lengths;
    this.classes = classes;
    this.targets = targets;
    check(rows >= 1 && steps >= 1, "must have at least one row and one step");
    check((tokens == null) != (features == null), "must have either tokens or features");
    check(tokens == null || tokens.length == steps * rows, "tokens must be [T,B]");
    check(features == null || features.length % (steps * rows) == 0, "features must be [T,B,…]");
    check(
        classes == null || classes.length == rows || classes.length == steps * rows,
        "classes must be [B] or [T,B]");
    check(targets == null || targets.length % rows == 0, "targets must be [B,K] or [T,B,K]");
    for (int length : lengths) {
      check(length >= 0 && length <= steps, "lengths must be from 0 to the number of steps");
    }
  }

  /** B. */
  public int rows() {
    return rows;
  }

  /** T, at least 1. */
  public int steps() {
    return steps;
  }

  /** Word numbers [T,B]; 0 is padding. Null in a batch of features. */
  public int @Nullable [] tokens() {
    return tokens;
  }

  /** Features [T,B,…]. Null in a batch of tokens. */
  public float @Nullable [] features() {
    return features;
  }

  /** The numbers of one step, or 0 in a batch of tokens. */
  public int featureCount() {
    return features == null ? 0 : features.length / (steps * rows);
  }

  /** The length of each row [B], from 0 to T. */
  public int[] lengths() {
    return lengths;
  }

  /** The class of each row [B] or of each step [T,B], if there are classes. */
  public int @Nullable [] classes() {
    return classes;
  }

  /** Target values [B,K] or [T,B,K], if there are any. */
  public float @Nullable [] targets() {
    return targets;
  }

  /** The target values of a row, K or T·K, or 0 without any. */
  public int targetCount() {
    return targets == null ? 0 : targets.length / rows;
  }

  @Override
  public String toString() {
    return "Batch(B=" + rows + ", T=" + steps + (features == null ? ")" : ", F=" + featureCount() + ")");
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("Batch: " + what + ", got B=" + rows + ", T=" + steps);
    }
  }
}

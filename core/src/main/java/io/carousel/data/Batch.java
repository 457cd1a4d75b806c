package io.carousel.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /** By name, where there are several of either; these hold the arrays then. */
  private final Map<String, Batch> namedInputs;
  private final Map<String, Batch> namedTargets;

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
    this.namedInputs = Map.of();
    this.namedTargets = Map.of();
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

  private Batch(Map<String, Batch> inputs, Map<String, Batch> targets) {
    Batch first = inputs.values().iterator().next();
    this.rows = first.rows;
    this.steps = inputs.values().stream().mapToInt(Batch::steps).max().orElseThrow();
    this.tokens = null;
    this.features = null;
    this.classes = null;
    this.targets = null;
    this.lengths = new int[rows];
    for (Batch each : inputs.values()) {
      Arrays.setAll(lengths, row -> Math.max(lengths[row], each.lengths[row]));
    }
    this.namedInputs = inputs;
    this.namedTargets = targets;
  }

  /**
   * A batch of several inputs or targets by name, each from a batch of the same rows. It has the T of the
   * longest input.
   *
   * @param inputs whose tokens or features go in under a name; at least one
   * @param targets whose classes or target values are to be learned by the output of that name
   */
  public static Batch of(Map<String, Batch> inputs, Map<String, Batch> targets) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("Batch: must have at least one input, got none");
    }
    Batch joined = new Batch(new LinkedHashMap<>(inputs), new LinkedHashMap<>(targets));
    for (Map<String, Batch> parts : List.of(inputs, targets)) {
      parts.forEach((name, part) ->
          Checks.sameSize("Batch", "rows of " + name, joined.rows, part.rows));
    }
    return joined;
  }

  /**
   * The part that goes into an input; this batch itself if it has one input without a name.
   *
   * @param of the names of all inputs of the model
   */
  public Batch input(String name, List<String> of) {
    return part("input", namedInputs, name, of);
  }

  /**
   * The part that has the targets of an output; this batch itself if it has one input without a name.
   *
   * @param of the names of all outputs that are trained
   */
  public Batch target(String name, List<String> of) {
    return part("output", namedTargets, name, of);
  }

  private Batch part(String what, Map<String, Batch> parts, String name, List<String> of) {
    if (namedInputs.isEmpty() && of.size() == 1) {
      return this;
    }
    Batch part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException(
          "Model: the data must have something for the " + what + " " + name + " of " + of + ", got "
              + (namedInputs.isEmpty() ? "one without a name" : parts.keySet()) + "; use a JointDataset");
    }
    return part;
  }

  /** What goes in of this batch, with more steps of padding, so that there are {@code to}. */
  public Batch padded(int to) {
    if (to == steps) {
      return this;
    }
    check(to > steps, "cannot have fewer steps than " + to);
    return new Batch(
        to,
        tokens == null ? null : Arrays.copyOf(tokens, to * rows),
        features == null ? null : Arrays.copyOf(features, features.length / steps * to),
        lengths, null, null);
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

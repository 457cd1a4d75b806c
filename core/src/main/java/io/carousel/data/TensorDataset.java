package io.carousel.data;

import io.carousel.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sequences of features, or arrays without steps, each with target values or a class, or with some at each of
 * its steps, or with none.
 *
 * <p>Rows may have lengths of their own; what lies beyond a row's length is never read.
 */
public final class TensorDataset implements Dataset {
  private final Tensor x;
  private final boolean hasSteps;
  private final @Nullable Tensor y;
  private final int @Nullable [] classes;
  private final int @Nullable [][] stepClasses;
  private final int @Nullable [] lengths;
  private final int steps;
  private final int featureCount;

  private TensorDataset(
      Tensor x, boolean hasSteps, @Nullable Tensor y, int @Nullable [] classes, int @Nullable [][] stepClasses,
      int @Nullable [] lengths) {
    this.x = x;
    this.hasSteps = hasSteps;
    this.y = y;
    this.classes = classes;
    this.stepClasses = stepClasses;
    this.lengths = lengths;
    if (x.rank() < 2) {
      throw new IllegalArgumentException(
          "TensorDataset: x must be [rows,steps,features] or [rows,features], got "
              + Arrays.toString(x.sizes()));
    }
    this.steps = hasSteps ? x.size(1) : 1;
    this.featureCount = Arrays.stream(x.sizes()).skip(hasSteps ? 2 : 1).reduce(1, Math::multiplyExact);
    if (featureCount < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "TensorDataset: x must have at least one step and one feature, got " + Arrays.toString(x.sizes()));
    }
    if (y != null && y.rank() != 2 && (y.rank() != 3 || !hasSteps || y.size(1) != steps)) {
      throw new IllegalArgumentException(
          "TensorDataset: y must be [rows,values], or [rows,steps,values] with the steps of x, got "
              + Arrays.toString(y.sizes()) + " for x " + Arrays.toString(x.sizes())
              + "; a single value is [rows,1]");
    }
    int rows = x.size(0);
    Checks.sameSize("TensorDataset", "targets", rows, y == null ? rows : y.size(0));
    Checks.sameSize("TensorDataset", "classes", rows, classes == null ? rows : classes.length);
    Checks.sameSize("TensorDataset", "classes", rows, stepClasses == null ? rows : stepClasses.length);
    Checks.sameSize("TensorDataset", "lengths", rows, lengths == null ? rows : lengths.length);
    Checks.notNegative("TensorDataset", classes);
    if (stepClasses != null) {
      for (int[] row : stepClasses) {
        Checks.notNegative("TensorDataset", row);
        if (!hasSteps || row.length != steps) {
          throw new IllegalArgumentException(
              "TensorDataset: there must be a class at each of the " + steps + " steps of x, got " + row.length);
        }
      }
    }
    if (lengths != null) {
      for (int length : lengths) {
        if (length < 0 || length > steps) {
          throw new IllegalArgumentException(
              "TensorDataset: lengths must be from 0 to the " + steps + " steps of x, got " + length);
        }
      }
    }
  }

  /**
   * Features with target values. Arrays are not copied.
   *
   * @param x [N,T,F], or any other arrays at each step, [N,T,h,w,c]; or [N,F] for rows without steps
   * @param y [N,K], or [N,T,K] for values at each step, or null
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public static TensorDataset of(Tensor x, @Nullable Tensor y) {
    return new TensorDataset(x, x.rank() > 2, y, null, null, null);
  }

  /** Features with a class each, from 0 on; as {@link #of}. */
  public static TensorDataset ofClasses(Tensor x, int[] classes) {
    return new TensorDataset(x, x.rank() > 2, null, classes, null, null);
  }

  /** Features with a class at each step, [N][T], from 0 on; those beyond a row's length are not used. */
  public static TensorDataset ofStepClasses(Tensor x, int[][] classes) {
    return new TensorDataset(x, x.rank() > 2, null, null, classes, null);
  }

  /** The same rows with a length each, [N], from 0 to T. */
  public TensorDataset withLengths(int[] rowLengths) {
    return new TensorDataset(x, hasSteps, y, classes, stepClasses, rowLengths);
  }

  /** The same rows with all axes after the first as one array without steps: images [N,h,w,c]. */
  public TensorDataset withoutSteps() {
    return new TensorDataset(x, false, y, classes, stepClasses, null);
  }

  @Override
  public int size() {
    return x.size(0);
  }

  @Override
  public int length(int row) {
    return lengths == null ? steps : lengths[row];
  }

  /** The numbers of one step, or of one row where there are no steps. */
  public int featureCount() {
    return featureCount;
  }

  @Override
  public int @Nullable [] classes() {
    return classes;
  }

  @Override
  public Batch batch(int[] rows) {
    int count = rows.length;
    int[] rowLengths = new int[count];
    int longest = 1;
    for (int b = 0; b < count; b++) {
      rowLengths[b] = length(rows[b]);
      longest = Math.max(longest, rowLengths[b]);
    }
    float[] features = steps(x, featureCount, rows, rowLengths, longest);
    int[][] picked = Checks.pick(stepClasses, rows);
    return new Batch(
        longest, null, features, rowLengths,
        picked == null ? Checks.pick(classes, rows) : Checks.timeMajor(picked, rowLengths, longest),
        y == null || y.rank() == 2 ? pick(y, rows) : steps(y, y.size(2), rows, rowLengths, longest));
  }

  /** Some rows of [N,T,width] as batches have them, [longest,B,width]; beyond a row's length 0. */
  private float[] steps(Tensor tensor, int width, int[] rows, int[] rowLengths, int longest) {
    float[] batch = new float[Math.multiplyExact(longest * rows.length, width)];
    for (int b = 0; b < rows.length; b++) {
      Checks.timeMajor(tensor.values(), rows[b] * steps * width, rowLengths[b], width, batch, b, rows.length);
    }
    return batch;
  }

  @Override
  public TensorDataset subset(int[] rows) {
    return new TensorDataset(
        subset(x, rows), hasSteps, y == null ? null : subset(y, rows), Checks.pick(classes, rows),
        Checks.pick(stepClasses, rows), Checks.pick(lengths, rows));
  }

  private static Tensor subset(Tensor tensor, int[] rows) {
    int[] sizes = tensor.sizes();
    sizes[0] = rows.length;
    return Tensor.of(Objects.requireNonNull(pick(tensor, rows)), sizes);
  }

  private static float @Nullable [] pick(@Nullable Tensor tensor, int[] rows) {
    if (tensor == null) {
      return null;
    }
    int width = tensor.size(0) == 0 ? 0 : tensor.values().length / tensor.size(0);
    float[] picked = new float[Math.multiplyExact(width, rows.length)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(tensor.values(), rows[i] * width, picked, i * width, width);
    }
    return picked;
  }

  @Override
  public String toString() {
    return "TensorDataset" + Arrays.toString(x.sizes());
  }
}

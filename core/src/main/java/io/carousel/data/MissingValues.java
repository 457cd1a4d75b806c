package io.carousel.data;

import io.carousel.tensor.Tensor;
import java.util.Arrays;

/**
 * Series with missing values at uneven times, as {@code GruDCell} takes them: at each step the values, which of them
 * were observed, and how long ago each was observed before, side by side.
 *
 * <pre>
 *   m = 1 where x was observed, else 0        (x − mean) / deviation where m, else 0
 *   δ[0] = 0        δ[t] = s[t] − s[t−1] + (m[t−1] ? 0 : δ[t−1])
 * </pre>
 *
 * <pre>{@code
 *   MissingValues missing = MissingValues.of(x, times);            // of the rows for training
 *   TensorDataset data = TensorDataset.ofClasses(missing.columns(x, times), classes);
 *   Model model = Model.sequential(Input.sequence(3 * features), Recurrent.of(new GruDCell(64)), new Dense(1));
 * }</pre>
 *
 * <p>Source: Che, Purushotham, Cho, Sontag, Liu: Recurrent Neural Networks for Multivariate Time Series with Missing
 * Values, 2018, equations 1 and 2. Immutable.
 */
public final class MissingValues {
  private static final double ROUNDING = 1e-7; // of a float

  private final double[] means;
  private final double[] deviations;

  private MissingValues(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /** The same as {@link #of(Tensor, double[][])} for rows that all have T steps. */
  public static MissingValues of(Tensor x) {
    check(x);
    return of(x, everyStep(x));
  }

  /**
   * Standardizes with the mean and the standard deviation of what was observed of each feature, so that 0 is the mean
   * towards which GRU-D lets a value decay.
   *
   * @param x [N,T,F], NaN where a value is missing
   * @param times when the steps of each row were, [N][steps of the row]; what is beyond a row's steps is left out
   * @throws IllegalArgumentException as {@link #columns(Tensor, double[][])} does
   */
  public static MissingValues of(Tensor x, double[][] times) {
    int features = check(x);
    check(times, x);
    double[] sums = new double[features];
    double[] squares = new double[features];
    long[] counts = new long[features];
    float[] values = x.values();
    int row = x.size(1) * features;
    for (int n = 0; n < times.length; n++) {
      for (int i = n * row; i < n * row + times[n].length * features; i++) {
        if (!Float.isNaN(values[i])) {
          sums[i % features] += values[i];
          counts[i % features]++;
        }
      }
    }
    double[] means = new double[features];
    Arrays.setAll(means, f -> sums[f] / Math.max(1, counts[f]));
    for (int n = 0; n < times.length; n++) {
      for (int i = n * row; i < n * row + times[n].length * features; i++) {
        double off = values[i] - means[i % features];
        squares[i % features] += Double.isNaN(off) ? 0 : off * off;
      }
    }
    double[] deviations = new double[features];
    Arrays.setAll(deviations, f -> {
      double deviation = Math.sqrt(squares[f] / Math.max(1, counts[f]));
      return deviation > ROUNDING * Math.abs(means[f]) ? deviation : 1; // one that never changes is 0 then
    });
    return new MissingValues(means, deviations);
  }

  /** Leaves the values of so many features as they are, for those that are standardized already. */
  public static MissingValues standardized(int features) {
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new MissingValues(new double[features], ones);
  }

  /** The mean of what was observed of each feature, [F]. */
  public double[] means() {
    return means.clone();
  }

  /** The standard deviation of what was observed of each feature, [F]; 1 for one that never changes. */
  public double[] deviations() {
    return deviations.clone();
  }

  /**
   * Values, mask and gaps.
   *
   * @param x [N,T,F], NaN where a value is missing
   * @param times when the steps of each row were, [N][steps of the row], in a unit in which usual gaps are about 1;
   *     what is beyond a row's steps is left out
   * @return [N,T,3F], 0 beyond a row's steps
   * @throws IllegalArgumentException if the sizes do not fit, a value is infinite, or the times of a row decrease
   */
  public Tensor columns(Tensor x, double[][] times) {
    int features = check(x);
    int steps = x.size(1);
    check(times, x);
    if (features != means.length) {
      throw new IllegalArgumentException(
          "MissingValues: x must have " + means.length + " features, as those that were measured, got " + features);
    }
    Tensor columns = Tensor.zeros(x.size(0), steps, 3 * features);
    for (int row = 0; row < times.length; row++) {
      for (int t = 0; t < times[row].length; t++) {
        int at = (row * steps + t) * features;
        double passed = t == 0 ? 0 : times[row][t] - times[row][t - 1];
        for (int f = 0; f < features; f++) {
          step(x.values()[at + f], f, passed, columns.values(), 3 * at + f, t == 0);
        }
      }
    }
    return columns;
  }

  /** The same for steps that are 1 apart. */
  public Tensor columns(Tensor x) {
    check(x);
    return columns(x, everyStep(x));
  }

  private static double[][] everyStep(Tensor x) {
    double[] steps = new double[x.size(1)];
    Arrays.setAll(steps, t -> t);
    double[][] times = new double[x.size(0)][];
    Arrays.fill(times, steps);
    return times;
  }

  /** One feature at one step, whose columns begin at a place; those of the step before are 3F before it. */
  private void step(float value, int f, double passed, float[] columns, int at, boolean first) {
    int features = means.length;
    boolean observed = !Float.isNaN(value);
    columns[at] = observed ? (float) ((value - means[f]) / deviations[f]) : 0;
    columns[at + features] = observed ? 1 : 0;
    boolean seenBefore = first || columns[at - 2 * features] == 1;
    columns[at + 2 * features] = (float) (passed + (seenBefore ? 0 : columns[at - features]));
  }

  private static int check(Tensor x) {
    if (x.rank() != 3 || x.size(2) < 1) {
      throw new IllegalArgumentException(
          "MissingValues: x must be [rows,steps,features], got " + Arrays.toString(x.sizes())
              + "; a single series is [1,steps,features]");
    }
    for (int i = 0; i < x.values().length; i++) {
      if (Float.isInfinite(x.values()[i])) {
        throw new IllegalArgumentException(
            "MissingValues: a value must be a number, or NaN where it is missing, got " + x.values()[i] + " in row "
                + i / (x.size(1) * x.size(2)) + ", step " + i / x.size(2) % x.size(1) + ", feature " + i % x.size(2));
      }
    }
    return x.size(2);
  }

  private static void check(double[][] times, Tensor x) {
    Checks.sameSize("MissingValues", "rows of times", x.size(0), times.length);
    for (int row = 0; row < times.length; row++) {
      check(times[row], row, x.size(1));
    }
  }

  private static void check(double[] times, int row, int steps) {
    if (times.length > steps) {
      throw new IllegalArgumentException(
          "MissingValues: a row must have at most the " + steps + " steps of x, got times of " + times.length
              + " steps in row " + row);
    }
    for (int t = 0; t < times.length; t++) {
      if (!Double.isFinite(times[t]) || (t > 0 && times[t] < times[t - 1])) {
        throw new IllegalArgumentException(
            "MissingValues: the times of a row must be numbers that do not decrease, got " + times[t]
                + (t == 0 ? "" : " after " + times[t - 1]) + " in row " + row + ", step " + t + "; sort the steps");
      }
    }
  }
}

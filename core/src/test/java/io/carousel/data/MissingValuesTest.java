package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MissingValuesTest {
  private static final float NONE = Float.NaN;

  /** The example of the paper, its figure 2: two features at seven times. */
  private static final Tensor X = Tensor.of(
      new float[] {47, NONE, 49, 15, NONE, 14, 40, NONE, NONE, NONE, 43, NONE, 55, 15}, 1, 7, 2);

  private static final double[][] TIMES = {{0, 0.1, 0.6, 1.6, 2.2, 2.5, 3.1}};

  private static float[] column(Tensor columns, int row, int number) {
    float[] column = new float[columns.size(1)];
    for (int t = 0; t < column.length; t++) {
      column[t] = columns.values()[(row * columns.size(1) + t) * columns.size(2) + number];
    }
    return column;
  }

  @Test
  void theExampleOfThePaper() {
    Tensor columns = MissingValues.standardized(2).columns(X, TIMES);
    assertThat(columns.sizes()).containsExactly(1, 7, 6);
    assertThat(column(columns, 0, 0)).containsExactly(47, 49, 0, 40, 0, 43, 55);
    assertThat(column(columns, 0, 1)).containsExactly(0, 15, 14, 0, 0, 0, 15);
    assertThat(column(columns, 0, 2)).containsExactly(1, 1, 0, 1, 0, 1, 1);
    assertThat(column(columns, 0, 3)).containsExactly(0, 1, 1, 0, 0, 0, 1);
    assertThat(column(columns, 0, 4)).containsExactly(new float[] {0, 0.1f, 0.5f, 1.5f, 0.6f, 0.9f, 0.6f}, within(1e-6f));
    assertThat(column(columns, 0, 5)).containsExactly(new float[] {0, 0.1f, 0.5f, 1, 1.6f, 1.9f, 2.5f}, within(1e-6f));
  }

  @Test
  void standardizesByWhatWasObserved() {
    MissingValues missing = MissingValues.of(X);
    assertThat(missing.means()).containsExactly(new double[] {46.8, 44.0 / 3}, within(1e-9));
    assertThat(missing.deviations()).containsExactly(new double[] {Math.sqrt(26.56), Math.sqrt(2) / 3}, within(1e-9));
    Tensor columns = missing.columns(X, TIMES);
    float[] values = column(columns, 0, 0);
    assertThat(values[0]).isEqualTo((float) (0.2 / Math.sqrt(26.56)), within(1e-5f));
    assertThat(values[2]).isZero();
    assertThat(column(columns, 0, 2)).containsExactly(1, 1, 0, 1, 0, 1, 1);
    // One that never changes, and one that was never observed.
    MissingValues flat = MissingValues.of(Tensor.of(new float[] {0.1f, NONE, 0.1f, NONE, 0.1f, NONE}, 1, 3, 2));
    assertThat(flat.means()).containsExactly(new double[] {0.1, 0}, within(1e-8));
    assertThat(flat.deviations()).containsExactly(1, 1);
  }

  @Test
  void rowsAreAsLongAsTheirTimesAndKnowNothingOfEachOther() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, NONE, 4, NONE}, 2, 3, 1);
    Tensor columns = MissingValues.standardized(1).columns(x, new double[][] {{1e9, 1e9 + 7}, {3, 3, 8}});
    assertThat(columns.values()).containsExactly(
        1, 1, 0, 2, 1, 7, 0, 0, 0,
        0, 0, 0, 4, 1, 0, 0, 0, 5);
    assertThat(column(MissingValues.standardized(1).columns(x), 1, 2)).containsExactly(0, 1, 1);
    // What is beyond a row's steps, 3 here, is no observation.
    assertThat(MissingValues.of(x, new double[][] {{1, 2}, {3, 3, 8}}).means()).containsExactly(7.0 / 3);
    assertThat(MissingValues.of(x).means()).containsExactly(2.5);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MissingValues two = MissingValues.standardized(2);
    Tensor x = Tensor.of(new float[] {1, 2, 3, Float.NEGATIVE_INFINITY}, 1, 2, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> MissingValues.of(Tensor.zeros(3, 2)))
        .withMessage("MissingValues: x must be [rows,steps,features], got [3, 2]; a single series is [1,steps,features]");
    assertThatIllegalArgumentException().isThrownBy(() -> two.columns(x)).withMessage(
        "MissingValues: a value must be a number, or NaN where it is missing, got -Infinity in row 0, step 1, feature 1");
    assertThatIllegalArgumentException().isThrownBy(() -> two.columns(Tensor.zeros(1, 2, 3)))
        .withMessage("MissingValues: x must have 2 features, as those that were measured, got 3");
    Tensor zeros = Tensor.zeros(1, 2, 2);
    assertThatIllegalArgumentException().isThrownBy(() -> two.columns(zeros, new double[2][2]))
        .withMessage("MissingValues: there must be as many rows of times as rows, got 2 for 1 rows");
    assertThatIllegalArgumentException().isThrownBy(() -> two.columns(zeros, new double[1][3]))
        .withMessage("MissingValues: a row must have at most the 2 steps of x, got times of 3 steps in row 0");
    assertThatIllegalArgumentException().isThrownBy(() -> two.columns(zeros, new double[][] {{2, 1}})).withMessage(
        "MissingValues: the times of a row must be numbers that do not decrease, got 1.0 after 2.0 in row 0, step 1;"
            + " sort the steps");
    assertThatIllegalArgumentException().isThrownBy(() -> two.columns(zeros, new double[][] {{Double.NaN}}))
        .withMessageContaining("got NaN in row 0, step 0");
  }
}

package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final ConfusionMatrix MATRIX =
      ConfusionMatrix.of(new int[] {0, 0, 0, 1, 1, 2}, new int[] {0, 0, 1, 1, 0, 0}, 3);

  @Test
  void countsPairs() {
    assertThat(MATRIX.counts()).isDeepEqualTo(new int[][] {{2, 1, 0}, {1, 1, 0}, {1, 0, 0}});
    assertThat(MATRIX.count(2, 0)).isEqualTo(1);
    assertThat(MATRIX.count(0, 2)).isZero();
    assertThat(MATRIX.actual(0)).isEqualTo(3);
    assertThat(MATRIX.predicted(0)).isEqualTo(4);
    assertThat(MATRIX.predicted(2)).isZero();
    assertThat(MATRIX.total()).isEqualTo(6);
    assertThat(MATRIX.correct()).isEqualTo(3);
  }

  @Test
  void itsCountsAreACopy() {
    MATRIX.counts()[0][0] = 99;
    assertThat(MATRIX.count(0, 0)).isEqualTo(2);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> ConfusionMatrix.of(new int[1], new int[2], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 1 labels and 2 predictions");
    assertThatThrownBy(() -> ConfusionMatrix.of(new int[] {0, 2}, new int[2], 2))
        .hasMessage("ConfusionMatrix: a label must be in 0 to 1, got 2 in row 1");
    assertThatThrownBy(() -> ConfusionMatrix.of(new int[2], new int[] {-1, 0}, 2))
        .hasMessage("ConfusionMatrix: a prediction must be in 0 to 1, got -1 in row 0");
  }
}

package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void medianOfAnOddAndAnEvenNumberInAnyOrder() {
    double[] values = {9, 1, 4};
    assertThat(new Times(values).median()).isEqualTo(4);
    assertThat(values).as("left as they were").containsExactly(9, 1, 4);
    assertThat(new Times(10, 2, 4, 3).median()).isEqualTo(3.5);
    assertThat(new Times(7).median()).isEqualTo(7);
  }

  @Test
  void smallestAndCount() {
    assertThat(new Times(3, 0.5, 2).smallest()).isEqualTo(0.5);
    assertThat(new Times(3, 0.5, 2).count()).isEqualTo(3);
  }

  @Test
  void theGeometricMeanOfARatioAndItsInverseIsOne() {
    assertThat(Times.geometricMean(0.25, 4)).isCloseTo(1, within(1e-12));
    assertThat(Times.geometricMean(0.1, 0.4, 1.6)).isCloseTo(0.4, within(1e-12));
    assertThat(Times.geometricMean()).isNaN();
  }

  @Test
  void nothingHasNoMedian() {
    assertThatIllegalArgumentException().isThrownBy(Times::new).withMessageContaining("at least one");
  }
}

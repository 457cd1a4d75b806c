package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Numbers that depend on B and T. */
final class ExtentTest {
  @Test
  void aShapeHasAsManyElementsAsItsExtentSays() {
    for (Shape shape :
        new Shape[] {
          Shape.SCALAR, Shape.of(7), Shape.of(Shape.B), Shape.of(Shape.T, Shape.B, 5),
          Shape.of(Shape.B, 2, Shape.B, 3)
        }) {
      Extent count = Extent.count(shape);
      assertThat(count.isStatic()).isEqualTo(shape.isStatic());
      for (int batch = 0; batch < 4; batch++) {
        for (int time = 0; time < 4; time++) {
          assertThat(count.at(batch, time)).as("%s", shape).isEqualTo(shape.count(batch, time));
        }
      }
    }
  }

  @Test
  void sumsAndProducts() {
    Extent slots = Extent.count(Shape.of(Shape.B, 4));
    Extent history = slots.times(Shape.T).plus(slots);
    assertThat(history).hasToString("4BT+4B");
    assertThat(history.at(3, 5)).isEqualTo(72);
    assertThat(history.plus(slots)).hasToString("4BT+8B");
    assertThat(history.times(2)).hasToString("8BT+8B");
    assertThat(history.times(Shape.B).at(3, 5)).isEqualTo(216);
    assertThat(slots.scaled(3).at(2, 9)).isEqualTo(24);
    assertThat(slots.scaled(-1).at(2, 9)).isEqualTo(-8);
    assertThat(slots.scaled(0)).isEqualTo(Extent.ZERO).hasToString("0");
    assertThat(slots.times(0)).isEqualTo(Extent.ZERO);
    assertThat(Extent.of(0)).isEqualTo(Extent.ZERO);
    assertThat(Extent.ZERO.plus(slots)).isEqualTo(slots);
    assertThat(slots.plus(Extent.ZERO)).isEqualTo(slots);
    assertThat(Extent.ofSize(Shape.B)).isEqualTo(Extent.ONE.times(Shape.B)).isNotEqualTo(Extent.ofSize(Shape.T));
  }

  @Test
  void numbers() {
    assertThat(Extent.of(12).number()).isEqualTo(12);
    assertThat(Extent.ZERO.number()).isZero();
    assertThat(Extent.of(3).plus(Extent.of(4)).number()).isEqualTo(7);
    assertThatThrownBy(() -> Extent.ofSize(Shape.T).times(3).number())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("compile: 3T is no fixed number");
  }

  @Test
  void moreThanAnArrayCanHold() {
    Extent large = Extent.count(Shape.of(Shape.T, Shape.B, 1024));
    assertThatThrownBy(() -> large.at(4096, 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "run: with B=4096, T=1000 a value has 4194304000 elements, more than one array can hold;"
                + " use smaller batches or shorter sequences");
  }
}

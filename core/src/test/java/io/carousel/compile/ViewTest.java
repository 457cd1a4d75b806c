package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Where the elements of moved, repeated and cut arrays lie: a view has the place of each. */
final class ViewTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final int BATCH = 3;
  private static final int TIME = 4;

  private static View view(int... sizes) {
    Shape shape = Shape.of(sizes);
    return View.dense(new Buffer(Buffer.Kind.WORK, "", Extent.count(shape), 0), shape);
  }

  private static int at(View view, int... place) {
    int at = view.offset().at(BATCH, TIME);
    for (int axis = 0; axis < place.length; axis++) {
      at += place[axis] * view.step(axis).at(BATCH, TIME);
    }
    return at;
  }

  @Test
  void dense() {
    View view = view(T, B, 5);
    assertThat(view.isDense()).isTrue();
    assertThat(at(view, 2, 1, 3)).isEqualTo((2 * BATCH + 1) * 5 + 3);
    assertThat(at(view())).isZero();
  }

  @Test
  void sliced() {
    View view = view(T, B, 5).slice(2, 1, 4);
    assertThat(view.shape()).isEqualTo(Shape.of(T, B, 3));
    assertThat(view.isDense()).isFalse();
    assertThat(at(view, 2, 1, 2)).isEqualTo((2 * BATCH + 1) * 5 + 3);
    assertThat(at(view.slice(2, 1, 2), 2, 1, 0)).isEqualTo((2 * BATCH + 1) * 5 + 2);
    // Whole rows from the front lie together still.
    assertThat(view(6, 5).slice(0, 2, 4).isDense()).isTrue();
    assertThat(at(view(6, 5).slice(0, 2, 4), 1, 3)).isEqualTo(3 * 5 + 3);
    assertThat(at(view(3, B, 2).slice(0, 1, 3), 1, 2, 1)).isEqualTo((2 * BATCH + 2) * 2 + 1);
  }

  @Test
  void transposed() {
    View view = view(T, B, 5).transpose(List.of(2, 0, 1));
    assertThat(view.shape()).isEqualTo(Shape.of(5, T, B));
    assertThat(at(view, 3, 2, 1)).isEqualTo((2 * BATCH + 1) * 5 + 3);
    assertThat(view.isDense()).isFalse();
    assertThat(view.transpose(List.of(1, 2, 0)).isDense()).isTrue();
    // An axis of one position may go anywhere.
    assertThat(view(T, 1, 5).transpose(List.of(1, 0, 2)).isDense()).isTrue();
  }

  @Test
  void repeated() {
    View view = view(B, 1).broadcast(Shape.of(T, B, 5));
    assertThat(at(view, 3, 2, 4)).isEqualTo(2);
    assertThat(at(view(5).broadcast(Shape.of(B, 5)), 2, 4)).isEqualTo(4);
    assertThat(at(view().broadcast(Shape.of(B, 5)), 2, 4)).isZero();
    assertThat(at(view(B, 5).slice(1, 2, 3).broadcast(Shape.of(B, 7)), 2, 6)).isEqualTo(12);
    assertThat(view.isDense()).isFalse();
  }

  @Test
  void withMoreAxes() {
    View view = view(B, 5).insert(1);
    assertThat(view.shape()).isEqualTo(Shape.of(B, 1, 5));
    assertThat(at(view, 2, 0, 3)).isEqualTo(13);
    assertThat(view.insert(0).shape()).isEqualTo(Shape.of(1, B, 1, 5));
  }

  @Test
  void reshaped() {
    View whole = Objects.requireNonNull(view(T, B, 6).reshape(Shape.of(T, B, 2, 3)));
    assertThat(at(whole, 1, 2, 1, 2)).isEqualTo((BATCH + 2) * 6 + 5);
    // Ones come and go, in slices and transposes too.
    View slice = view(T, B, 5).slice(2, 1, 4);
    View thin = Objects.requireNonNull(slice.reshape(Shape.of(T, 1, B, 3, 1)));
    assertThat(at(thin, 2, 0, 1, 2, 0)).isEqualTo(at(slice, 2, 1, 2));
    assertThat(Objects.requireNonNull(thin.reshape(slice.shape()))).isEqualTo(slice);
    View column = view(B, 5).slice(1, 2, 3);
    assertThat(at(Objects.requireNonNull(column.reshape(Shape.of(B))), 2)).isEqualTo(12);
    // What would have to move elements is no view.
    assertThat(view(4, 6).slice(1, 0, 3).reshape(Shape.of(12))).isNull();
    assertThat(view(4, 6).transpose(List.of(1, 0)).reshape(Shape.of(24))).isNull();
    assertThat(view(5).broadcast(Shape.of(4, 5)).reshape(Shape.of(20))).isNull();
  }

  @Test
  void theCurrentStep() {
    View now = view(T, B, 5).slice(2, 1, 4).now();
    assertThat(now.shape()).isEqualTo(Shape.of(B, 3));
    assertThat(now.slot()).isEqualTo(View.Slot.TIME);
    assertThat(now.slotStep().at(BATCH, TIME)).isEqualTo(BATCH * 5);
    assertThat(at(now, 1, 2)).isEqualTo(8);
    // The same at every step: nothing moves.
    assertThat(view(B, 5).broadcast(Shape.of(T, B, 5)).now().slotStep()).isEqualTo(Extent.ZERO);
    assertThatThrownBy(now::now).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void rows() {
    assertThat(view(T, B, 5).rowStep()).isEqualTo(5);
    assertThat(view(T, B, 5).slice(2, 1, 3).rowStep()).isEqualTo(5);
    assertThat(view(B, 5).rowStep()).isEqualTo(5);
    assertThat(view(5).rowStep()).isZero();
    assertThat(view(5).broadcast(Shape.of(T, B, 5)).rowStep()).isZero();
    assertThat(view(B, 1, 5).slice(2, 0, 2).rowStep()).isEqualTo(5);
    assertThat(view(T, B, 5).transpose(List.of(1, 0, 2)).rowStep()).isNull();
    assertThat(view(B, 5).broadcast(Shape.of(T, B, 5)).rowStep()).isNull();
    assertThat(view(B, T).rowStep()).isNull();
    assertThat(view(B, T).lineStep()).isEqualTo(Extent.ofSize(T));
    assertThat(view(B, 5).transpose(List.of(1, 0)).isRows()).isFalse();
    assertThat(view(5, B).slice(0, 1, 3).isRows()).isFalse();
    assertThat(view(B, 5).slice(1, 2, 3).isRows()).isTrue();
  }

  @Test
  void printed() {
    assertThat(view(T, B, 5).slice(2, 1, 4).now()).hasToString("w0+1[B,3]@time");
    assertThat(view(B, 5)).hasToString("w0[B,5]");
  }
}

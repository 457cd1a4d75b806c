package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.RandomPrograms;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Buffers that live at the same time do not overlap. */
final class LayoutTest {
  private static final int UNPLACED = -1;

  private static int[] place(List<Buffer> buffers, int batch, int time) {
    int[] places = new int[buffers.size()];
    Arrays.fill(places, UNPLACED);
    int end = Layout.place(buffers, batch, time, places);
    for (int i = 0; i < places.length; i++) {
      Buffer a = buffers.get(i);
      if (places[i] == UNPLACED) {
        continue;
      }
      int aEnd = places[i] + a.size().at(batch, time);
      assertThat(places[i] % Layout.ALIGN).isZero();
      assertThat(aEnd).isLessThanOrEqualTo(end);
      for (int j = 0; j < i; j++) {
        Buffer b = buffers.get(j);
        boolean together = places[j] != UNPLACED && a.first() <= b.last() && b.first() <= a.last();
        boolean overlap = places[j] < aEnd && places[i] < places[j] + b.size().at(batch, time);
        if (b.ground() == a.ground()) {
          // One takes over where the other ends.
          assertThat(a.first() >= b.last() || b.first() >= a.last()).as("buffers %d and %d", i, j).isTrue();
          continue;
        }
        assertThat(together && overlap).as("buffers %d and %d", i, j).isFalse();
      }
    }
    return places;
  }

  private static Buffer buffer(Buffer.Kind kind, Extent size, int number, int first, int last) {
    Buffer buffer = new Buffer(kind, "", size, number);
    buffer.touch(last);
    buffer.touch(first);
    return buffer;
  }

  @Test
  void randomLifetimes() {
    for (int seed = 0; seed < 200; seed++) {
      long key = CounterRandom.key(seed, "layout");
      List<Buffer> buffers = new ArrayList<>();
      int count = 1 + CounterRandom.below(40, key, 0);
      for (int i = 0; i < count; i++) {
        int width = 1 + CounterRandom.below(70, CounterRandom.key(key, i), 0);
        int first = CounterRandom.below(30, CounterRandom.key(key, i), 1);
        int last = first + CounterRandom.below(10, CounterRandom.key(key, i), 2);
        Extent size =
            switch (CounterRandom.below(3, CounterRandom.key(key, i), 3)) {
              case 0 -> Extent.of(width);
              case 1 -> Extent.count(Shape.of(Shape.B, width));
              default -> Extent.count(Shape.of(Shape.T, Shape.B, width));
            };
        buffers.add(buffer(Buffer.Kind.WORK, size, i, first, last));
      }
      place(buffers, 1 + seed % 5, 1 + seed % 7);
    }
  }

  /** The logits of a language model are many: their derivative is written over them. */
  @Test
  void elementwiseWorkWritesOverWhatNobodyReadsAfterwards() {
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, 3));
    Expr z = x.matmul(Expr.parameter("W", Shape.of(3, 1000)));
    Expr share = Expr.exp(z.minus(Expr.logSumExp(z)));
    Lowering.Plan plan = Lowering.lower(Compiler.passes(List.of(share.sum(-1))));
    int[] places = new int[plan.buffers().size()];
    assertThat(Layout.place(plan.buffers(), 4, 5, places)).isBetween(4 * 5 * 1000, 4 * 5 * 1100);
  }

  /** Not where elements move, or where the input is read another time. */
  @Test
  void whatIsReadElsewhereStays() {
    Expr x = Expr.input("x", Shape.of(7, 7));
    Expr w = Expr.parameter("W", Shape.of(7, 7));
    Expr z = x.matmul(w);
    for (Expr kept : List.of(Expr.exp(z.transpose()), Expr.exp(z).plus(z.transpose()), z.sum(0).times(Expr.exp(z)))) {
      Differential.check(List.of(kept.matmul(w), z.sum(1)), RandomInputs.of(List.of(kept), 1, 1, 3));
    }
  }

  /** The point of it all: what is never alive together shares memory. */
  @Test
  void memoryIsUsedAgain() {
    List<Buffer> chain = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      chain.add(buffer(Buffer.Kind.WORK, Extent.of(1000), i, i, i + 1));
    }
    int[] places = new int[chain.size()];
    assertThat(Layout.place(chain, 1, 1, places)).isLessThan(3 * 1000);
  }

  @Test
  void onlyBuffersOfTheWorkspaceThatAreUsedArePlaced() {
    Buffer unused = new Buffer(Buffer.Kind.WORK, "", Extent.of(5), 0);
    List<Buffer> buffers =
        List.of(
            unused,
            buffer(Buffer.Kind.INPUT, Extent.of(5), 1, 0, 3),
            buffer(Buffer.Kind.PREPARED, Extent.of(5), 2, 0, 3));
    assertThat(place(buffers, 1, 1)).containsOnly(UNPLACED);
  }

  /** As compiled programs have them. */
  @Test
  void lifetimesOfPrograms() {
    for (int seed = 0; seed < 40; seed++) {
      List<Expr> roots = RandomPrograms.training(seed, 15);
      Lowering.Plan plan = Lowering.lower(Compiler.passes(roots));
      place(plan.buffers(), 1 + seed % 4, 1 + seed % 6);
      // A stage finds all that it reads and writes alive.
      for (int i = 0; i < plan.stages().size(); i++) {
        for (View view : plan.stages().get(i).views()) {
          assertThat(view.buffer().first()).isLessThanOrEqualTo(i);
          assertThat(view.buffer().last()).isGreaterThanOrEqualTo(i);
        }
      }
    }
  }

  @Test
  void tooLargeForOneArray() {
    List<Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      buffers.add(buffer(Buffer.Kind.WORK, Extent.count(Shape.of(Shape.T, Shape.B, 1000)), i, 0, 1));
    }
    assertThatThrownBy(() -> Layout.place(buffers, 1000, 1000, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("run: with B=1000, T=1000 the workspace needs ")
        .hasMessageEndingWith("use smaller batches or shorter sequences");
  }
}

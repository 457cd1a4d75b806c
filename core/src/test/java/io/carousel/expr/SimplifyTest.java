package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What simplification removes; that it keeps values is for {@link RandomProgramsTest} to show. */
final class SimplifyTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final Expr X = Expr.input("x", Shape.of(B, 4));
  private static final Expr Y = Expr.input("y", Shape.of(B, 4));
  private static final Expr SEQUENCE = Expr.input("s", Shape.of(T, B, 4));
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(B));
  private static final Expr ZERO = Expr.full(0, X.shape());

  private static Expr simple(Expr expr) {
    return Simplify.simplify(List.of(expr)).getFirst();
  }

  @Test
  void algebra() {
    assertThat(simple(X.plus(0))).isSameAs(X);
    assertThat(simple(ZERO.plus(X))).isSameAs(X);
    assertThat(simple(X.minus(ZERO))).isSameAs(X);
    assertThat(simple(X.times(1))).isSameAs(X);
    assertThat(simple(Expr.constant(1).times(X))).isSameAs(X);
    assertThat(simple(X.over(Expr.constant(1)))).isSameAs(X);
    assertThat(simple(X.negate().negate())).isSameAs(X);
    assertThat(Simplify.value(simple(X.times(0)))).isEqualTo(0);
    assertThat(Simplify.value(simple(Expr.full(0, SEQUENCE.shape()).sumAll()))).isEqualTo(0);
    assertThat(simple(X.plus(Y.negate())).op()).isEqualTo(Op.Binary.SUBTRACT);
    assertThat(simple(Expr.constant(0).minus(X)).op()).isEqualTo(Op.Unary.NEGATE);
  }

  @Test
  void movement() {
    assertThat(simple(X.reshape(Shape.of(B, 2, 2)).reshape(Shape.of(B, 4)))).isSameAs(X);
    assertThat(simple(SEQUENCE.transpose(1, 2, 0).transpose(2, 0, 1))).isSameAs(SEQUENCE);
    assertThat(simple(X.transpose(0, 1))).isSameAs(X);
    assertThat(simple(Expr.concat(1, List.of(X, Y)).slice(1, 4, 8))).isSameAs(Y);
    assertThat(simple(Expr.concat(1, List.of(X, Y)).slice(1, 5, 7)).toString())
        .isEqualTo(Y.slice(1, 1, 3).toString());
    assertThat(simple(Expr.concat(1, List.of(X, Y)).slice(1, 3, 5)).op()).isInstanceOf(Op.Slice.class);
  }

  /** What the derivatives of slices add up to. */
  @Test
  void paddedPartsAreAConcatenation() {
    Expr parts =
        X.pad(1, 4, 8).plus(Y.pad(1, 0, 12)).plus(X.pad(1, 12, 0)).plus(Y.pad(1, 8, 4));
    Expr joined = simple(parts);
    assertThat(joined.op()).isEqualTo(new Op.Concat(1));
    assertThat(joined.args()).containsExactly(Y, X, Y, X);
    assertThat(simple(X.pad(1, 0, 4).plus(Y.pad(1, 2, 2))).op()).isEqualTo(Op.Binary.ADD);
    assertThat(simple(X.pad(1, 1, 6).plus(Y.pad(1, 6, 1))).op()).isEqualTo(Op.Binary.ADD);
    assertThat(simple(X.pad(1, 1, 5).plus(Y.pad(1, 5, 1))).op()).isEqualTo(new Op.Pad(1, 1, 1));
  }

  @Test
  void whatIsComputedTwiceIsComputedOnce() {
    Expr twice = Expr.tanh(X.plus(Y)).times(Expr.sigmoid(X.plus(Y)));
    Expr once = simple(twice);
    assertThat(once.arg(0).arg(0)).isSameAs(once.arg(1).arg(0));
    Expr noise = simple(Expr.random("a", X.shape()).plus(Expr.random("b", X.shape())));
    assertThat(noise.arg(0)).isNotSameAs(noise.arg(1));
  }

  private static Expr scan(boolean masked, boolean reverse) {
    return Scans.scan(
        List.of(SEQUENCE), List.of(ZERO), masked ? LENGTHS : null, reverse,
        (x, s) -> {
          Expr h = Expr.tanh(x.getFirst().plus(s.getFirst()).plus(Y));
          return new Scans.Step(List.of(h), List.of(h, h.square(), x.getFirst().times(X)));
        });
  }

  @Test
  void equalLoopsRunOnce() {
    Expr sum = simple(scan(false, false).part(0).plus(scan(false, false).part(1)));
    assertThat(sum.arg(0).arg(0)).isSameAs(sum.arg(1).arg(0));
    List<Expr> loops = new ArrayList<>();
    for (boolean masked : new boolean[] {false, true}) {
      for (boolean reverse : new boolean[] {false, true}) {
        loops.add(scan(masked, reverse).part(0));
      }
    }
    assertThat(Simplify.simplify(loops).stream().map(part -> part.arg(0)).toList()).doesNotHaveDuplicates();
  }

  /** One state more and one output less give the same operands and the same text of the roots. */
  @Test
  void aStateIsNoOutput() {
    Expr h = Expr.placeholder(Op.Role.STATE, 0, X.shape());
    Op.Body output = new Op.Body(List.of(), List.of(X.shape()), List.of(X.shape()), List.of(h), List.of(h));
    Op.Body state = new Op.Body(List.of(), List.of(X.shape(), X.shape()), List.of(), List.of(h, h), List.of());
    List<Expr> simple =
        Simplify.simplify(
            List.of(
                Scans.of(new Op.Scan(output, Shape.T, false, false, 1), List.of(X, Y)).part(0),
                Scans.of(new Op.Scan(state, Shape.T, false, false, 0), List.of(X, Y)).part(1)));
    assertThat(simple.get(0).arg(0)).isNotSameAs(simple.get(1).arg(0));
  }

  @Test
  void whatNobodyTakesIsNotComputed() {
    Expr third = simple(scan(true, false).part(2));
    assertThat(Scans.of(third.arg(0)).body().ys()).hasSize(1);
    assertThat(Scans.captured(third.arg(0))).hasSize(2);
    Expr last = simple(scan(true, false).part(Scans.lastState(scan(true, false), 0)));
    assertThat(Scans.of(last.arg(0)).body().ys()).isEmpty();
    assertThat(Scans.captured(last.arg(0))).containsExactly(Y);
    assertThat(Scans.lengths(last.arg(0))).isSameAs(LENGTHS);
  }

  /** A loop that only fed an output that nobody takes goes as well. */
  @Test
  void pruningGoesOnThroughLoops() {
    Expr first = scan(false, false);
    Expr second =
        Scans.scan(
            List.of(first.part(0), SEQUENCE), List.of(ZERO), null, false,
            (x, s) -> new Scans.Step(List.of(s.getFirst().plus(x.get(1))), List.of(x.getFirst())));
    Expr last = simple(second.part(1));
    assertThat(Graph.topological(List.of(last)).stream().filter(node -> node.op() instanceof Op.Scan)).hasSize(1);
  }

  @Test
  void bodiesAreSimplified() {
    Expr scan =
        Scans.scan(
            List.of(SEQUENCE), List.of(ZERO), null, false,
            (x, s) -> new Scans.Step(List.of(s.getFirst().plus(0).plus(x.getFirst().times(1))), List.of()));
    Op.Body body = Scans.of(simple(scan.part(0)).arg(0)).body();
    assertThat(body.nexts().getFirst().args()).allMatch(arg -> arg.op() instanceof Op.Placeholder);
  }
}

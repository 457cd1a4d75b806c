package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Shape;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Shapes are checked when a node is built, and the message says what was wrong. */
final class ExprTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;

  private static final Expr X = Expr.input("x", Shape.of(B, 3));
  private static final Expr SEQUENCE = Expr.input("s", Shape.of(T, B, 3));
  private static final Expr MATRIX = Expr.parameter("W", Shape.of(3, 2));
  private static final Expr IDS = Expr.intInput("ids", Shape.of(T, B));
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(B));

  private static void refuses(String message, ThrowingCallable code) {
    assertThatThrownBy(code).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void shapes() {
    assertThat(X.plus(Expr.parameter("b", Shape.of(3))).shape()).isEqualTo(Shape.of(B, 3));
    assertThat(SEQUENCE.times(X).shape()).isEqualTo(Shape.of(T, B, 3));
    assertThat(X.slice(1, 0, 1).plus(Expr.index(Shape.of(7), 0)).shape()).isEqualTo(Shape.of(B, 7));
    assertThat(SEQUENCE.matmul(MATRIX).shape()).isEqualTo(Shape.of(T, B, 2));
    assertThat(SEQUENCE.contract(SEQUENCE.matmul(MATRIX)).shape()).isEqualTo(Shape.of(3, 2));
    assertThat(MATRIX.gather(IDS).shape()).isEqualTo(Shape.of(T, B, 2));
    assertThat(Expr.scatterAdd(IDS, SEQUENCE, 9).shape()).isEqualTo(Shape.of(9, 3));
    assertThat(SEQUENCE.transpose(1, 2, 0).shape()).isEqualTo(Shape.of(B, 3, T));
    assertThat(SEQUENCE.reshape(Shape.of(B, T, 3)).shape()).isEqualTo(Shape.of(B, T, 3));
    assertThat(SEQUENCE.sum(0, -1).shape()).isEqualTo(Shape.of(1, B, 1));
    assertThat(SEQUENCE.sumAll().shape()).isEqualTo(Shape.SCALAR);
    assertThat(Expr.logSumExp(X).shape()).isEqualTo(Shape.of(B, 1));
    assertThat(Expr.concat(-1, List.of(X, X)).shape()).isEqualTo(Shape.of(B, 6));
  }

  @Test
  void whatChangesNothingMakesNoNode() {
    assertThat(X.reshape(X.shape())).isSameAs(X);
    assertThat(X.broadcast(X.shape())).isSameAs(X);
    assertThat(X.slice(1, 0, 3)).isSameAs(X);
    assertThat(X.pad(1, 0, 0)).isSameAs(X);
    assertThat(Expr.concat(1, List.of(X))).isSameAs(X);
    Expr column = X.slice(1, 0, 1);
    assertThat(column.sum(1)).isSameAs(column);
  }

  @Test
  void elementwise() {
    refuses("add: shapes [B,3] and [B,2] do not fit together", () -> X.plus(X.slice(1, 0, 2)));
    refuses("multiply: shapes [T,B,3] and [T,3] do not fit together",
        () -> SEQUENCE.times(Expr.input("t", Shape.of(T, 3))));
    refuses("select: shapes [B,3] and [2] do not fit together",
        () -> Expr.select(X, Expr.parameter("p", Shape.of(2)), X));
  }

  @Test
  void products() {
    refuses("matmul: needs […,K] and [K,N], got [B,3] and [2,3]", () -> X.matmul(MATRIX.transpose()));
    refuses("matmul: needs […,K] and [K,N], got [B,3] and [T,B,3]", () -> X.matmul(SEQUENCE));
    refuses("contract: needs […,K] and […,N] with equal leading axes, got [T,B,3] and [B,3]",
        () -> SEQUENCE.contract(X));
    refuses("batchmatmul: needs […,M,K] and […,K,N] with equal leading axes, got [T,B,3] and [T,B,3]",
        () -> SEQUENCE.batchMatmul(SEQUENCE));
    refuses("batchmatmul: needs […,M,K] and […,K,N] with equal leading axes, got [3,2] and [3,2]",
        () -> MATRIX.batchMatmul(MATRIX));
  }

  @Test
  void movement() {
    refuses("reshape: [T,B,3] and [T,B,4] differ in their number of elements",
        () -> SEQUENCE.reshape(Shape.of(T, B, 4)));
    // 21 rows of 3 have as many elements as B=7 rows of 9: the symbols must agree for all bindings.
    refuses("reshape: [B,3] and [21] differ in their number of elements", () -> X.reshape(Shape.of(21)));
    refuses("transpose: [0, 0] does not order the axes of [B,3]", () -> X.transpose(0, 0));
    refuses("transpose: [1, 0] does not order the axes of [T,B,3]", () -> SEQUENCE.transpose());
    refuses("slice: 1:4 is not a part of axis 1 of [B,3]", () -> X.slice(-1, 1, 4));
    refuses("slice: 2:2 is not a part of axis 1 of [B,3]", () -> X.slice(1, 2, 2));
    refuses("slice: 0:1 is not a part of axis 0 of [B,3]", () -> X.slice(0, 0, 1));
    Expr steps = Expr.input("steps", Shape.of(Shape.T, Shape.B, 3));
    assertThat(steps.pad(0, 1, 2).shape()).hasToString("[T+3,B,3]");
    assertThat(steps.pad(0, 1, 2).every(0, 2).shape()).hasToString("[(T+3)/2,B,3]");
    assertThat(steps.every(0, 2).every(0, 3).shape()).hasToString("[T/6,B,3]");
    assertThat(steps.every(0, 2).pad(0, 1, 0).slice(0, 1, 0).shape()).isEqualTo(steps.every(0, 2).shape());
    assertThat(Shape.of(Shape.part(Shape.plus(Shape.T, 3), 2)).bind(1, 4)).containsExactly(4);
    refuses("Shape: a time axis must have at least T steps, got (T-1)/1", () -> steps.slice(0, 1, 0));
    refuses("slice: 0:1 is not a part of axis 0 of [T,B,3]", () -> steps.slice(0, 0, 1));
    refuses("flip: needs sequences [T,B,…] and whole numbers [B], got [B,3] and input lengths [B]",
        () -> Expr.input("rows", Shape.of(Shape.B, 3)).flip(Expr.input("lengths", Shape.of(Shape.B))));
    refuses("spread: axis 0 of [T,B,3] is not every 2 of T", () -> steps.spread(0, 2, Shape.T));
    refuses("every: cannot take every 2 of axis 1 of [T,B,3]", () -> steps.every(1, 2));
    refuses("pad: cannot put 0+1 zeros on axis 0 of [B,3]", () -> X.pad(0, 0, 1));
    refuses("concat: needs at least one operand", () -> Expr.concat(0, List.of()));
    refuses("concat: operands must differ on axis 1 alone, got [B,3] and [3,2]",
        () -> Expr.concat(1, List.of(X, MATRIX)));
    refuses("concat: axis 0 must have a fixed size, got [B,3]",
        () -> Expr.concat(0, List.of(X, X)));
    refuses("broadcast: shapes [B,3] and [T,3] do not fit together", () -> X.broadcast(Shape.of(T, 3)));
    refuses("broadcast: [B,3] cannot be repeated to [3]", () -> X.broadcast(Shape.of(3)));
    refuses("Shape: [B,3] has no axis 2", () -> X.sum(2));
  }

  @Test
  void leavesAndTables() {
    refuses("parameter W: must have a fixed shape, got [B,3]", () -> Expr.parameter("W", Shape.of(B, 3)));
    refuses("gather: needs a table [V,E] and whole numbers, got [B,3] and input x", () -> X.gather(X));
    refuses("gather: needs a table [V,E] and whole numbers, got [T,B,3] and int input ids",
        () -> SEQUENCE.gather(IDS));
    refuses("scatteradd: needs whole numbers … and rows […,E], got [T,B] and [B,3]",
        () -> Expr.scatterAdd(IDS, X, 5));
    refuses("pick: needs rows […,N] and whole numbers …, got [B,3] and int input ids [T,B]", () -> X.pick(IDS));
    refuses("pick: needs rows […,N] and whole numbers …, got [B,3] and input x [B,3]", () -> X.pick(X));
    refuses("softmax: needs at least one axis, got a scalar", () -> Expr.softmax(Expr.constant(1)));
    refuses("logsumexp: needs at least one axis, got a scalar", () -> Expr.logSumExp(Expr.constant(1)));
  }

  @Test
  void wholeNumbersAreNoFloats() {
    refuses("add: needs floats, got int input ids; use cast()", () -> IDS.plus(IDS));
    refuses("reshape: needs floats, got int input ids; use cast()", () -> IDS.reshape(Shape.of(B, T)));
    refuses("transpose: needs floats, got int input ids; use cast()", () -> IDS.transpose());
    refuses("broadcast: needs floats, got int input lengths; use cast()",
        () -> LENGTHS.broadcast(Shape.of(T, B)));
    refuses("cast: needs whole numbers, got input x", X::cast);
  }

  @Test
  void scans() {
    Expr h0 = Expr.full(0, Shape.of(B, 3));
    refuses("scan: sequences must be floats [T,…], got input x [B,3]",
        () -> Scans.scan(List.of(X), List.of(), null, false, (x, s) -> new Scans.Step(List.of(), x)));
    refuses("scan: sequences must be floats [T,…], got int input ids [T,B]",
        () -> Scans.scan(List.of(IDS), List.of(), null, false, (x, s) -> new Scans.Step(List.of(), x)));
    refuses("scan: lengths must be whole numbers [B], got int input ids [T,B]",
        () -> Scans.scan(List.of(SEQUENCE), List.of(h0), IDS, false, (x, s) -> new Scans.Step(x, x)));
    refuses("scan: state 0 must keep its shape, it is [B,3] before the step and [B,2] after it",
        () -> Scans.scan(
            List.of(SEQUENCE), List.of(h0), null, false,
            (x, s) -> new Scans.Step(List.of(x.getFirst().matmul(MATRIX)), List.of())));
    refuses("scan: a step must give the next of each of its 1 states, got 2",
        () -> Scans.scan(
            List.of(SEQUENCE), List.of(h0), null, false, (x, s) -> new Scans.Step(List.of(h0, h0), List.of())));
    refuses("scan: with lengths, outputs must be [B,…], got [1,3]; broadcast them to the rows",
        () -> Scans.scan(
            List.of(SEQUENCE), List.of(h0), LENGTHS, false,
            (x, s) -> new Scans.Step(s, List.of(x.getFirst().sum(0)))));
    Expr scan = Scans.scan(List.of(SEQUENCE), List.of(h0), null, false, (x, s) -> new Scans.Step(x, s));
    refuses("scan: has 3 parts, there is no part 3", () -> scan.part(3));
    refuses("tanh: needs one result of the scan; use part()", () -> Expr.tanh(scan));
    assertThat(scan.part(0).shape()).isEqualTo(Shape.of(T, B, 3));
    assertThat(scan.part(1).shape()).isEqualTo(Shape.of(B, 3));
    assertThat(scan.part(2).shape()).isEqualTo(Shape.of(T, B, 3));
  }

  /** What is the same at every step is computed once, before the loop. */
  @Test
  void theLargestPartsThatStayTheSameAreCaptured() {
    Expr bias = Expr.parameter("b", Shape.of(3));
    Expr scan =
        Scans.scan(
            List.of(SEQUENCE), List.of(Expr.full(0, Shape.of(B, 3))), null, false,
            (x, s) -> new Scans.Step(
                List.of(x.getFirst().plus(Expr.tanh(bias).plus(1)).times(s.getFirst())), List.of()));
    assertThat(Scans.captured(scan)).hasSize(1);
    assertThat(Scans.captured(scan).getFirst().toString())
        .isEqualTo(
            """
            %0 = parameter b  [3]
            %1 = tanh %0  [3]
            %4 = add %1, 1[3]  [3]
            %5 = broadcast %4  [B,3]
            return %5
            """);
  }
}

package io.carousel.compile;

import static io.carousel.compile.Cells.BIAS;
import static io.carousel.compile.Cells.UNITS;
import static io.carousel.compile.Cells.W;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.compile.Cells.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.ScanDerivativeTest;
import io.carousel.expr.Scans;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Loops that do not compute each row of the batch from that row alone. */
final class AcrossRowsTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;

  private static final Map<String, Cell> ACROSS_ROWS =
      Map.of(
          "sum over rows", (x, s) -> List.of(Expr.tanh(s.get(0).plus(x.matmul(W).sum(0))), s.get(1)),
          "all rows in a number", (x, s) ->
              List.of(Expr.tanh(s.get(0).times(x.matmul(W).sumAll())), s.get(1)),
          "normalized over rows", (x, s) -> {
            Expr z = x.matmul(W).plus(s.get(0));
            return List.of(z.minus(z.max(0)), Expr.softmax(z.transpose(1, 0)).transpose(1, 0));
          },
          "rows mixed by rows", (x, s) -> {
            Expr z = Expr.tanh(x.matmul(W).plus(s.get(0)));
            return List.of(Expr.softmax(z.matmul(z.transpose(1, 0))).matmul(z), s.get(1));
          },
          "a matrix that changes", (x, s) -> {
            Expr z = Expr.tanh(x.matmul(W).plus(s.get(0)));
            return List.of(z.matmul(Expr.tanh(z.contract(s.get(1)))).plus(BIAS), z);
          },
          "rows moved", (x, s) ->
              List.of(
                  Expr.tanh(s.get(0)).reshape(Shape.of(UNITS, B)).transpose(1, 0).plus(x.sum(1)), s.get(1)));

  @TestFactory
  Stream<DynamicTest> acrossRows() {
    List<DynamicTest> tests = new ArrayList<>();
    ACROSS_ROWS.forEach(
        (name, cell) -> {
          for (boolean reverse : new boolean[] {false, true}) {
            tests.add(
                DynamicTest.dynamicTest(
                    name + (reverse ? ", reverse" : ""),
                    () -> {
                      Expr y = Cells.run(cell, null, reverse);
                      assertThat(Compiler.compile(List.of(y)).toString()).contains(" alone\n");
                      check(y);
                    }));
          }
        });
    return tests.stream();
  }

  /** The position in time, the same for all rows, through a function: once a step, not once a row. */
  @Test
  void elementsAndStatesWithoutRows() {
    Expr x = Expr.input("x", Shape.of(T, B, 3));
    Expr steps = Expr.input("steps", Shape.of(T, 4));
    Expr scan =
        Scans.scan(
            List.of(x, steps), List.of(Expr.input("s", Shape.of(4)), Expr.parameter("n", Shape.SCALAR)), null, false,
            (e, s) -> {
              Expr next = Expr.tanh(e.get(1).plus(s.get(0)));
              Expr count = s.get(1).plus(e.get(0).sumAll());
              return new Scans.Step(List.of(next, count), List.of(next.sum(0).times(e.get(0)), count));
            });
    Expr y =
        scan.part(0).sum(0).reshape(Shape.of(B, 3))
            .plus(scan.part(1).sum(0).plus(scan.part(Scans.lastState(scan, 1))));
    assertThat(Compiler.compile(List.of(y)).toString()).contains(" alone\n");
    check(y);
  }

  @Test
  void aLoopWithinALoopIsRefused() {
    Expr x = Expr.input("x", Shape.of(T, B, 3));
    Expr start = Expr.full(0, Shape.of(B, 3));
    Expr scan =
        Scans.scan(List.of(x), List.of(start), null, false,
            (e, s) -> {
              Expr inner =
                  Scans.scan(List.of(x), List.of(s.get(0)), null, false,
                      (f, q) -> new Scans.Step(List.of(Expr.tanh(q.get(0).plus(f.get(0)))), List.of()));
              return new Scans.Step(List.of(inner.part(Scans.lastState(inner, 0)).plus(e.get(0))), List.of());
            });
    Expr last = scan.part(Scans.lastState(scan, 0));
    assertThatThrownBy(() -> Compiler.compile(List.of(last)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "compile: a scan inside a scan cannot run; compute the inner one before,"
                + " and give its result to the outer");
  }

  private static void check(Expr y) {
    List<Expr> roots = Cells.training(y);
    Differential.check(roots, RandomInputs.of(roots, 3, 4, 21));
  }

  /** Cells run row by row, so that threads need not wait for each other. */
  @Test
  void cellsAreNotAlone() {
    Expr lengths = Expr.intInput("lengths", Shape.of(B));
    Cells.CELLS.forEach(
        (name, cell) ->
            assertThat(Compiler.compile(Cells.training(Cells.run(cell, lengths, false))).toString())
                .as(name).contains("loop").doesNotContain(" alone"));
    ScanDerivativeTest.cases().forEach(
        (name, make) ->
            assertThat(Compiler.compile(Cells.training(make.apply(lengths, false))).toString())
                .as(name).contains("loop").doesNotContain(" alone"));
  }
}

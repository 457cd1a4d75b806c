package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.ScanDerivativeTest;
import io.carousel.expr.Scans;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Loops, compiled, with their derivatives, against their definition. */
final class LoopsTest {
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(Shape.B));

  @TestFactory
  Stream<DynamicTest> loops() {
    List<DynamicTest> tests = new ArrayList<>();
    Map<String, ScanDerivativeTest.Case> cases = new TreeMap<>(ScanDerivativeTest.cases());
    Cells.CELLS.forEach((name, cell) -> cases.put(name, (lengths, reverse) -> Cells.run(cell, lengths, reverse)));
    cases.forEach(
        (name, make) -> {
          for (boolean reverse : new boolean[] {false, true}) {
            String title = name + (reverse ? ", reverse" : "");
            tests.add(DynamicTest.dynamicTest(title, () -> check(make.apply(null, reverse), null)));
            tests.add(
                DynamicTest.dynamicTest(
                    title + ", lengths", () -> check(make.apply(LENGTHS, reverse), new int[] {3, 0, 2})));
          }
          tests.add(
              DynamicTest.dynamicTest(
                  name + ", empty rows alone", () -> check(make.apply(LENGTHS, false), new int[] {0, 0})));
        });
    return tests.stream();
  }

  /** What is elementwise over rows and steps at once is still shared by rows. */
  @Test
  void rowsAsLongAsTheLoop() {
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, 2));
    Expr m = Expr.input("m", Shape.of(Shape.B, Shape.T));
    Expr h0 = Expr.input("h0", Shape.of(Shape.B, Shape.T));
    Expr scan =
        Scans.scan(
            List.of(x), List.of(h0), null, false,
            (elements, states) -> {
              Expr h = Expr.tanh(states.getFirst().times(m).plus(m).plus(elements.getFirst().sum(1)));
              Expr next = Expr.tanh(h.times(m).plus(m));
              return new Scans.Step(List.of(next), List.of(next));
            });
    List<Expr> roots = List.of(scan.part(0), scan.part(1));
    Differential.check(roots, RandomInputs.of(roots, 3, 5, 22));
  }

  private static void check(Expr y, int @Nullable [] lengths) {
    List<Expr> roots = Cells.training(y);
    RandomInputs inputs = RandomInputs.of(roots, lengths == null ? 3 : lengths.length, 3, 21);
    if (lengths != null) {
      inputs.ints().put("lengths", lengths);
      Differential.check(List.of(y), inputs);
    }
    Differential.check(roots, inputs);
  }
}

package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.ScanDerivativeTest;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
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
            tests.add(
                DynamicTest.dynamicTest(
                    title + ", empty rows alone", () -> check(make.apply(LENGTHS, reverse), new int[] {0, 0})));
          }
        });
    return tests.stream();
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

package io.carousel.compile;

import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.ScanDerivativeTest;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
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
    ScanDerivativeTest.cases().forEach(
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

  /** The value, and the derivative of a loss by everything. */
  private static void check(Expr y, int @Nullable [] lengths) {
    Expr loss = y.times(Expr.input("probe", y.shape())).sumAll();
    List<Expr> leaves = new ArrayList<>();
    for (Expr node : Graph.topological(List.of(y))) {
      if (node.op() instanceof Op.Input || node.op() instanceof Op.Parameter) {
        leaves.add(node);
      }
    }
    List<Expr> roots = new ArrayList<>(List.of(y, loss));
    roots.addAll(Derivative.gradient(loss, leaves));
    RandomInputs inputs = RandomInputs.of(roots, lengths == null ? 3 : lengths.length, 3, 21);
    if (lengths != null) {
      inputs.ints().put("lengths", lengths);
    }
    Differential.check(roots, inputs);
    Differential.check(List.of(y), inputs);
  }
}

package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs print as text that a person can read, and equal text means equal structure. */
final class PrinterTest {
  private static final Expr X = Expr.input("x", Shape.of(Shape.T, Shape.B, 3));
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(Shape.B));

  private static Equations.Run lstm(boolean masked, boolean reverse) {
    Expr zero = Expr.full(0, Shape.of(Shape.B, 2));
    return Equations.lstm(X, zero, zero, "", masked ? LENGTHS : null, reverse);
  }

  private static List<Expr> training() {
    Expr loss = lstm(true, false).h().square().sumAll();
    List<Expr> roots = new ArrayList<>(List.of(loss));
    List<Expr> parameters =
        Graph.topological(roots).stream().filter(node -> node.op() instanceof Op.Parameter).toList();
    roots.addAll(Derivative.gradient(loss, parameters));
    return Simplify.simplify(roots);
  }

  @Test
  void lstm() {
    GoldenText.check("lstm", Printer.print(List.of(lstm(false, false).output())));
  }

  @Test
  void lstmAndItsGradient() {
    GoldenText.check("lstm_gradient", Printer.print(training()));
  }

  @Test
  void printingDoesNotDependOnTheRun() {
    assertThat(Printer.print(training())).isEqualTo(Printer.print(training()));
  }

  @Test
  void differentProgramsPrintDifferently() {
    assertThat(
            List.of(
                lstm(false, false).output().toString(),
                lstm(true, false).output().toString(),
                lstm(false, true).output().toString(),
                lstm(true, true).output().toString(),
                lstm(false, false).h().toString(),
                lstm(false, false).c().toString(),
                X.sum(0).toString(),
                X.sum(1).toString(),
                X.max(0).toString(),
                X.slice(2, 0, 1).toString(),
                X.slice(2, 1, 2).toString(),
                X.pad(2, 0, 1).toString(),
                X.pad(2, 1, 0).toString(),
                X.transpose(1, 0, 2).toString(),
                X.transpose(0, 2, 1).toString(),
                X.plus(0).toString(),
                X.plus(-0.0).toString(),
                X.plus(1).toString(),
                X.plus(1.5).toString(),
                Expr.random("a", X.shape()).toString(),
                Expr.random("b", X.shape()).toString(),
                Expr.index(X.shape(), 0).toString(),
                Expr.index(X.shape(), 1).toString(),
                Expr.concat(2, List.of(X, X)).toString(),
                Expr.concat(2, List.of(X, Expr.input("x", X.shape()))).toString()))
        .doesNotHaveDuplicates();
  }

  @Test
  void numbersAreShort() {
    Expr x = Expr.input("x", Shape.of(2));
    assertThat(x.times(2).plus(0.5).plus(Double.NEGATIVE_INFINITY).toString())
        .isEqualTo(
            """
            %0 = input x  [2]
            %3 = multiply %0, 2[2]  [2]
            %6 = add %3, 0.5[2]  [2]
            %9 = add %6, -Infinity[2]  [2]
            return %9
            """);
  }
}

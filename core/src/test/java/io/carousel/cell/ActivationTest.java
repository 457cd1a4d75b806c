package io.carousel.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
import io.carousel.expr.Interpreter;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Activations and their slopes are PyTorch's, from −20 to 20. */
class ActivationTest {
  @ParameterizedTest
  @EnumSource
  void valuesAndSlopesAreThoseOfPyTorch(Activation activation) {
    Golden golden = Golden.load("activations");
    double[] x = of(golden, "x");
    Expr in = Expr.input("x", Shape.of(Shape.B, golden.size("N", 0)));
    Expr out = activation.of(in);
    Expr loss = out.times(Expr.input("loss", out.shape())).sumAll();
    List<Expr> roots = List.of(out, Derivative.gradient(loss, List.of(in)).getFirst());
    int rows = x.length / golden.size("N", 0);
    List<double[]> defined =
        Interpreter.of(rows, 1, 0).set("x", x).set("loss", of(golden, "loss")).evalAll(roots);
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(roots, Kernels.chosen()).runner(team);
      runner.set("x", floats(x));
      runner.set("loss", floats(of(golden, "loss")));
      runner.run(rows, 1, 0);
      for (int i = 0; i < 2; i++) {
        double[] wanted =
            Objects.requireNonNull(golden.outputs().get(activation.word() + (i == 0 ? "" : ".slope"))).values();
        float[] compiled = runner.output(i);
        for (int k = 0; k < wanted.length; k++) {
          double near = 1e-6 * Math.max(1e-2, Math.abs(wanted[k]));
          assertThat(defined.get(i)[k]).as("defined, root %d at x = %s", i, x[k]).isCloseTo(wanted[k], within(near));
          assertThat((double) compiled[k]).as("compiled, root %d at x = %s", i, x[k])
              .isCloseTo(wanted[k], within(2e-6 * Math.max(1, Math.abs(wanted[k]))));
        }
      }
    }
  }

  private static double[] of(Golden golden, String name) {
    return Objects.requireNonNull(golden.inputs().get(name)).values();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}

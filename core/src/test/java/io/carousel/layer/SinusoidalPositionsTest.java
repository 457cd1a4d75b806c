package io.carousel.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Expr;
import io.carousel.kernel.Team;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class SinusoidalPositionsTest {
  private static final int FEATURES = 7;

  @Test
  void theErrorGrowsWithThePositionAsDocumented() {
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, FEATURES));
    Signal in = Signal.of(x, Expr.intInput("lengths", Shape.of(Shape.B)));
    Expr y = new SinusoidalPositions().apply(in, new Scope("layer", false)).value();
    int steps = 5_000;
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(List.of(y)).runner(team);
      runner.set("x", new float[steps * FEATURES]);
      runner.run(1, steps, 0);
      float[] found = runner.output(0);
      for (int t = 0; t < steps; t++) {
        for (int f = 0; f < FEATURES; f++) {
          double angle = t * Math.pow(10_000, -(f / 2 * 2.0) / FEATURES);
          double wanted = f % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
          assertThat((double) found[t * FEATURES + f]).as("step %d, feature %d", t, f)
              .isCloseTo(wanted, within(t * 3e-7 + 1e-6));
        }
      }
    }
  }
}

package io.carousel.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Expr;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalNumbersTest {
  private static final int COUNT = 400_000;

  @Test
  void momentsAndTailsAreThoseOfTheNormalDistribution() {
    float[] numbers = numbers(Kernels.chosen());
    double[] powers = new double[4];
    int beyondThree = 0;
    float largest = 0;
    for (float each : numbers) {
      for (int p = 0; p < 4; p++) {
        powers[p] += Math.pow(each, p + 1) / COUNT;
      }
      beyondThree += Math.abs(each) > 3 ? 1 : 0;
      largest = Math.max(largest, Math.abs(each));
    }
    assertThat(powers[0]).isCloseTo(0, within(0.01));
    assertThat(powers[1]).isCloseTo(1, within(0.01));
    assertThat(powers[2]).isCloseTo(0, within(0.03));
    assertThat(powers[3]).isCloseTo(3, within(0.06));
    assertThat(beyondThree / (double) COUNT).isCloseTo(0.0027, within(0.0004));
    assertThat(largest).isBetween(4f, 5.5f);
  }

  @Test
  void theyAreTheSameBitsOnEveryKindOfKernel() {
    assertThat(numbers(Kernels.vector(512))).containsExactly(numbers(Kernels.scalar()));
  }

  private static float[] numbers(Kernels kernels) {
    Expr normal = NormalNumbers.of("noise", Shape.of(Shape.B, 1000));
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(List.of(normal), kernels).runner(team);
      runner.run(COUNT / 1000, 1, 5);
      return runner.output(0).clone();
    }
  }
}

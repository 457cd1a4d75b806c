package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.RandomPrograms;
import io.carousel.kernel.Kernels;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random programs, compiled, against their definition. */
final class DifferentialTest {
  /** More seeds for a search: {@code -Dcarousel.test.seeds=1000}. */
  private static final int SEEDS = Integer.getInteger("carousel.test.seeds", 9);

  /** Random programs may cancel or amplify: a little more than single operations. */
  private static final double TOLERANCE = 5e-6;

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "9, 2"})
  void randomProgramsComputeWhatTheyMean(int batch, int time) {
    for (int seed = 0; seed < SEEDS; seed++) {
      check("program " + seed, RandomPrograms.forward(seed, 25), batch, time, seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "4, 6"})
  void andSoDoTheirDerivatives(int batch, int time) {
    for (int seed = 0; seed < SEEDS; seed++) {
      check("training program " + seed, RandomPrograms.training(seed, 12), batch, time, seed);
    }
  }

  private static void check(String name, List<Expr> roots, int batch, int time, long seed) {
    Differential.check(
        roots, RandomInputs.of(roots, batch, time, seed), TOLERANCE, i -> name + ", output " + i);
  }

  @Test
  void allKernelsOnAnyNumberOfThreadsGiveTheSameBits() {
    for (int seed = 100; seed < 102; seed++) {
      List<Expr> roots = RandomPrograms.training(seed, 30);
      int number = seed;
      Differential.checkAll(
          roots, RandomInputs.of(roots, 5, 4, seed), TOLERANCE,
          i -> "training program " + number + ", output " + i);
    }
  }

  /** The comparisons would mean nothing if only loops with lengths, or only one direction, were met. */
  @Test
  void thePrograms() {
    Map<String, Integer> census = new TreeMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomPrograms.census(RandomPrograms.training(seed, 12))
          .forEach((op, n) -> census.merge(op, n, Integer::sum));
    }
    assertThat(census)
        .containsKeys("scan", "reverse scan", "masked scan", "reverse masked scan", "Contract", "ScatterAdd");
  }

  /** What ran were classes made for the purpose, of the kind that was asked for. */
  @Test
  void kernelsAreMade() {
    // Numbers that no other test uses, so that no kernel of them exists yet.
    Expr x = Expr.input("x", Shape.of(Shape.B, 23));
    Expr y = Expr.tanh(x.matmul(Expr.parameter("w", Shape.of(23, 29))).times(0.987654321));
    for (Kernels kernels : Differential.KERNELS) {
      Set<String> before = ClassMaker.made();
      RandomInputs inputs = RandomInputs.of(List.of(y), 3, 1, 1);
      Differential.run(List.of(y), kernels, 1, inputs);
      List<String> made = ClassMaker.made().stream().filter(key -> !before.contains(key)).toList();
      assertThat(made).allMatch(key -> key.contains(" " + kernels.bits() + " "));
      assertThat(made).anyMatch(key -> key.startsWith("MapKernel "));
      if (kernels.isVector()) {
        assertThat(made).anyMatch(key -> key.startsWith("ProductKernel "));
      }
      // Once made, they are used again.
      Set<String> after = ClassMaker.made();
      Differential.run(List.of(y), kernels, 2, inputs);
      assertThat(ClassMaker.made()).isEqualTo(after);
    }
  }
}

package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generator that other tests rely on, and what holds for any program. */
final class RandomProgramsTest {
  private static final int PROGRAMS = 60;

  @Test
  void everyOperationOccurs() {
    Map<String, Integer> census = new TreeMap<>();
    for (int seed = 0; seed < PROGRAMS; seed++) {
      RandomPrograms.census(RandomPrograms.forward(seed, 30)).forEach((op, n) -> census.merge(op, n, Integer::sum));
    }
    for (Class<?> kind : Op.class.getPermittedSubclasses()) {
      if (kind.isEnum()) {
        for (Object constant : kind.getEnumConstants()) {
          assertThat(census).containsKey(((Enum<?>) constant).name());
        }
      } else {
        assertThat(census).containsKey(kind.getSimpleName());
      }
    }
    assertThat(census).containsKeys("scan", "reverse scan", "masked scan", "reverse masked scan");
  }

  @Test
  void theSameSeedGivesTheSameProgram() {
    assertThat(Printer.print(RandomPrograms.training(5, 20)))
        .isEqualTo(Printer.print(RandomPrograms.training(5, 20)))
        .isNotEqualTo(Printer.print(RandomPrograms.training(6, 20)));
  }

  @Test
  void valuesStaySmall() {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      List<Expr> roots = RandomPrograms.forward(seed, 30);
      for (double[] output : RandomInputs.of(roots, 3, 5, seed).interpreter(seed).evalAll(roots)) {
        for (double value : output) {
          assertThat(value).as("program %d", seed).isBetween(-1e3, 1e3);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "5, 4"})
  void simplificationKeepsValues(int batch, int time) {
    for (int seed = 0; seed < PROGRAMS; seed++) {
      List<Expr> roots = seed % 2 == 0 ? RandomPrograms.forward(seed, 25) : RandomPrograms.training(seed, 12);
      List<Expr> simple = Simplify.simplify(roots);
      assertThat(Graph.topological(simple)).hasSizeLessThanOrEqualTo(Graph.topological(roots).size());
      RandomInputs inputs = RandomInputs.of(roots, batch, time, seed);
      List<double[]> expected = inputs.interpreter(seed).evalAll(roots);
      List<double[]> found = inputs.interpreter(seed).evalAll(simple);
      for (int i = 0; i < roots.size(); i++) {
        assertThat(simple.get(i).shape()).isEqualTo(roots.get(i).shape());
        // Not to the last bit: a sum over two axes at once adds in another order than one after the other.
        assertThat(found.get(i)).as("program %d, output %d", seed, i).containsExactly(expected.get(i), within(1e-10));
      }
    }
  }

  @Test
  void derivativesAreSlopes() {
    for (int seed = 0; seed < 12; seed++) {
      Expr loss = RandomPrograms.training(seed, 10).getFirst();
      FiniteDifferences.check(loss, RandomInputs.of(List.of(loss), 2, 3, seed));
    }
  }
}

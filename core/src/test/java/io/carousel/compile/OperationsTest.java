package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.RandomInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single operations, compiled, against their definition, for rows around the widths of vectors. */
final class OperationsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 48, 50, 64})
  void together(int width) {
    Map<String, Expr> cases = OperationCases.of(width);
    List<String> names = List.copyOf(cases.keySet());
    List<Expr> roots = List.copyOf(cases.values());
    Differential.check(roots, RandomInputs.of(roots, 3, 2, width), Differential.TOLERANCE, names::get);
  }

  /** One row and one step, and more rows than a tile has. */
  @ParameterizedTest
  @ValueSource(ints = {1, 13})
  void fewRowsAndMany(int rows) {
    Map<String, Expr> cases = OperationCases.of(17);
    List<String> names = List.copyOf(cases.keySet());
    List<Expr> roots = List.copyOf(cases.values());
    Differential.check(
        roots, RandomInputs.of(roots, rows, rows == 1 ? 1 : 4, rows), Differential.TOLERANCE, names::get);
  }

  /** More rows than products and contractions do at once. */
  @Test
  void blocksOfRows() {
    Map<String, Expr> cases = OperationCases.of(5);
    cases.keySet().removeIf(name -> !name.matches(".*(matmul|contract|sum|scatter|softmax|shared|max over).*"));
    List<String> names = List.copyOf(cases.keySet());
    List<Expr> roots = List.copyOf(cases.values());
    assertThat(roots).hasSizeGreaterThan(30);
    Differential.check(roots, RandomInputs.of(roots, 11, 50, 3), Differential.TOLERANCE, names::get);
  }

  @TestFactory
  Stream<DynamicTest> alone() {
    return OperationCases.of(10).entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      List<Expr> roots = List.of(entry.getValue());
                      Differential.check(roots, RandomInputs.of(roots, 5, 3, 1));
                    }));
  }

  @Test
  void everyOperationHasACase() {
    Set<String> seen = new TreeSet<>();
    for (Expr node : Graph.topological(new ArrayList<>(OperationCases.of(4).values()))) {
      seen.add(node.op() instanceof Enum<?> op ? op.name() : node.op().getClass().getSimpleName());
    }
    Set<String> all = new TreeSet<>();
    for (Class<?> kind : Op.class.getPermittedSubclasses()) {
      if (kind.isEnum()) {
        Stream.of(kind.getEnumConstants()).forEach(op -> all.add(((Enum<?>) op).name()));
      } else {
        all.add(kind.getSimpleName());
      }
    }
    all.removeAll(Set.of("Scan", "Part", "Placeholder")); // loops have tests of their own
    assertThat(seen).isEqualTo(all);
  }
}

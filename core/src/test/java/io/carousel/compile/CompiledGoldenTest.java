package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
import io.carousel.expr.GoldenModel;
import io.carousel.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compiled models compute what PyTorch does: outputs and the derivative by every input and parameter. */
final class CompiledGoldenTest {
  /** Relative to the largest absolute value of each array. */
  private static final double TOLERANCE = 1e-5;

  private static final List<String> CASES = Golden.CASES;

  @ParameterizedTest
  @FieldSource("CASES")
  void agreesWithPyTorch(String name) {
    Golden golden = Golden.load(name);
    GoldenModel model = GoldenModel.of(golden);
    List<Expr> roots = new ArrayList<>(model.outputs().values());
    roots.addAll(model.gradients().values());
    List<float[]> first = run(golden, model, roots, Kernels.scalar(), 2);
    compare(golden, model, first);
    int[] threads = {1, 2, 3, 7};
    for (int k = 0; k < threads.length; k++) {
      Kernels kernels = Differential.KERNELS.get(k);
      List<float[]> found = run(golden, model, roots, kernels, threads[k]);
      for (int i = 0; i < roots.size(); i++) {
        Differential.assertSameBits(
            "output " + i + ", " + kernels + " on " + threads[k] + " threads", found.get(i), first.get(i));
      }
    }
  }

  private static List<float[]> run(
      Golden golden, GoldenModel model, List<Expr> roots, Kernels kernels, int threads) {
    Program program = Compiler.compile(roots, kernels);
    Runner runner =
        threads == 2
            ? program.runner(Differential.team(threads))
            : program.sharingRunner(Differential.team(threads));
    golden.parameters().forEach((name, numbers) -> runner.set(name, Differential.floats(numbers.values())));
    golden.inputs().forEach(
        (name, numbers) -> {
          runner.set(name, Differential.floats(numbers.values()));
          runner.set(name, Arrays.stream(numbers.values()).mapToInt(v -> (int) v).toArray());
        });
    runner.run(model.batch(), model.time(), 0);
    return Differential.outputs(runner, roots.size());
  }

  private static void compare(Golden golden, GoldenModel model, List<float[]> found) {
    int next = 0;
    for (String output : model.outputs().keySet()) {
      compare("output " + output, golden.outputs(), output, found.get(next++));
    }
    for (String input : model.gradients().keySet()) {
      compare("gradient by " + input, golden.gradients(), input, found.get(next++));
    }
    assertThat(found).hasSize(next);
  }

  private static void compare(String what, Map<String, Golden.Numbers> section, String name, float[] found) {
    double[] expected = Objects.requireNonNull(section.get(name)).values();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    assertThat(found).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i])
          .as("%s, element %d", what, i)
          .isCloseTo(expected[i], within(TOLERANCE * largest));
    }
  }
}

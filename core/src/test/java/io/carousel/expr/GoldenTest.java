package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The definition and the derivative agree with PyTorch. */
final class GoldenTest {
  @SuppressWarnings("UnusedVariable") // named by the test's source
  private static final List<String> CASES = Golden.CASES;

  @ParameterizedTest
  @FieldSource("CASES")
  void agreesWithPyTorch(String name) {
    Golden golden = Golden.load(name);
    GoldenModel model = GoldenModel.of(golden);
    assertThat(model.outputs().keySet()).isEqualTo(golden.outputs().keySet());
    assertThat(model.gradients().keySet()).isEqualTo(golden.gradients().keySet());
    List<Expr> roots = new ArrayList<>(model.outputs().values());
    roots.addAll(model.gradients().values());
    compare(golden, model, roots);
    compare(golden, model, Simplify.simplify(roots));
  }

  private static void compare(Golden golden, GoldenModel model, List<Expr> roots) {
    List<double[]> values = model.interpreter().evalAll(roots);
    int next = 0;
    for (String output : model.outputs().keySet()) {
      compare("output " + output, golden.outputs(), output, roots.get(next), values.get(next++), model);
    }
    for (String input : model.gradients().keySet()) {
      compare("gradient by " + input, golden.gradients(), input, roots.get(next), values.get(next++), model);
    }
  }

  private static void compare(
      String what, Map<String, Golden.Numbers> section, String name, Expr expr, double[] found, GoldenModel model) {
    Golden.Numbers expected = java.util.Objects.requireNonNull(section.get(name));
    assertThat(expr.shape().bind(model.batch(), model.time())).as(what).isEqualTo(expected.shape());
    assertThat(found).as(what).hasSameSizeAs(expected.values());
    for (int i = 0; i < found.length; i++) {
      double wanted = expected.values()[i];
      // 9 digits of each number, and the rounding of sums that cancel.
      assertThat(found[i])
          .as("%s, element %d", what, i)
          .isCloseTo(wanted, within(Golden.PRECISION * Math.abs(wanted) + 1e-14));
    }
  }
}

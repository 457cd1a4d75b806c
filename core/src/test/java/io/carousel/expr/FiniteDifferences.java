package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds {@link Derivative} to account by differences of fourth order in double:
 *
 * <pre>  f'(x) ≈ (−f(x+2h) + 8 f(x+h) − 8 f(x−h) + f(x−2h)) / 12h</pre>
 *
 * With h = 2⁻¹¹ the truncation is near h⁴ f⁽⁵⁾/30 ≈ 2·10⁻¹⁵ f⁽⁵⁾ and rounding near 10⁻¹² |f|.
 */
final class FiniteDifferences {
  private static final double H = 0x1p-11;
  private static final double TOLERANCE = 1e-8;

  private FiniteDifferences() {}

  /** Checks the derivative of {@code Σ probe ⊙ y} by each input and parameter of {@code y}. */
  static void check(Expr y, int batch, int time, long seed) {
    Expr probe = Expr.input("probe", y.shape());
    Expr loss = y.times(probe).sumAll();
    check(loss, RandomInputs.of(List.of(loss), batch, time, seed));
  }

  /** Checks the derivative of a scalar by each of its inputs and parameters. */
  static void check(Expr loss, RandomInputs inputs) {
    List<Expr> leaves = new ArrayList<>();
    for (Expr node : Graph.topological(List.of(loss))) {
      if (node.op() instanceof Op.Input || node.op() instanceof Op.Parameter) {
        leaves.add(node);
      }
    }
    List<Expr> gradients = Derivative.gradient(loss, leaves);
    List<double[]> found = inputs.interpreter(7).evalAll(gradients);
    List<double[]> simplified = inputs.interpreter(7).evalAll(Simplify.simplify(gradients));
    for (int leaf = 0; leaf < leaves.size(); leaf++) {
      String name = leaves.get(leaf).op().word();
      assertThat(gradients.get(leaf).shape()).as(name).isEqualTo(leaves.get(leaf).shape());
      double[] x = inputs.values(leaves.get(leaf));
      assertThat(found.get(leaf)).as(name).hasSameSizeAs(x);
      for (int i = 0; i < x.length; i++) {
        if (Math.abs(x[i]) <= 2 * H) {
          continue; // no slope can be measured across the kinks at 0
        }
        double expected = slope(loss, inputs, x, i);
        double scale = Math.max(1, Math.abs(expected));
        assertThat(found.get(leaf)[i])
            .as("by %s, element %d, of\n%s", name, i, loss)
            .isCloseTo(expected, within(TOLERANCE * scale));
        assertThat(simplified.get(leaf)[i])
            .as("simplified, by %s, element %d", name, i)
            .isCloseTo(found.get(leaf)[i], within(1e-12 * scale));
      }
    }
  }

  private static double slope(Expr loss, RandomInputs inputs, double[] x, int i) {
    double middle = x[i];
    double sum = 0;
    double[] weights = {1, -8, 8, -1};
    double[] steps = {-2 * H, -H, H, 2 * H};
    for (int k = 0; k < 4; k++) {
      x[i] = middle + steps[k];
      sum += weights[k] * inputs.interpreter(7).eval(loss)[0];
    }
    x[i] = middle;
    return sum / (12 * H);
  }
}

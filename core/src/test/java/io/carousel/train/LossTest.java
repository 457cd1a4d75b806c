package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.kernel.Team;
import io.carousel.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossTest {
  private static final Expr CLASSES = Expr.intInput("classes", Shape.of(Shape.B));

  private static Expr z(int outputs) {
    return Expr.input("z", Shape.of(Shape.B, outputs));
  }

  private static Expr values(int outputs) {
    return Expr.input("y", Shape.of(Shape.B, outputs));
  }

  /** Loss and derivative by z of the sum over rows, by the definition and compiled. */
  private static double[][] lossAndDerivative(
      Expr rows, Expr z, double[] at, int @Nullable [] classes, double @Nullable [] targets) {
    Expr derivative = Derivative.gradient(rows.sumAll(), List.of(z)).getFirst();
    int batch = at.length / z.shape().size(1);
    Interpreter interpreter = Interpreter.of(batch, 1, 0).set("z", at);
    float[] floats = floats(at);
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(List.of(rows, derivative)).runner(team).set("z", floats);
      if (classes != null) {
        interpreter.set("classes", classes);
        runner.set("classes", classes);
      }
      if (targets != null) {
        interpreter.set("y", targets);
        runner.set("y", floats(targets));
      }
      runner.run(batch, 1, 0);
      double[][] defined = {interpreter.eval(rows), interpreter.eval(derivative)};
      for (int k = 0; k < 2; k++) {
        float[] compiled = runner.output(k);
        for (int i = 0; i < compiled.length; i++) {
          assertThat((double) compiled[i]).isCloseTo(defined[k][i],
              within(1e-6 * (1 + Math.abs(defined[k][i]))));
        }
      }
      return defined;
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @ParameterizedTest
  @CsvSource({
    // z, class, loss, derivative σ(z) − y
    "0, 0, 0.6931471805599453, 0.5",
    "0, 1, 0.6931471805599453, -0.5",
    "2, 0, 2.1269280110429727, 0.8807970779778823",
    "-2, 1, 2.1269280110429727, -0.8807970779778823",
    "40, 1, 0, 0",
    "40, 0, 40, 1",
    "-40, 1, 40, -1",
    "1e4, 0, 1e4, 1",
    "-1e4, 0, 0, 0",
    "-3e38, 1, 3e38, -1",
  })
  void binaryCrossEntropy(double at, int ofClass, double loss, double derivative) {
    Expr z = z(1);
    Expr byClass = Loss.BINARY_CROSS_ENTROPY.rows(Expr.sigmoid(z), CLASSES);
    Expr byValue = Loss.BINARY_CROSS_ENTROPY.rows(Expr.sigmoid(z), values(1));
    double[][] first = lossAndDerivative(byClass, z, new double[] {at}, new int[] {ofClass}, null);
    double[][] second = lossAndDerivative(byValue, z, new double[] {at}, null, new double[] {ofClass});
    for (double[][] found : List.of(first, second)) {
      assertThat(found[0][0]).isCloseTo(loss, within(1e-12 * (1 + loss)));
      assertThat(found[1][0]).isCloseTo(derivative, within(1e-12));
    }
  }

  @Test
  void severalLabelsAreAveraged() {
    Expr z = z(2);
    Expr rows = Loss.BINARY_CROSS_ENTROPY.rows(Expr.sigmoid(z), values(2));
    double[][] found = lossAndDerivative(rows, z, new double[] {0, 2}, null, new double[] {1, 0});
    assertThat(found[0][0]).isCloseTo((Math.log(2) + 2.1269280110429727) / 2, within(1e-12));
    assertThat(found[1]).containsExactly(new double[] {-0.25, 0.8807970779778823 / 2}, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    // three logits, class, loss
    "0, 0, 0, 2, 1.0986122886681098",
    "1, 2, 3, 0, 2.4076059644443806",
    "1000, 0, -1000, 0, 0",
    "1000, 0, -1000, 2, 2000",
    "-1e30, 0, 0, 0, 1e30",
  })
  void categoricalCrossEntropy(double a, double b, double c, int ofClass, double loss) {
    Expr z = z(3);
    double[] at = {a, b, c};
    double[] oneHot = new double[3];
    oneHot[ofClass] = 1;
    double[][] byClass =
        lossAndDerivative(
            Loss.CATEGORICAL_CROSS_ENTROPY.rows(Expr.softmax(z), CLASSES), z, at, new int[] {ofClass}, null);
    double[][] byValue =
        lossAndDerivative(
            Loss.CATEGORICAL_CROSS_ENTROPY.rows(Expr.softmax(z), values(3)), z, at, null, oneHot);
    double largest = Math.max(a, Math.max(b, c));
    double sum = Math.exp(a - largest) + Math.exp(b - largest) + Math.exp(c - largest);
    for (double[][] found : List.of(byClass, byValue)) {
      assertThat(found[0][0]).isCloseTo(loss, within(1e-12 * (1 + loss)));
      for (int k = 0; k < 3; k++) {
        assertThat(found[1][k]).isCloseTo(Math.exp(at[k] - largest) / sum - oneHot[k], within(1e-12));
      }
    }
  }

  @Test
  void meanSquaredError() {
    Expr z = z(2);
    double[][] found =
        lossAndDerivative(
            Loss.MEAN_SQUARED_ERROR.rows(z, values(2)), z, new double[] {1, 2, 3, 4}, null,
                new double[] {0, 0, 3, 6});
    assertThat(found[0]).containsExactly(2.5, 2);
    assertThat(found[1]).containsExactly(1, 2, 0, -2);
  }

  @Test
  void anOutputThatDoesNotSuitIsRefused() {
    refused("the model must end with a sigmoid, it ends with input z; use new Dense(1, Activation.SIGMOID)",
        () -> Loss.BINARY_CROSS_ENTROPY.logits(z(1)));
    refused("the model must end with a softmax, it ends with sigmoid",
        () -> Loss.CATEGORICAL_CROSS_ENTROPY.logits(Expr.sigmoid(z(2))));
    refused("there must be 1 output, got 2",
        () -> Loss.BINARY_CROSS_ENTROPY.rows(Expr.sigmoid(z(2)), CLASSES));
    refused("targets must be values [B,K], got classes", () -> Loss.MEAN_SQUARED_ERROR.rows(z(1), CLASSES));
    refused("target values must be [B,2] as the output, got [B,3]",
        () -> Loss.MEAN_SQUARED_ERROR.rows(z(2), values(3)));
  }

  private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }

  /** Where a model begins with zeros its answer is ½, and the derivative σ(0) − y. */
  @Test
  void binaryCrossEntropyHasNoKink() {
    Expr z = Expr.input("z", Shape.of(Shape.B, 1));
    Expr loss = Loss.BINARY_CROSS_ENTROPY.rows(Expr.sigmoid(z), Expr.full(1, Shape.of(Shape.B, 1))).sumAll();
    assertThat(Interpreter.of(1, 1, 0).set("z", new double[] {0})
        .eval(io.carousel.expr.Derivative.gradient(loss, List.of(z)).getFirst())).containsExactly(-0.5);
  }
}

package io.carousel.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.layer.Dropout;
import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dropout within the recurrence against the equations, written out, with the masks that were drawn. */
class DropoutCellTest {
  private static final int I = 3;
  private static final int H = 5;
  private static final int B = 4;
  private static final int T = 6;
  private static final double RATE = 0.4;

  @ParameterizedTest
  @EnumSource
  void trainsByItsEquations(DropoutCell.Of of) {
    Model model = Model.sequential(Input.sequence(I), Recurrent.of(new DropoutCell(new LstmCell(H), RATE, of)));
    Shape state = Shape.of(Shape.B, H);
    boolean same = of == DropoutCell.Of.STATE;
    Expr mask = DropoutMask.of(RATE, "recurrent", same ? state : state.insert(0, Shape.T));
    Interpreter interpreter = Interpreter.of(B, T, 7);
    double[] x = numbers(1, T * B * I);
    double[] w = numbers(2, I * 4 * H);
    double[] r = numbers(3, H * 4 * H);
    double[] b = numbers(4, 4 * H);
    interpreter.set(Input.FEATURES, x);
    int[] lengths = new int[B];
    Arrays.fill(lengths, T);
    interpreter.set(Input.LENGTHS, lengths);
    interpreter.set("recurrent.W", w);
    interpreter.set("recurrent.R", r);
    interpreter.set("recurrent.b", b);
    double[] found = interpreter.eval(model.training());
    double[] m = interpreter.eval(mask);
    assertThat(m).containsOnly(0, 1 / (1 - RATE)).contains(0, 1 / (1 - RATE));
    for (int row = 0; row < B; row++) {
      double[] h = new double[H];
      double[] c = new double[H];
      for (int t = 0; t < T; t++) {
        double[] z = b.clone();
        for (int k = 0; k < 4 * H; k++) {
          for (int i = 0; i < I; i++) {
            z[k] += x[(t * B + row) * I + i] * w[i * 4 * H + k];
          }
          for (int j = 0; j < H; j++) {
            z[k] += h[j] * (same ? m[row * H + j] : 1) * r[j * 4 * H + k];
          }
        }
        for (int u = 0; u < H; u++) {
          double g = Math.tanh(z[2 * H + u]) * (same ? 1 : m[(t * B + row) * H + u]);
          c[u] = sigmoid(z[H + u]) * c[u] + sigmoid(z[u]) * g;
          h[u] = sigmoid(z[3 * H + u]) * Math.tanh(c[u]);
        }
      }
      for (int u = 0; u < H; u++) {
        assertThat(found[row * H + u]).as("row %d, unit %d", row, u).isCloseTo(h[u], within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersAsThePlainCell(DropoutCell.Of of) {
    Model model = Model.sequential(Input.sequence(I), Recurrent.of(new DropoutCell(new LstmCell(H), RATE, of)));
    Model plain = Model.sequential(Input.sequence(I), Recurrent.of(new LstmCell(H)));
    assertThat(model.inference()).hasToString(plain.inference().toString());
    assertThat(model.slots()).isEqualTo(plain.slots());
    assertThat(model.training().toString()).contains("random recurrent");
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double[] numbers(long key, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> CounterRandom.normal(key, i));
    return numbers;
  }
}

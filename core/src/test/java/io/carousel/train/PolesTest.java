package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Lambda;
import io.carousel.layer.Layer;
import io.carousel.layer.LayerNorm;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.MultiHeadAttention;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.notation.CellText;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Scope;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cells and functions that are infinite at 0, which is what padding holds: no gradient notices. */
class PolesTest {
  private static final int[] LENGTHS = {5, 3, 0, 1};

  static List<Cell> cells() {
    return List.of(
        text("h' = tanh(W log(x) + U h)"), text("h' = tanh(W (1 / x) + U h)"), text("h' = tanh(W sqrt(x) + U h)"),
        text("h' = tanh(W (x / sum(x)) + U h)"), text("h' = tanh(log(W x * W x) * h + b)"),
        text("a = norm(W log(x))\nh' = tanh(a + U h)"), text("a = V x / sum(x)\nh' = tanh(a + U h)"),
        new Java(true), new Java(false));
  }

  private static Cell text(String lines) {
    return CellText.parse("cell A(H)\nstate h[H]\n" + lines).cell(3);
  }

  /** The logarithm before the loop or in it. */
  private record Java(boolean before) implements Cell {
    @Override
    public int units() {
      return 3;
    }

    @Override
    public List<Expr> initials() {
      return List.of(Expr.full(0, Shape.of(Shape.B, 3)));
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Expr w = scope.parameter("W", Shape.of(2, 3), Initializers.glorotUniform());
      Expr u = scope.parameter("U", Shape.of(3, 3), Initializers.glorotUniform());
      return new Step() {
        @Override
        public List<Expr> sequences(Expr x) {
          return List.of(before ? Expr.log(x).matmul(w) : x);
        }

        @Override
        public Scans.Step step(List<Expr> current, List<Expr> states) {
          Expr in = before ? current.getFirst() : Expr.log(current.getFirst()).matmul(w);
          Expr h = Expr.tanh(in.plus(states.getFirst().matmul(u)));
          return new Scans.Step(List.of(h), List.of(h));
        }
      };
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void paddingIsNoPole(Cell cell) {
    Model plain = Model.sequential(Input.sequence(2), Recurrent.of(cell), new Dense(1, Activation.SIGMOID));
    Gradients shorter = gradients(plain, 5, 0);
    float[] values = shorter.values().clone();
    float[] longer = gradients(plain, 8, 0).values();
    for (float value : values) {
      assertThat(value).isFinite();
    }
    assertThat(longer).containsExactly(values);
  }

  /** Steps within a row that are skipped, and a layer before, which has gradients of the cell's input. */
  @ParameterizedTest
  @MethodSource("cells")
  void skippedStepsAreNoPole(Cell cell) {
    Layer positive = new Dense(2, Activation.SOFTPLUS);
    Model masked =
        Model.sequential(Input.sequence(2), new Masking(0), positive, Recurrent.of(cell), new Dense(1, Activation.SIGMOID));
    for (float value : gradients(masked, 6, 2).values()) {
      assertThat(value).isFinite();
    }
  }

  static List<Layer> layers() {
    return List.of(
        new Lstm(3).returnSequences(), new Dense(3, Activation.TANH), new LayerNorm(), new MultiHeadAttention(1, 2),
        Conv.over(2, 3));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aFunctionHasNoPoleInPadding(Layer after) {
    Model model = Model.sequential(
        Input.sequence(2), new Lambda("log", Expr::log), after, new Pooling(Pooling.Kind.MEAN),
        new Dense(1, Activation.SIGMOID));
    float[] shorter = gradients(model, 5, 0).values().clone();
    for (float value : shorter) {
      assertThat(value).isFinite();
    }
    assertThat(gradients(model, 8, 0).values()).containsExactly(shorter);
  }

  /** Gradients of a batch with zeros in its padding and, from 1 on, in every {@code skip}th step. */
  private static Gradients gradients(Model model, int time, int skip) {
    int rows = LENGTHS.length;
    float[] features = new float[time * rows * 2];
    for (int t = 0; t < time; t++) {
      for (int b = 0; b < rows; b++) {
        for (int f = 0; f < 2 && t < LENGTHS[b] && (skip == 0 || t % skip == 0); f++) {
          features[(t * rows + b) * 2 + f] = 0.5f + CounterRandom.uniform(7, (b * 10 + t) * 2 + f);
        }
      }
    }
    Parameters parameters = model.build(1);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      return step.gradients(new Batch(time, null, features, LENGTHS, new int[] {1, 0, 1, 0}, null), 0);
    }
  }
}

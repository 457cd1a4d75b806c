package io.carousel.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.cell.ConvLstmCell;
import io.carousel.cell.Convolution;
import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions, pooling, convolutional LSTMs and layers at each step compute what Keras does, gradients too. */
class GoldenImagesTest {
  /** Relative to the largest absolute value of each array, for compiled code. */
  private static final double TOLERANCE = 1e-5;

  /** A case's file and the layer; whether the file's first axis is time. */
  record Case(String file, Layer layer, boolean time) {
    @Override
    public String toString() {
      return file;
    }
  }

  static List<Case> cases() {
    Activation tanh = Activation.TANH;
    Convolution halves = new Convolution(List.of(3), List.of(2), 1, Convolution.Padding.SAME);
    Convolution inside = new Convolution(List.of(3), List.of(1), 1, Convolution.Padding.VALID);
    return List.of(
        new Case("conv1d", Conv.over(4, 3).activation(tanh), true),
        new Case("conv1d_causal", Conv.over(4, 3).causal().dilation(2), true),
        new Case("conv1d_valid_stride", Conv.over(4, 3).stride(2).valid(), true),
        new Case("conv1d_same_stride", Conv.over(4, 4).stride(2), true),
        new Case("depthwise_conv1d", Conv.over(2, 3).depthwise(), true),
        new Case("separable_conv1d", Conv.over(4, 3).separable(), true),
        new Case("conv2d_stride", Conv.over(4, 3, 2).stride(2), false),
        new Case("conv2d_valid", Conv.over(4, 2, 3).valid().activation(Activation.RELU), false),
        new Case("depthwise_conv2d", Conv.over(2, 3, 3).depthwise(), false),
        new Case("separable_conv2d", Conv.over(4, 2, 3).separable(), false),
        new Case("max_pooling1d", WindowPooling.max(3).stride(2), true),
        new Case("mean_pooling1d", WindowPooling.mean(2).same(), true),
        new Case("max_pooling2d", WindowPooling.max(2, 3).same(), false),
        new Case("mean_pooling2d", WindowPooling.mean(3, 2).stride(2).same(), false),
        new Case("global_mean_pooling2d", new GlobalPooling(false), false),
        new Case("conv_lstm1d", Recurrent.of(new ConvLstmCell(3, halves)).returnSequences(), true),
        new Case("conv_lstm1d_last", Recurrent.of(new ConvLstmCell(2, inside)), true),
        new Case("conv_lstm2d", Recurrent.of(ConvLstmCell.of(3, 3, 2)).returnSequences(), true),
        new Case("conv_lstm2d_peepholes", Recurrent.of(ConvLstmCell.of(3, 3, 2).withPeepholes()).returnSequences(), true),
        new Case("time_distributed_lstm", new TimeDistributed(new Lstm(3)), true),
        new Case("time_distributed_lstm_sequences", new TimeDistributed(new Lstm(3).returnSequences()), true),
        new Case("time_distributed_conv2d", new TimeDistributed(Conv.over(3, 2, 2).valid()), true));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithKeras(Case from) {
    Golden golden = Golden.load("keras_" + from.file());
    int[] sizes = Objects.requireNonNull(golden.inputs().get("x")).shape().clone();
    int steps = from.time() ? sizes[0] : 1;
    int rows = sizes[from.time() ? 1 : 0];
    sizes[from.time() ? 1 : 0] = Shape.B;
    if (from.time()) {
      sizes[0] = Shape.T;
    }
    Expr x = Expr.input("x", Shape.of(sizes));
    Expr lengths = from.time() ? Expr.intInput("lengths", Shape.of(Shape.B)) : null;
    Expr output = from.layer().apply(Signal.of(x, lengths), new Scope("layer", false)).value();
    // Windows that are not a row's own lie beyond what Keras gives, and have no weight in the loss.
    Golden.Numbers wanted = Objects.requireNonNull(golden.outputs().get("output"));
    int[] found = output.shape().bind(rows, steps);
    assertThat(Arrays.copyOfRange(found, 1, found.length))
        .containsExactly(Arrays.copyOfRange(wanted.shape(), 1, found.length));
    int count = Arrays.stream(found).reduce(1, Math::multiplyExact);
    double[] weights = Arrays.copyOf(
        Objects.requireNonNull(golden.inputs().get("lossOutput")).values(), count);
    Expr loss = output.times(Expr.input("lossOutput", output.shape())).sumAll();
    Map<String, double[]> expected = new LinkedHashMap<>();
    List<Expr> leaves = new ArrayList<>();
    for (Expr node : Expr.topological(List.of(loss))) {
      String name = node.op() instanceof Op.Parameter p ? p.name().substring("layer.".length())
          : node.op() instanceof Op.Input i ? i.name() : "";
      if (golden.gradients().get(name) instanceof Golden.Numbers numbers) {
        leaves.add(node);
        expected.put(name, numbers.values());
      }
    }
    assertThat(expected.keySet()).containsExactlyInAnyOrderElementsOf(golden.gradients().keySet());
    List<Expr> roots = new ArrayList<>(List.of(output));
    roots.addAll(Derivative.gradient(loss, leaves));
    List<double[]> all = new ArrayList<>(List.of(wanted.values()));
    all.addAll(expected.values());
    check(golden, weights, rows, steps, roots, all);
  }

  private static void check(
      Golden golden, double[] weights, int rows, int steps, List<Expr> roots, List<double[]> expected) {
    int[] lengths = new int[rows];
    Arrays.fill(lengths, steps);
    Interpreter interpreter = Interpreter.of(rows, steps, 0).set("lengths", lengths).set("lossOutput", weights)
        .set("x", Objects.requireNonNull(golden.inputs().get("x")).values());
    golden.parameters().forEach((name, numbers) -> interpreter.set("layer." + name, numbers.values()));
    List<double[]> defined = interpreter.evalAll(roots);
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(roots, Kernels.chosen()).runner(team).set("lengths", lengths)
          .set("lossOutput", floats(weights))
          .set("x", floats(Objects.requireNonNull(golden.inputs().get("x")).values()));
      golden.parameters().forEach((name, numbers) -> runner.set("layer." + name, floats(numbers.values())));
      runner.run(rows, steps, 0);
      for (int k = 0; k < roots.size(); k++) {
        double[] wanted = expected.get(k);
        float[] fast = runner.output(k);
        double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
        for (int i = 0; i < wanted.length; i++) {
          assertThat(defined.get(k)[i]).as("result %d, element %d, defined", k, i)
              .isCloseTo(wanted[i], within(Golden.PRECISION * Math.abs(wanted[i]) + 1e-12));
          assertThat((double) fast[i]).as("result %d, element %d, compiled", k, i)
              .isCloseTo(wanted[i], within(TOLERANCE * largest));
        }
      }
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}

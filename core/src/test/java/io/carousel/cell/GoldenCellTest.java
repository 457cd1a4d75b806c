package io.carousel.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.model.Input;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The library's cells compute what PyTorch, ONNX Runtime and Keras do, or their papers' equations: outputs, and
 * gradients by all that goes in.
 */
class GoldenCellTest {
  /** Relative to the largest absolute value of each array, for compiled code. */
  private static final double TOLERANCE = 1e-5;

  private static final int UNITS = 4;

  private static final LstmOptions ONNX =
      new LstmOptions(Activation.HARD_SIGMOID_ONNX, Activation.SOFTSIGN, Activation.RELU, 0.5, 1, true);
  private static final LstmOptions KERAS =
      LstmOptions.STANDARD.activation(Activation.SOFTSIGN).recurrentActivation(Activation.HARD_SIGMOID);

  /** A case's file and the cell. */
  record Case(String file, Cell cell) {}

  static List<Case> cases() {
    return List.of(
        new Case("cell_rnn_tanh", new RnnCell(UNITS)),
        new Case("cell_rnn_relu", new RnnCell(UNITS, Activation.RELU)),
        new Case("cell_gru", new GruCell(UNITS)),
        new Case("cell_gru_before", new GruCell(UNITS, false)),
        new Case("lstm", new LstmCell(UNITS)),
        new Case("lstm_lengths", new LstmCell(UNITS)),
        new Case("cell_peephole_lstm", new PeepholeLstmCell(UNITS)),
        new Case("cell_coupled_lstm", new CoupledLstmCell(UNITS)),
        new Case("cell_layer_norm_lstm", new LayerNormLstmCell(UNITS)),
        new Case("cell_lstm_onnx", new LstmCell(UNITS, LstmOptions.STANDARD.clip(0.25))),
        new Case("cell_peephole_lstm_onnx", new PeepholeLstmCell(UNITS, ONNX)),
        new Case("cell_coupled_lstm_onnx", new CoupledLstmCell(UNITS, LstmOptions.STANDARD.clip(0.75))),
        new Case("cell_gru_onnx", onnx(new GruCell(UNITS))),
        new Case("cell_gru_before_onnx", onnx(new GruCell(UNITS, false))),
        new Case("cell_rnn_onnx", new RnnCell(UNITS, Activation.ELU).clip(0.5)),
        new Case("cell_lstm_keras", new LstmCell(UNITS, KERAS)),
        new Case("cell_gru_keras", keras(new GruCell(UNITS))),
        new Case("cell_gru_before_keras", keras(new GruCell(UNITS, false))),
        new Case("cell_lstm_no_bias", new LstmCell(UNITS, LstmOptions.STANDARD.withoutBias())),
        new Case("cell_gru_no_bias", new GruCell(UNITS).withoutBias()),
        new Case("cell_rnn_no_bias", new RnnCell(UNITS, Activation.SOFTPLUS).withoutBias()),
        new Case("cell_original_lstm", new OriginalLstmCell(UNITS)),
        new Case("cell_projected_lstm", new ProjectedLstmCell(UNITS, 6)),
        new Case("cell_layer_norm_gru", new LayerNormGruCell(UNITS)),
        new Case("cell_mgu", new MguCell(UNITS)),
        new Case("cell_min_gru", new MinGruCell(UNITS)),
        new Case("cell_min_lstm", new MinLstmCell(UNITS)),
        new Case("cell_ind_rnn", new IndRnnCell(UNITS)),
        new Case("cell_sru", new SruCell(UNITS)),
        new Case("cell_sru_square", new SruCell(UNITS)),
        new Case("cell_qrnn_1_f", new QrnnCell(UNITS, 1, QrnnCell.Pooling.F)),
        new Case("cell_qrnn_2_fo", new QrnnCell(UNITS)),
        new Case("cell_qrnn_3_ifo", new QrnnCell(UNITS, 3, QrnnCell.Pooling.IFO)),
        new Case("cell_slstm_1", new SLstmCell(UNITS)),
        new Case("cell_slstm_2", new SLstmCell(UNITS, 2)),
        new Case("cell_mlstm_1", new MLstmCell(UNITS, 1)),
        new Case("cell_mlstm_2", new MLstmCell(UNITS, 2)),
        new Case("cell_gru_d", new GruDCell(UNITS)));
  }

  private static GruCell onnx(GruCell cell) {
    return cell.recurrentActivation(Activation.HARD_SIGMOID_ONNX).activation(Activation.SOFTSIGN).clip(0.5);
  }

  private static GruCell keras(GruCell cell) {
    return cell.recurrentActivation(Activation.HARD_SIGMOID).activation(Activation.SOFTSIGN);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithTheReference(Case from) {
    Golden golden = Golden.load(from.file());
    Map<String, Expr> results = results(golden, from.cell());
    Map<String, Golden.Numbers> expected = new LinkedHashMap<>(golden.outputs());
    golden.gradients().forEach((name, numbers) -> expected.put("gradient by " + name, numbers));
    assertThat(results.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    List<Expr> roots = List.copyOf(results.values());
    List<double[]> defined = defined(golden, roots);
    List<float[]> compiled = compiled(golden, roots);
    int next = 0;
    for (String name : results.keySet()) {
      double[] wanted = Objects.requireNonNull(expected.get(name)).values();
      double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
      double[] exact = defined.get(next);
      float[] fast = compiled.get(next++);
      assertThat(exact).as(name).hasSameSizeAs(wanted);
      assertThat(fast).as(name).hasSameSizeAs(wanted);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(exact[i]).as("%s, element %d, defined", name, i)
            .isCloseTo(wanted[i], within(Golden.PRECISION * Math.abs(wanted[i]) + 1e-13));
        assertThat((double) fast[i]).as("%s, element %d, compiled", name, i)
            .isCloseTo(wanted[i], within(TOLERANCE * largest));
      }
    }
  }

  /** Outputs, last states, the loss, and its derivative by whatever the file has gradients of. */
  private static Map<String, Expr> results(Golden golden, Cell cell) {
    int inputs = golden.size("I", 0);
    Cell.Step step = cell.declare(Shape.of(Shape.B, inputs), new Scope("cell", false));
    List<String> states = golden.states();
    List<Expr> initials = new ArrayList<>(cell.initials(Shape.of(Shape.B, inputs)));
    for (int i = 0; i < Math.min(initials.size(), states.size()); i++) {
      initials.set(i, Expr.input(states.get(i) + "0", initials.get(i).shape()));
    }
    Expr scan =
        Scans.scan(
            step.sequences(Expr.input("x", Shape.of(Shape.T, Shape.B, inputs))),
            initials,
            golden.hasLengths() ? Expr.intInput("lengths", Shape.of(Shape.B)) : null,
            golden.reverse(),
            step::step);
    Map<String, Expr> results = new LinkedHashMap<>();
    Expr output = scan.part(0);
    Expr loss = output.times(Expr.input("lossOutput", output.shape())).sumAll();
    for (int i = 0; i < Math.min(initials.size(), states.size()); i++) {
      String weights = "loss" + states.get(i).toUpperCase(Locale.ROOT);
      if (golden.inputs().containsKey(weights)) {
        Expr last = scan.part(Scans.lastState(scan, i));
        results.put(states.get(i), last);
        loss = loss.plus(last.times(Expr.input(weights, last.shape())).sumAll());
      }
    }
    results.put("output", output);
    results.put("loss", loss);
    List<Expr> leaves = Expr.topological(List.of(loss)).stream()
        .filter(node -> golden.gradients().containsKey(name(node))).toList();
    List<Expr> gradients = Derivative.gradient(loss, leaves);
    for (int i = 0; i < leaves.size(); i++) {
      results.put("gradient by " + name(leaves.get(i)), gradients.get(i));
    }
    return results;
  }

  /** The name of a leaf in the file. */
  private static String name(Expr node) {
    return switch (node.op()) {
      case Op.Parameter p -> p.name().substring("cell.".length());
      case Op.Input i -> i.name();
      default -> "";
    };
  }

  private static List<double[]> defined(Golden golden, List<Expr> roots) {
    Interpreter interpreter = Interpreter.of(golden.size("B", 0), golden.size("T", 0), 0);
    golden.parameters().forEach((name, numbers) -> interpreter.set("cell." + name, numbers.values()));
    golden.inputs().forEach((name, numbers) -> {
      interpreter.set(name, numbers.values());
      interpreter.set(name, ints(numbers));
    });
    return interpreter.evalAll(roots);
  }

  private static List<float[]> compiled(Golden golden, List<Expr> roots) {
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(roots, Kernels.chosen()).runner(team);
      golden.parameters().forEach((name, numbers) -> runner.set("cell." + name, floats(numbers)));
      golden.inputs().forEach((name, numbers) -> {
        runner.set(name, floats(numbers));
        runner.set(name, ints(numbers));
      });
      runner.run(golden.size("B", 0), golden.size("T", 0), 0);
      List<float[]> outputs = new ArrayList<>();
      for (int i = 0; i < roots.size(); i++) {
        outputs.add(runner.output(i).clone());
      }
      return outputs;
    }
  }

  private static float[] floats(Golden.Numbers numbers) {
    float[] floats = new float[numbers.values().length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers.values()[i];
    }
    return floats;
  }

  private static int[] ints(Golden.Numbers numbers) {
    return Arrays.stream(numbers.values()).mapToInt(value -> (int) value).toArray();
  }
}

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
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library's cells compute what PyTorch does: outputs, and gradients by all that goes in. */
class GoldenCellTest {
  /** Relative to the largest absolute value of each array, for compiled code. */
  private static final double TOLERANCE = 1e-5;

  private static final int UNITS = 4;

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
        new Case("cell_layer_norm_lstm", new LayerNormLstmCell(UNITS)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Case from) {
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
    Shape state = Shape.of(Shape.B, UNITS);
    Cell.Step step = cell.declare(Shape.of(Shape.B, inputs), new Scope("cell", false));
    List<String> states = List.of("h", "c").subList(0, cell.initials().size());
    Expr scan =
        Scans.scan(
            step.sequences(Expr.input("x", Shape.of(Shape.T, Shape.B, inputs))),
            states.stream().map(name -> Expr.input(name + "0", state)).toList(),
            golden.hasLengths() ? Expr.intInput("lengths", Shape.of(Shape.B)) : null,
            false,
            step::step);
    Map<String, Expr> results = new LinkedHashMap<>();
    Expr output = scan.part(0);
    Expr loss = output.times(Expr.input("lossOutput", output.shape())).sumAll();
    for (int i = 0; i < states.size(); i++) {
      Expr last = scan.part(Scans.lastState(scan, i));
      results.put(states.get(i), last);
      loss = loss.plus(last.times(Expr.input("loss" + (i == 0 ? "H" : "C"), state)).sumAll());
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

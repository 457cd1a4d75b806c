package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.ProjectedLstmCell;
import io.carousel.cell.RnnCell;
import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Gru;
import io.carousel.layer.Recurrent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two bidirectional layers give, on packed rows, what PyTorch's modules of two layers do, gradients too. */
class GoldenStackTest {
  /** Relative to the largest absolute value of each array. */
  private static final double TOLERANCE = 1e-5;

  private static final int UNITS = 4;

  record Case(String file, Recurrent layer) {}

  static List<Case> cases() {
    return List.of(
        new Case("stacked_birnn_lengths", Recurrent.of(new RnnCell(UNITS))),
        new Case("stacked_bigru_lengths", new Gru(UNITS)),
        new Case("stacked_biprojected_lengths", Recurrent.of(new ProjectedLstmCell(UNITS, 6))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Case from) {
    Golden golden = Golden.load(from.file());
    Bidirectional layer = new Bidirectional(from.layer()).returnSequences();
    Model model = Model.sequential(Input.sequence(golden.size("I", 0)), layer, layer);
    Expr output = model.training();
    Expr loss = output.times(Expr.input("lossOutput", output.shape())).sumAll();
    List<Expr> leaves = Expr.topological(List.of(loss)).stream()
        .filter(node -> golden.gradients().containsKey(name(node))).toList();
    assertThat(leaves).hasSameSizeAs(golden.gradients().keySet());
    List<Expr> roots = new ArrayList<>(List.of(output, loss));
    roots.addAll(Derivative.gradient(loss, leaves));
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(roots, Kernels.chosen()).runner(team);
      leaves.stream().filter(leaf -> leaf.op() instanceof Op.Parameter).forEach(
          leaf -> runner.set(
              ((Op.Parameter) leaf.op()).name(), floats(golden.parameters(), name(leaf))));
      runner.set(Input.FEATURES, floats(golden.inputs(), "x"));
      runner.set("lossOutput", floats(golden.inputs(), "lossOutput"));
      double[] lengths = of(golden.inputs(), "lengths");
      runner.set(Input.LENGTHS, Arrays.stream(lengths).mapToInt(length -> (int) length).toArray());
      runner.run(golden.size("B", 0), golden.size("T", 0), 0);
      compare("output", of(golden.outputs(), "output"), runner.output(0));
      compare("loss", of(golden.outputs(), "loss"), runner.output(1));
      for (int i = 0; i < leaves.size(); i++) {
        compare(name(leaves.get(i)), of(golden.gradients(), name(leaves.get(i))), runner.output(2 + i));
      }
    }
  }

  /** The name of a leaf in the file: of {@code bidirectional_1.forward.W}, {@code layer1.forward.W}. */
  private static String name(Expr node) {
    return switch (node.op()) {
      case Op.Parameter p -> (p.name().startsWith("bidirectional_1.") ? "layer1" : "layer0")
          + p.name().substring(p.name().indexOf('.'));
      case Op.Input i -> i.name().equals(Input.FEATURES) ? "x" : i.name();
      default -> "";
    };
  }

  private static void compare(String what, double[] wanted, float[] found) {
    double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
    assertThat(found).as(what).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) found[i]).as("%s, element %d", what, i)
          .isCloseTo(wanted[i], within(TOLERANCE * largest));
    }
  }

  private static double[] of(Map<String, Golden.Numbers> section, String name) {
    return Objects.requireNonNull(section.get(name), name).values();
  }

  private static float[] floats(Map<String, Golden.Numbers> section, String name) {
    double[] values = of(section, name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}

package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Bidirectional.Merging;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways to run a recurrent layer compute what Keras and PyTorch do: outputs, and gradients by all that goes in. */
class GoldenRecurrentTest {
  private static final double TOLERANCE = 1e-5;

  /**
   * A case's file, the layer, and which of its signals Keras gives.
   *
   * @param states the number of states that it begins in
   */
  record Case(String file, Layer layer, boolean masked, int states, int... parts) {
    @Override
    public String toString() {
      return file;
    }
  }

  static List<Case> cases() {
    Lstm last = new Lstm(3);
    Lstm all = last.returnSequences();
    Bidirectional both = new Bidirectional(last).returnSequences();
    return List.of(
        new Case("masked", all, true, 0, 0),
        new Case("masked_last", last, true, 0, 0),
        new Case("masked_states", all, true, 2, 0, 1, 2),
        new Case("states", last, false, 2, 0, 1, 2),
        new Case("go_backwards", all.goBackwards(), false, 0, 0),
        new Case("go_backwards_masked", all.goBackwards(), true, 0, 0, 1, 2),
        new Case("go_backwards_last", last.goBackwards(), true, 0, 0),
        new Case("bidirectional_concat", both, true, 0, 0),
        new Case("bidirectional_sum", both.merge(Merging.SUM), true, 0, 0),
        new Case("bidirectional_mul", both.merge(Merging.MULTIPLY), true, 0, 0),
        new Case("bidirectional_ave", both.merge(Merging.AVERAGE), true, 0, 0),
        new Case("bidirectional_separate", both.merge(Merging.SEPARATE), true, 0, 0, 1),
        new Case("bidirectional_last_states", new Bidirectional(last), true, 4, 0, 1, 2, 3, 4));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithKeras(Case from) {
    Golden golden = Golden.load("recurrent_" + from.file());
    Node x = Model.input("x", Input.sequence(3));
    List<Node> inputs = new ArrayList<>(List.of(x));
    for (int i = 0; i < from.states(); i++) {
      inputs.add(Model.input("start" + i, Input.vector(3)));
    }
    Node read = from.masked() ? new Masking(0).on(x) : x;
    Node layer = from.layer().named("it").on(read, inputs.subList(1, inputs.size()));
    Model model =
        Model.graph(inputs, Arrays.stream(from.parts()).mapToObj(layer::part).toList());
    List<Expr> outputs = model.expressions(false, false).values();
    Map<String, Expr> results = new LinkedHashMap<>();
    Expr loss = Expr.constant(0);
    for (int i = 0; i < outputs.size(); i++) {
      results.put("output" + i, outputs.get(i));
      loss = loss.plus(outputs.get(i).times(Expr.input("loss" + i, outputs.get(i).shape())).sumAll());
    }
    results.put("loss", loss);
    compare(golden, results, loss, Map.of("x.lengths", new int[] {6, 6, 6, 6}));
  }

  /** PyTorch's packed sequences: two bidirectional layers, each in states of its own. */
  @Test
  void agreesWithPackedSequencesOfPyTorch() {
    Golden golden = Golden.load("stacked_bilstm_lengths");
    int units = golden.size("H", 0);
    Node x = Model.input("x", Input.sequence(golden.size("I", 0)));
    List<Node> inputs = new ArrayList<>(List.of(x));
    List<Node> outputs = new ArrayList<>();
    Node below = x;
    for (int i = 0; i < 2; i++) {
      List<Node> starts = new ArrayList<>();
      for (int run = 2 * i; run < 2 * i + 2; run++) {
        starts.add(Model.input("h0_" + run, Input.vector(units)));
        starts.add(Model.input("c0_" + run, Input.vector(units)));
      }
      inputs.addAll(starts);
      below = new Bidirectional(new Lstm(units)).returnSequences().named("layer" + i).on(below, starts);
      outputs.addAll(below.states());
    }
    outputs.addFirst(below);
    Model model = Model.graph(inputs, outputs);
    List<Expr> values = model.expressions(false, false).values();
    Expr output = values.getFirst();
    Expr loss = output.times(Expr.input("lossOutput", output.shape())).sumAll();
    for (int run = 0; run < 4; run++) {
      loss = loss.plus(values.get(1 + 2 * run).times(Expr.input("lossH_" + run, values.get(1).shape())).sumAll())
          .plus(values.get(2 + 2 * run).times(Expr.input("lossC_" + run, values.get(1).shape())).sumAll());
    }
    Map<String, Expr> results = new LinkedHashMap<>(Map.of("output", output));
    results.put("loss", loss);
    int[] lengths =
        Arrays.stream(Objects.requireNonNull(golden.inputs().get("lengths")).values()).mapToInt(v -> (int) v).toArray();
    compare(golden, results, loss, Map.of("x.lengths", lengths));
  }

  /** Two runs one after the other, with the state carried. */
  @Test
  void agreesWithAStatefulLayerOfKeras() {
    Golden golden = Golden.load("recurrent_stateful");
    Model model = Model.sequential(Input.sequence(3), new Lstm(3).returnSequences().named("it"));
    Expressions carrying = model.expressions(false, true);
    State state = State.of(model, 4);
    int from = 0;
    for (int part = 0; part < 2; part++) {
      Golden.Numbers expected = Objects.requireNonNull(golden.outputs().get("output" + part));
      int steps = expected.shape()[0];
      Interpreter interpreter = Interpreter.of(4, steps, 0);
      golden.parameters().forEach((name, numbers) -> interpreter.set("it." + name, numbers.values()));
      double[] x = Objects.requireNonNull(golden.inputs().get("x")).values();
      interpreter.set(Input.FEATURES, Arrays.copyOfRange(x, from * 12, (from + steps) * 12));
      interpreter.set(Input.LENGTHS, new int[] {steps, steps, steps, steps});
      state.feed(carrying, 4, (name, values) -> interpreter.set(name, doubles(values)));
      List<Expr> roots = new ArrayList<>(carrying.values());
      carrying.carried().forEach(each -> roots.add(each.last()));
      List<double[]> results = interpreter.evalAll(roots);
      state.take(i -> floats(results.get(1 + i)));
      for (int i = 0; i < expected.values().length; i++) {
        assertThat(results.getFirst()[i]).isCloseTo(expected.values()[i], within(1e-7)); // a state is of floats
      }
      from += steps;
    }
  }

  private static void compare(Golden golden, Map<String, Expr> results, Expr loss, Map<String, int[]> lengths) {
    List<Expr> leaves = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Expr node : Expr.topological(List.of(loss))) {
      String name = switch (node.op()) {
        case Op.Parameter p -> p.name();
        case Op.Input i -> i.name();
        default -> "";
      };
      if (of(golden.gradients(), name) != null) {
        leaves.add(node);
        names.add(name);
      }
    }
    long expectedLeaves = golden.gradients().values().stream()
        .mapToInt(n -> n.shape().length == 3 && n.shape()[0] == 4 && golden.size("layers", 1) == 2 ? 4 : 1).sum();
    assertThat(leaves).hasSize((int) expectedLeaves);
    List<Expr> roots = new ArrayList<>(results.values());
    roots.addAll(Derivative.gradient(loss, leaves));
    List<Golden.Numbers> expected = new ArrayList<>();
    results.keySet().forEach(name -> expected.add(Objects.requireNonNull(golden.outputs().get(name))));
    names.forEach(name -> expected.add(Objects.requireNonNull(of(golden.gradients(), name))));

    Interpreter interpreter = Interpreter.of(golden.size("B", 0), golden.size("T", 0), 0);
    List<double[]> defined;
    List<float[]> compiled = new ArrayList<>();
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(roots, Kernels.chosen()).runner(team);
      give(roots, golden, (name, values) -> {
        interpreter.set(name, values);
        runner.set(name, floats(values));
      });
      lengths.forEach((name, values) -> {
        interpreter.set(name, values);
        runner.set(name, values);
      });
      defined = interpreter.evalAll(roots);
      runner.run(golden.size("B", 0), golden.size("T", 0), 0);
      for (int i = 0; i < roots.size(); i++) {
        compiled.add(runner.output(i).clone());
      }
    }
    for (int k = 0; k < roots.size(); k++) {
      String what = k < results.size() ? "output " + k : "gradient by " + names.get(k - results.size());
      double[] wanted = expected.get(k).values();
      double largest = Math.max(1e-3, Arrays.stream(wanted).map(Math::abs).max().orElse(0));
      assertThat(defined.get(k)).as(what).hasSameSizeAs(wanted);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(defined.get(k)[i]).as("%s, element %d, defined", what, i)
            .isCloseTo(wanted[i], within(1e-8 * Math.abs(wanted[i]) + 1e-13));
        assertThat((double) compiled.get(k)[i]).as("%s, element %d, compiled", what, i)
            .isCloseTo(wanted[i], within(TOLERANCE * largest));
      }
    }
  }

  private static void give(List<Expr> roots, Golden golden, BiConsumer<String, double[]> to) {
    for (Expr node : Expr.topological(roots)) {
      String name = switch (node.op()) {
        case Op.Parameter p -> p.name();
        case Op.Input i -> i.name();
        default -> "";
      };
      Golden.Numbers numbers = of(golden.parameters(), name);
      numbers = numbers == null ? of(golden.inputs(), name) : numbers;
      if (numbers != null) {
        to.accept(name, numbers.values());
      }
    }
  }

  /** The numbers of a leaf of the model: {@code it.W} is W in the file, {@code h0_2} the third of h0. */
  private static Golden.@org.jspecify.annotations.Nullable Numbers of(Map<String, Golden.Numbers> section, String leaf) {
    String name = leaf.replaceFirst("^it\\.", "").replaceFirst("\\.features$", "");
    if (name.matches(".*_\\d")) {
      Golden.Numbers all = section.get(name.substring(0, name.length() - 2));
      if (all == null) {
        return null;
      }
      int run = name.charAt(name.length() - 1) - '0';
      int size = all.values().length / all.shape()[0];
      return new Golden.Numbers(
          new int[] {all.shape()[1], all.shape()[2]}, Arrays.copyOfRange(all.values(), run * size, (run + 1) * size));
    }
    return section.get(name);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}

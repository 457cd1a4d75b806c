package io.carousel.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Golden;
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

/** Layers of sequences compute what PyTorch, and of two sequences also Keras, does: outputs, and gradients by the input and all parameters. */
class GoldenLayerTest {
  /** Relative to the largest absolute value of each array, and at least of 1. */
  private static final double TOLERANCE = 1e-5;

  /** A case's file and the layer. */
  record Case(String file, Layer layer) {}

  static List<Case> cases() {
    MultiHeadAttention two = new MultiHeadAttention(2, 3);
    return List.of(
        new Case("layer_norm", new LayerNorm()),
        new Case("layer_rms_norm", new RmsNorm()),
        new Case("layer_gated", new Gated(4)),
        new Case("layer_highway", new Highway()),
        new Case("layer_attention_dot", new Attention(Attention.Score.DOT)),
        new Case("layer_attention_scaled_causal", new Attention(Attention.Score.SCALED, true)),
        new Case("layer_attention_general", new Attention(Attention.Score.GENERAL)),
        new Case("layer_attention_additive", new Attention(Attention.Score.ADDITIVE)),
        new Case("layer_multi_head_attention", new MultiHeadAttention(3, 2)),
        new Case("layer_multi_head_attention_causal", two.causally()),
        new Case("layer_attention_pooling", new AttentionPooling(5)),
        new Case("layer_sinusoidal_positions", new SinusoidalPositions()),
        new Case("layer_learned_positions", new LearnedPositions(7)),
        new Case("layer_cross_multi_head_attention", new MultiHeadAttention(3, 2)),
        new Case("layer_cross_attention_dot", new Attention(Attention.Score.DOT)),
        new Case("layer_cross_attention_additive", new Attention(Attention.Score.ADDITIVE)),
        new Case("layer_transformer", new Transformer(two, 7)),
        new Case("layer_transformer_norm_last", new Transformer(two, 7, Activation.GELU, 0, false)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Case from) {
    Golden golden = Golden.load(from.file());
    Map<String, Expr> results = results(golden, from.layer());
    Map<String, Golden.Numbers> expected = new LinkedHashMap<>(golden.outputs());
    golden.gradients().forEach((name, numbers) -> expected.put("gradient by " + name, numbers));
    assertThat(results.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    List<float[]> compiled = compiled(golden, List.copyOf(results.values()));
    int next = 0;
    for (String name : results.keySet()) {
      double[] wanted = Objects.requireNonNull(expected.get(name)).values();
      double largest = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
      float[] found = compiled.get(next++);
      assertThat(found).as(name).hasSameSizeAs(wanted);
      for (int i = 0; i < wanted.length; i++) {
        assertThat((double) found[i]).as("%s, element %d", name, i)
            .isCloseTo(wanted[i], within(TOLERANCE * Math.max(largest, name.endsWith("bk") ? 1 : 1e-2)));
      }
    }
  }

  private static Map<String, Expr> results(Golden golden, Layer layer) {
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, golden.size("F", 0)));
    List<Signal> in = new ArrayList<>(List.of(Signal.of(x, Expr.intInput("lengths", Shape.of(Shape.B)))));
    if (golden.inputs().containsKey("m")) { // the sequence that is asked
      Expr m = Expr.input("m", Shape.of(Shape.T, Shape.B, golden.size("M", 0)));
      in.add(Signal.of(m, Expr.intInput("memoryLengths", Shape.of(Shape.B))));
    }
    Signal out = layer.apply(in, new Scope("layer", false)).getFirst();
    Expr value = out.isSequence() ? Expr.select(out.mask(), out.value(), Expr.constant(0)) : out.value();
    Expr loss = value.times(Expr.input("lossOutput", value.shape())).sumAll();
    Map<String, Expr> results = new LinkedHashMap<>();
    results.put("output", value);
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
      case Op.Parameter p -> p.name().substring("layer.".length());
      case Op.Input i -> i.name();
      default -> "";
    };
  }

  private static List<float[]> compiled(Golden golden, List<Expr> roots) {
    try (Team team = Team.of(1)) {
      Runner runner = Compiler.compile(roots, Kernels.chosen()).runner(team);
      golden.parameters().forEach((name, numbers) -> runner.set("layer." + name, floats(numbers)));
      golden.inputs().forEach((name, numbers) -> {
        if (name.endsWith("engths")) {
          runner.set(name, Arrays.stream(numbers.values()).mapToInt(value -> (int) value).toArray());
        } else {
          runner.set(name, floats(numbers));
        }
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
}

package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.expr.Printer;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Merge;
import io.carousel.layer.Named;
import io.carousel.layer.Node;
import io.carousel.layer.Pooling;
import io.carousel.serve.Predictor;
import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class GraphTest {
  /** Two texts read by one layer, facts beside them, and two outputs. */
  private static Model twoTexts() {
    Node a = Model.input("a", Input.tokens());
    Node b = Model.input("b", Input.tokens());
    Node facts = Model.input("facts", Input.vector(3));
    Named table = new Embedding(20, 4).shared("words");
    Named reader = new Lstm(5).shared("reader");
    Node both = Merge.concat().on(reader.on(table.on(a)), reader.on(table.on(b)), new Dense(2).on(facts));
    Node hidden = new Dense(6, Activation.TANH).on(both);
    return Model.graph(
        List.of(a, b, facts),
        List.of(
            new Dense(3, Activation.SOFTMAX).named("topic").on(hidden), new Dense(1).named("stars").on(hidden)));
  }

  @Test
  void aGraphHasNamesAndOneSetOfParametersForASharedLayer() {
    Model model = twoTexts();
    assertThat(model.inputNames()).containsExactly("a", "b", "facts");
    assertThat(model.outputNames()).containsExactly("topic", "stars");
    assertThat(model.layerNames())
        .containsExactly("words", "reader", "words_1", "reader_1", "dense", "concat", "dense_1", "topic", "stars");
    assertThat(model.slots().stream().map(slot -> slot.name()).toList())
        .containsExactly(
            "words.W", "reader.W", "reader.R", "reader.b", "dense.W", "dense.b", "dense_1.W", "dense_1.b",
            "topic.W", "topic.b", "stars.W", "stars.b");
    assertThat(model.expressions(false, false).output("topic").shapeText()).isEqualTo("[B,3]");
    assertThat(model.summary()).contains("reader ").contains("total ");
  }

  @Test
  void thePictureHasABoxForEachLayerAndAnArrowForEachConnection() throws Exception {
    String svg = twoTexts().svg();
    assertThat(svg.split("<g>", -1)).hasSize(1 + 3 + 9);
    assertThat(svg.split("marker-end", -1)).hasSize(1 + 11);
    assertThat(svg).contains(">reader_1</text>").contains(">[B,3] · 21 parameters</text>", "shared with reader");
    javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
        .parse(new java.io.ByteArrayInputStream(svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    Node x = Model.input("x", Input.vector(2));
    Node skipped = new Dense(2).named("last").on(new Dense(2).on(new Dense(2).on(x)));
    String over = Model.graph(List.of(x), List.of(Merge.add().on(x, skipped))).svg();
    assertThat(over).contains(" L"); // an arrow beside the boxes that it passes
  }

  @Test
  void aSequentialModelIsTheSameAsItsGraph() {
    Model sequential = Model.sequential(Input.sequence(3), new Lstm(4).returnSequences(), new Lstm(2), new Dense(1));
    Node x = Model.input("input", Input.sequence(3));
    Model graph =
        Model.graph(
            List.of(x),
            List.of(new Dense(1).on(new Lstm(2).on(new Lstm(4).returnSequences().on(x)))));
    assertThat(Printer.print(List.of(graph.training()))).isEqualTo(Printer.print(List.of(sequential.training())));
    assertThat(graph.slots()).isEqualTo(sequential.slots());
  }

  @Test
  void graphsComeBackFromTheirText() {
    Node x = Model.input("x", Input.sequence(3));
    Node y = Model.input("y", Input.sequence(2));
    Node z = Model.input("z", Input.sequence(1).withStepsOf("y"));
    Node encoded = new Lstm(4).on(x);
    Model inner = Model.sequential(Input.sequence(3), new Lstm(4).shared("l"), new Dense(4));
    Model nested = Model.graph(List.of(x, y, z), List.of(
        Merge.add().on(inner.on(x), inner.shared("m").on(x)),
        new Lstm(4).on(Merge.concat().on(y, z), encoded.states()),
        encoded.part(2)));
    for (Model model : List.of(twoTexts(), nested,
        Model.sequential(Input.vector(3), new Dense(3).shared("d"), new Dense(3).shared("d")))) {
      JsonMapper json = JsonMapper.builder().build();
      String text = json.writeValueAsString(Architecture.describe(model));
      @SuppressWarnings("unchecked")
      Model back = Architecture.model((Map<String, Object>) json.readValue(text, Map.class));
      assertThat(back).isEqualTo(model);
      assertThat(back.slots()).isEqualTo(model.slots());
      assertThat(Printer.print(back.expressions(true, false).values()))
          .isEqualTo(Printer.print(model.expressions(true, false).values()));
      assertThat(json.writeValueAsString(Architecture.describe(back))).isEqualTo(text);
    }
  }

  /** Of a layer shared by two places: the sum of what two layers with equal weights get. */
  @Test
  void gradientsOfASharedLayerAddUp() {
    Layer dense = new Dense(3, Activation.TANH);
    Expr tied = Model.sequential(Input.vector(3), dense.shared("d"), dense.shared("d")).training().sumAll();
    Expr apart = Model.sequential(Input.vector(3), dense, dense).training().sumAll();
    Interpreter interpreter = Interpreter.of(2, 1, 0);
    double[] weights = {.1, .2, -.3, .4, .5, .6, -.7, .8, .9};
    double[] x = {1, -.5, .25, .3, .2, .1};
    interpreter.set(Input.FEATURES, x);
    for (String layer : List.of("d", "dense", "dense_1")) {
      interpreter.set(layer + ".W", weights);
      interpreter.set(layer + ".b", new double[] {.1, 0, -.1});
    }
    double[] together = gradient(interpreter, tied, "d.W");
    double[] first = gradient(interpreter, apart, "dense.W");
    double[] second = gradient(interpreter, apart, "dense_1.W");
    for (int i = 0; i < together.length; i++) {
      assertThat(together[i]).isCloseTo(first[i] + second[i], org.assertj.core.api.Assertions.within(1e-12));
    }
  }

  private static double[] gradient(Interpreter interpreter, Expr of, String by) {
    Expr leaf = Expr.topological(List.of(of)).stream()
        .filter(node -> node.op() instanceof Op.Parameter p && p.name().equals(by)).findFirst().orElseThrow();
    return interpreter.eval(Derivative.gradient(of, List.of(leaf)).getFirst());
  }

  @Test
  void sharedDropoutDropsOtherNumbersAtEachPlace() {
    Layer half = new Dropout(0.5).shared("half");
    Model model = Model.sequential(Input.vector(3), half, half);
    long streams = Expr.topological(List.of(model.training())).stream()
        .filter(node -> node.op() instanceof Op.Random).count();
    assertThat(streams).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Merge.How.class)
  void signalsAreMerged(Merge.How how) {
    double[] a = {1, -2, 3, 4};
    double[] b = {5, 6, -7, 8};
    Node x = Model.input("x", Input.vector(2));
    Node y = Model.input("y", Input.vector(2));
    Expr merged = Model.graph(List.of(x, y), List.of(new Merge(how).on(x, y))).inference();
    Interpreter interpreter = Interpreter.of(2, 1, 0);
    interpreter.set("x.features", a).set("y.features", b);
    assertThat(interpreter.eval(merged)).usingComparatorWithPrecision(1e-12).containsExactly(
        switch (how) {
          case CONCAT -> new double[] {1, -2, 5, 6, 3, 4, -7, 8};
          case ADD -> new double[] {6, 4, -4, 12};
          case SUBTRACT -> new double[] {-4, -8, 10, -4};
          case MULTIPLY -> new double[] {5, -12, -21, 32};
          case AVERAGE -> new double[] {3, 2, -2, 6};
          case MAXIMUM -> new double[] {5, 6, 3, 8};
          case MINIMUM -> new double[] {1, -2, -7, 4};
          case DOT -> new double[] {-7, 11};
          case COSINE -> new double[] {-7 / Math.sqrt(5 * 61), 11 / Math.sqrt(25 * 113)};
        });
  }

  @Test
  void anArrayStandsAtEachStepOfASequence() {
    Node x = Model.input("x", Input.sequence(2));
    Node v = Model.input("v", Input.vector(1));
    Model model = Model.graph(List.of(x, v), List.of(Merge.concat().on(v, x)));
    assertThat(model.expressions(false, false).output("concat").shapeText()).isEqualTo("[B,T,3]");
    Interpreter interpreter = Interpreter.of(1, 2, 0);
    interpreter.set("x.features", new double[] {1, 2, 3, 4}).set("v.features", new double[] {9});
    assertThat(interpreter.eval(model.inference())).containsExactly(9, 1, 2, 9, 3, 4);
  }

  @Test
  void graphsThatCannotBeAreRefused() {
    Node x = Model.input("x", Input.sequence(3));
    Node y = Model.input("y", Input.sequence(3));
    Node out = new Lstm(4).on(x);
    refused("the input y leads to no output; connect it or leave it out",
        () -> Model.graph(List.of(x, y), List.of(out)));
    refused("x is an input that is not in the list of inputs; add it",
        () -> Model.graph(List.of(y), List.of(Merge.add().on(new Lstm(4).on(y), out))));
    refused("names must be unique, got two layers called z; call one otherwise, or both shared(\"z\")",
        () -> Model.graph(List.of(x), List.of(
            new Dense(2).named("z").on(new Lstm(3).named("z").on(x)))));
    refused("is in the list of inputs but is none", () -> Model.graph(List.of(out), List.of(out)));
    refused("each output must be another signal", () -> Model.graph(List.of(x), List.of(out, out)));
    refused("needs at least one input and one output", () -> Model.graph(List.of(), List.of()));
    refused("Merge(add): signals must have one shape, got [B,4] and [B,5]; add a Dense of the same units",
        () -> Model.graph(List.of(x), List.of(Merge.add().on(out, new Lstm(5).on(x)))));
    refused("Merge(concat): sequences must have the lengths of one input, got int input x.lengths and int input y.lengths",
        () -> Model.graph(List.of(x, y), List.of(Merge.concat().on(x, y))));
    refused("Merge(dot): must follow two signals, got 1",
        () -> Model.graph(List.of(x), List.of(Merge.dot().on(x))));
    refused("Dense(units=2, linear): must follow one signal, got 2; join them by a Merge",
        () -> Model.graph(List.of(x, y), List.of(new Dense(2).on(x, y))));
    refused("Dense(units=2, linear): gives 1 signal, there is no part 1", () -> new Dense(2).on(x).part(1));
    refused("d: is shared, so d.W must be [3,2] at all its places, got [2,2]; give it inputs of one size",
        () -> Model.sequential(Input.vector(3), new Dense(2).shared("d"), new Dense(2).shared("d")));
    refused("dense: the parameter dense.W is declared twice",
        () -> Model.sequential(Input.vector(3), new Dense(3), new Dropout(.1), new Dense(3).shared("dense")));
    refused("a name must be of letters, digits, - and _, got \"a.b\"", () -> new Dense(2).named("a.b"));
    refused("has a name, so it cannot be called c as well", () -> new Dense(2).named("b").named("c"));
    refused("Model: has the inputs input, so it must follow 1 signal, got 2",
        () -> Model.graph(List.of(x, y), List.of(
            Model.sequential(Input.sequence(3), new Pooling(Pooling.Kind.MEAN)).on(x, y))));
    refused("model.input: must be Input([B,T,2]), got [B,T,3]; change what comes before this model",
        () -> Model.graph(List.of(x), List.of(Model.sequential(Input.sequence(2), new Lstm(1)).on(x))));
  }

  /** Two inputs of the same steps, joined step by step, are one input with the features of both. */
  @Test
  void inputsMayHaveTheSameSteps() {
    Node x = Model.input("x", Input.sequence(3));
    Node y = Model.input("y", Input.sequence(2).withStepsOf("x"));
    Model joined = Model.graph(List.of(x, y), List.of(new Lstm(4).returnSequences().on(Merge.concat().on(x, y))));
    Model whole = Model.sequential(Input.sequence(5), new Lstm(4).returnSequences());
    Batch left = batch(3, 1, 4, 2);
    Batch right = batch(2, 2, 4, 2);
    float[] both = new float[4 * 2 * 5];
    for (int place = 0; place < 4 * 2; place++) {
      System.arraycopy(Objects.requireNonNull(left.features()), place * 3, both, place * 5, 3);
      System.arraycopy(Objects.requireNonNull(right.features()), place * 2, both, place * 5 + 3, 2);
    }
    try (Predictor one = Predictor.of(joined, joined.build(1), 1);
        Predictor other = Predictor.of(whole, whole.build(1), 1)) {
      assertThat(one.predict(Batch.of(Map.of("x", left, "y", right), Map.of())))
          .isDeepEqualTo(other.predict(new Batch(4, null, both, left.lengths(), null, null)));
      refused("Model: input y must have the steps of x, got rows of length 3 and 2",
          () -> one.predict(Batch.of(Map.of("x", left, "y", batch(2, 2, 4, 3)), Map.of())));
    }
    Node lost = Model.input("lost", Input.sequence(2).withStepsOf("z"));
    refused("Model: input lost has the steps of z, which must be a sequence input with steps of its own",
        () -> Model.graph(List.of(x, lost), List.of(new Lstm(4).on(Merge.concat().on(x, lost)))));
    refused("Input: a vector has no steps, so it cannot have those of x; use Input.sequence",
        () -> Input.vector(2).withStepsOf("x"));
    Node a = Model.input("a", Input.sequence(3));
    Node b = Model.input("b", Input.sequence(2));
    refused("Model: input y must have the steps of x, got sequences of different inputs",
        () -> Model.graph(List.of(a, b), List.of(new Lstm(2).on(joined.on(a, b)))));
  }

  /** Rows of length {@code steps} and {@code second}. */
  private static Batch batch(int features, long key, int steps, int second) {
    float[] values = new float[steps * 2 * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) CounterRandom.normal(key, i);
    }
    return new Batch(steps, null, values, new int[] {steps, second}, null, null);
  }

  @Test
  void graphsInFilesThatCannotBeAreRefused() {
    Map<String, Object> input = node("x", Map.of("layer", "input", "of", Map.of("kind", "vector", "features", 2)));
    refusedFile("got the cycle b → a → b", List.of("x"), List.of("b"), input,
        node("a", dense(), "b"), node("b", dense(), "a"));
    refusedFile("got the cycle a → a", List.of("x"), List.of("a"), input, node("a", dense(), "a"));
    refusedFile("a names b, which is no node; there are x, a", List.of("x"), List.of("a"), input,
        node("a", dense(), "b"));
    refusedFile("names must be unique, got two nodes called a", List.of("x"), List.of("a"), input,
        node("a", dense(), "x"), node("a", dense(), "x"));
    refusedFile("b leads to no output; connect it or leave it out", List.of("x"), List.of("a"), input,
        node("a", dense(), "x"), node("b", dense(), "x"));
    refusedFile("y leads to no output", List.of("x", "y"), List.of("a"), input, node("a", dense(), "x"),
        node("y", Map.of("layer", "input", "of", Map.of("kind", "vector", "features", 2))));
    refusedFile("outputs names a.1, but a gives 1 signal", List.of("x"), List.of("a.1"), input,
        node("a", dense(), "x"));
    refusedFile("outputs names c, which is no node", List.of("x"), List.of("c"), input, node("a", dense(), "x"));
    refusedFile("a is in the list of inputs but is none", List.of("x", "a"), List.of("a"), input,
        node("a", dense(), "x"));
    refusedFile("the how \"xor\" is unknown", List.of("x"), List.of("a"), input,
        node("a", Map.of("layer", "merge", "how", "xor"), "x"));
    refusedFile("\"after\" in nodes must be a text, got 3", List.of("x"), List.of("a"), input,
        Map.of("name", "a", "of", dense(), "after", List.of(3)));
  }

  private static Map<String, Object> dense() {
    return Map.of("layer", "dense", "units", 2, "activation", "linear");
  }

  private static Map<String, Object> node(String name, Map<String, Object> of, String... after) {
    return Map.of("name", name, "of", of, "after", Arrays.asList(after));
  }

  @SafeVarargs
  private static void refusedFile(
      String message, List<String> inputs, List<String> outputs, Map<String, Object>... nodes) {
    refused(message,
        () -> Architecture.model(
            Map.of("model", "graph", "inputs", inputs, "outputs", outputs, "nodes", Arrays.asList(nodes))));
  }

  private static void refused(String message, ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }
}

package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.layer.Attention;
import io.carousel.layer.AttentionPooling;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Joining;
import io.carousel.layer.Lambda;
import io.carousel.layer.Layer;
import io.carousel.layer.LayerNorm;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.Merge;
import io.carousel.layer.MultiHeadAttention;
import io.carousel.layer.Node;
import io.carousel.layer.Pooling;
import io.carousel.layer.Reshape;
import io.carousel.layer.Residual;
import io.carousel.layer.Signal;
import io.carousel.layer.SinusoidalPositions;
import io.carousel.layer.Stack;
import io.carousel.layer.TimeDistributed;
import io.carousel.layer.Transformer;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Scope;
import io.carousel.serve.Predictor;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import io.carousel.train.LayerContractTest.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a skipped step holds matters to no layer, and neither does padding: all rows of the layer contract, and more,
 * after a sequence of which any steps are skipped.
 */
class SkippedStepsTest {
  /** 1 at the steps that are read; rows of several lengths, one with nothing to read, one without steps. */
  private static final int[][] READ = {
    {1, 0, 1, 1, 0, 1, 0}, {0, 0, 1}, {}, {1, 1, 1, 1, 1}, {0, 0, 0, 0}, {1, 1, 0, 0, 0, 0, 1}
  };
  private static final int B = READ.length;
  private static final int T = 7;

  /** The layers whose windows go over steps. */
  private static final Set<String> REFUSED = Set.of(
      "attention over every other step", "attention to every other step",
      "attention with dropout over every other step", "conv1d", "conv1d, causal, dilated", "conv1d, stride",
      "conv1d, valid, stride", "depthwise conv1d", "separable conv1d", "max pooling of steps",
      "max pooling of steps, all", "mean pooling of steps");

  /** Layers to which it matters at which step something stands, so that a skipped step is not an absent one. */
  private static final Set<String> COUNTS_STEPS =
      Set.of("sinusoidal positions", "learned positions", "positions and attention");

  /** The first signal with what the second, [B,T,1], leaves of its steps; what stands at the others stays there. */
  private record Holes() implements Joining {
    @Override
    public List<Signal> apply(List<Signal> in, Scope scope) {
      Signal x = in.getFirst();
      return List.of(new Signal(x.value(), null, x.lengths(), false, in.getLast().value()));
    }

    @Override
    public String kind() {
      return "holes";
    }
  }

  static List<Row> rows() {
    Input sequence = Input.sequence(5);
    List<Row> rows = new ArrayList<>(
        LayerContractTest.rows().stream().filter(row -> row.input().kind() != Input.Kind.VECTOR).toList());
    rows.add(new Row("residual attention", sequence,
        new Residual(new Attention(Attention.Score.DOT), new LayerNorm()), "[B,T,5]", 0));
    rows.add(new Row("positions and attention", sequence, Model.sequential(
        sequence, new SinusoidalPositions(), new Transformer(new MultiHeadAttention(2, 3), 6),
        new AttentionPooling(3)), "[B,5]", 0));
    rows.add(new Row("flatten of steps", sequence,
        Model.sequential(sequence, Reshape.to(5, 1), Reshape.flatten()), "[B,T,5]", 0));
    rows.add(new Row("function", sequence, new Lambda("square", Expr::square), "[B,T,5]", 0));
    rows.add(new Row("attention at the top", sequence, Model.sequential(
        sequence, Stack.of(2, () -> new Lstm(3).returnSequences()), new Attention(Attention.Score.GENERAL, true),
        new TimeDistributed(new Dense(2))), "[B,T,2]", 0));
    return rows;
  }

  private static Model model(Row row) {
    Node x = Model.input("x", row.input());
    Node read = Model.input("read", Input.sequence(1));
    return Model.graph(List.of(x, read), List.of(ended(row, row.layer().on(new Holes().on(x, read)))));
  }

  /** One sigmoid a row after a layer. */
  private static Node ended(Row row, Node y) {
    boolean steps = row.output().startsWith("[B,T");
    Node end = steps ? new Pooling(Pooling.Kind.LAST, Pooling.Kind.MEAN, Pooling.Kind.MAX).on(y) : y;
    if (row.output().chars().filter(each -> each == ',').count() > (steps ? 2 : 1)) {
      end = Reshape.flatten().on(end);
    }
    return new Dense(1, Activation.SIGMOID).named("end").on(end);
  }

  static List<Row> taken() {
    return rows().stream().filter(row -> !REFUSED.contains(row.name())).toList();
  }

  @Test
  void whatGoesOverStepsInWindowsIsRefused() {
    Set<String> refused = new TreeSet<>();
    for (Row row : rows()) {
      try {
        model(row);
      } catch (IllegalArgumentException e) {
        refused.add(row.name());
        assertThat(e).hasMessageEndingWith(
            ": its windows cannot go over a sequence of which steps are skipped; put it before the Masking, or pool"
                + " before it");
      }
    }
    assertThat(refused).containsExactlyInAnyOrderElementsOf(REFUSED);
  }

  @ParameterizedTest
  @MethodSource("taken")
  void whatIsSkippedChangesNoOutputAndNoGradient(Row row) {
    Model model = model(row);
    Parameters parameters = model.build(1);
    try (Predictor predictor = Predictor.of(model, parameters, 1);
        TrainingStep step = TrainingStep.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      float[][] expected = predictor.predict(batch(row, T, 0, B, 0));
      Gradients gradients = step.gradients(batch(row, T, 0, B, 0), 7);
      double loss = gradients.loss();
      float[] values = gradients.values().clone();
      float[][] found = predictor.predict(batch(row, T, 0, B, 1e4));
      for (int b = 0; b < B; b++) {
        assertThat(found[b]).as("row %d", b).containsExactly(expected[b]);
      }
      gradients = step.gradients(batch(row, T, 0, B, 1e4), 7);
      assertThat(gradients.loss()).isEqualTo(loss);
      assertThat(plain(gradients.values())).containsExactly(plain(values));
    }
  }

  /** Without the sign of zeros. */
  private static float[] plain(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] += 0f;
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("taken")
  void aRowAloneGivesTheSameBitsAsAmongOthersAndPadded(Row row) {
    Model model = model(row);
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      float[][] together = predictor.predict(batch(row, T, 0, B, 1e4));
      float[][] padded = predictor.predict(batch(row, T + 18, 0, B, -1e4));
      for (int b = 0; b < B; b++) {
        assertThat(padded[b]).as("row %d, padded", b).containsExactly(together[b]);
        float[][] alone = predictor.predict(batch(row, Math.max(1, READ[b].length), b, b + 1, 1e4));
        assertThat(alone[0]).as("row %d, alone", b).containsExactly(together[b]);
      }
    }
  }

  /** The same output as of a sequence that consists of the other steps. */
  @ParameterizedTest
  @MethodSource("taken")
  void aSkippedStepIsAsIfItWereNotThere(Row row) {
    if (COUNTS_STEPS.contains(row.name())) {
      return;
    }
    Node x = Model.input("x", row.input());
    Model plain = Model.graph(List.of(x), List.of(ended(row, row.layer().on(x))));
    Model model = model(row);
    Parameters parameters = model.build(1);
    assertThat(plain.build(1).values()).containsExactly(parameters.values());
    try (Predictor skipping = Predictor.of(model, parameters, 1);
        Predictor shorter = Predictor.of(plain, parameters, 1)) {
      float[][] expected = shorter.predict(without(row));
      float[][] found = skipping.predict(batch(row, T, 0, B, 1e4));
      for (int b = 0; b < B; b++) {
        assertThat(found[b][0]).as("row %d", b).isCloseTo(expected[b][0], within(2e-6f));
      }
    }
  }

  @Test
  void theLossIsThatOfTheStepsThatAreRead() {
    Row row = new Row("", Input.sequence(2), new Dense(1), "[B,T,1]", 0);
    Node x = Model.input("x", row.input());
    Node read = Model.input("read", Input.sequence(1));
    Model model = Model.graph(List.of(x, read), List.of(row.layer().on(new Holes().on(x, read))));
    Batch inputs = batch(row, T, 0, B, 1e4);
    float[] targets = new float[T * B];
    for (int i = 0; i < targets.length; i++) {
      boolean skipped = READ[i % B].length > i / B && READ[i % B][i / B] == 0;
      targets[i] = skipped ? 1e6f : 3; // W and b are 0, so that each step that is read adds 3²
    }
    Batch batch = Batch.of(
        Map.of("x", inputs.input("x", List.of("x", "read")), "read", inputs.input("read", List.of("x", "read"))),
        Map.of("dense", new Batch(T, new int[T * B], null, lengths(0, B), null, targets)));
    try (TrainingStep step = TrainingStep.of(model, model.zeros(), Loss.MEAN_SQUARED_ERROR, 1)) {
      assertThat(step.gradients(batch, 1).loss()).isCloseTo(9 * 4 / 6.0, within(1e-6)); // two rows have no step
    }
  }

  /** Branches of which different steps are skipped: those of the other are read where both are. */
  @Test
  void branchesMeetWhereBothAreRead() {
    Node x = Model.input("x", Input.sequence(2));
    Node a = new Masking(0).on(new Lambda("a", v -> v.slice(-1, 0, 1)).on(x));
    Node b = new Masking(0).on(new Lambda("b", v -> v.slice(-1, 1, 2)).on(x));
    Model model = Model.graph(
        List.of(x), List.of(new Pooling(Pooling.Kind.MEAN, Pooling.Kind.MAX).on(Merge.add().on(a, b))));
    try (Predictor predictor = Predictor.of(model, model.zeros(), 1)) {
      float[] values = {1, 2, 0, 50, 7, 0, 3, 4};
      assertThat(predictor.predict(new Batch(4, null, values, new int[] {4}, null, null))[0]).containsExactly(5, 7);
    }
  }

  /** What is asked may have skipped steps though what asks has none, and the other way round. */
  @Test
  void attentionBetweenTwoSequencesOfWhichOneIsSkipped() {
    Node x = Model.input("x", Input.sequence(2));
    Model of = Model.graph(List.of(x), List.of(new Attention(Attention.Score.DOT).on(x, new Masking(0).on(x))));
    Model by = Model.graph(
        List.of(x), List.of(new Pooling(Pooling.Kind.MEAN).on(
            new Attention(Attention.Score.DOT).on(new Masking(0).on(x), x))));
    try (Predictor asked = Predictor.of(of, of.zeros(), 1); Predictor asking = Predictor.of(by, by.zeros(), 1)) {
      Batch batch = new Batch(3, null, new float[] {1, 2, 0, 0, 3, 4}, new int[] {3}, null, null);
      float last = (float) (1 / (1 + Math.exp(11 - 25))); // of the weights 11 and 25 of the last step's question
      float[] found = asked.predict(batch)[0];
      assertThat(found[2]).isEqualTo(2f); // the skipped step asks nothing: the mean of those that are read
      assertThat(found[3]).isEqualTo(3f);
      assertThat(found[4]).isCloseTo(1 + 2 * last, within(1e-5f));
      float first = (float) (1 / (1 + Math.exp(5 - 11) + Math.exp(-11))); // 11, 5 and the step of zeros
      float second = (float) (1 / (1 + Math.exp(11 - 25) + Math.exp(-25)));
      float one = (float) (3 * first + Math.exp(5 - 11) * first);
      float three = (float) (3 * second + Math.exp(11 - 25) * second);
      assertThat(asking.predict(batch)[0][0]).isCloseTo((one + three) / 2, within(1e-5f));
    }
  }

  /** A layer of a user's own that does not know of lengths would take padding for steps. */
  @Test
  void aLayerThatIgnoresLengthsIsRefused() {
    record Sum(boolean own) implements Layer {
      @Override
      public Signal apply(Signal in, Scope scope) {
        Expr x = own ? in.own() : Expr.exp(in.value());
        return Signal.of(x.sum(0).reshape(x.shape().drop(0)), null);
      }

      @Override
      public String kind() {
        return "sum";
      }
    }

    Model model = Model.sequential(Input.sequence(1), new Sum(true));
    try (Predictor predictor = Predictor.of(model, model.zeros(), 1)) {
      Batch batch = new Batch(3, null, new float[] {1, 2, 90}, new int[] {2}, null, null);
      assertThat(predictor.predict(batch)[0]).containsExactly(3);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.sequence(1), new Sum(false)))
        .withMessage("Sum[own=false]: makes one array a row of a sequence without asking for the lengths of rows, so"
            + " that padding would count; pool it before, or let it use the signal's own()");
    Layer zeroPadded = new Lstm(2).returnSequences(); // zeros count too, in an exp as in a max
    assertThat(Model.sequential(Input.sequence(1), zeroPadded, new Sum(true)).outputs()).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.sequence(1), zeroPadded, new Sum(false)))
        .withMessageContaining("so that padding would count");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.sequence(1), new Masking(0), new Sum(false)))
        .withMessage("Sum[own=false]: cannot follow a sequence of which steps are skipped; pool it before");
  }

  @Test
  void aFunctionThatMixesStepsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.sequence(2), new Lambda("shift", x -> x.minus(x.max(0)))))
        .withMessage("Lambda(shift): the function must make each step of the same one alone, but others change it;"
            + " write a Layer, which is given the lengths of rows");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.sequence(2), new Lambda("sum", x -> x.sum(0).reshape(x.shape().drop(0)))))
        .withMessage("Lambda(sum): the function must give [T,B,…] of [T,B,2], got [B,2]; pool before it, or write a"
            + " Layer");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.vector(2), new Lambda("center", x -> x.minus(x.sum(0)))))
        .withMessageContaining("each row of the same one alone");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(Input.vector(2), new Lambda("product", x -> x.matmul(x))))
        .withMessage("Lambda(product): matmul: needs […,K] and [K,N], got [B,2] and [B,2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Model.sequential(
            Input.vector(2), new Lambda("scaled", x -> x.times(Expr.input("w", Shape.of(2))))))
        .withMessage("Lambda(scaled): the function must use what it is given alone, got input w; write a Layer, which"
            + " declares parameters");
  }

  @Test
  void timeDistributedRefusesWhatMixesSteps() {
    for (Layer layer : List.of(
        Conv.over(4, 3), new MultiHeadAttention(1, 2), Stack.of(1, () -> new Lstm(3)),
        new Residual(new Lstm(5).returnSequences()), new Masking(0))) {
      assertThatIllegalArgumentException().as(layer.toString())
          .isThrownBy(() -> Model.sequential(Input.sequence(5), new TimeDistributed(layer)))
          .withMessageStartingWith("TimeDistributed(" + layer + "): the layer must work at each step alone (")
          .withMessageEndingWith("); use it without TimeDistributed");
    }
  }

  // ------------------------------------------------------------------------------------------

  private static int[] lengths(int from, int to) {
    int[] lengths = new int[to - from];
    for (int b = from; b < to; b++) {
      lengths[b - from] = READ[b].length;
    }
    return lengths;
  }

  /** Rows {@code from} to {@code to}; at steps that are skipped and on padding stand numbers of that size. */
  private static Batch batch(Row row, int steps, int from, int to, double junk) {
    int count = to - from;
    int width = row.input().features();
    int[] classes = new int[count];
    int[] tokens = new int[steps * count];
    float[] features = new float[steps * count * width];
    float[] read = new float[steps * count];
    for (int b = 0; b < count; b++) {
      int[] own = READ[from + b];
      classes[b] = (from + b) % 2;
      for (int t = 0; t < steps; t++) {
        int i = t * count + b;
        boolean reads = t < own.length && own[t] == 1;
        read[i] = t < own.length ? own[t] : 1;
        tokens[i] = reads ? token(t, from + b) : t < own.length && junk != 0 ? 10 : 0;
        for (int f = 0; f < width; f++) {
          features[i * width + f] =
              reads ? feature(t, from + b, f) : (float) (junk * CounterRandom.normal(8, i * width + f));
        }
      }
    }
    boolean ofTokens = row.input().kind() == Input.Kind.TOKENS;
    Batch x = new Batch(
        steps, ofTokens ? tokens : null, ofTokens ? null : features, lengths(from, to), classes, null);
    return Batch.of(
        Map.of("x", x, "read", new Batch(steps, null, read, lengths(from, to), null, null)), Map.of("end", x));
  }

  /** All rows with the steps that are read alone. */
  private static Batch without(Row row) {
    int width = row.input().features();
    int[] lengths = new int[B];
    int[] tokens = new int[T * B];
    float[] features = new float[T * B * width];
    for (int b = 0; b < B; b++) {
      for (int t = 0; t < READ[b].length; t++) {
        if (READ[b][t] == 1) {
          int i = lengths[b]++ * B + b;
          tokens[i] = token(t, b);
          for (int f = 0; f < width; f++) {
            features[i * width + f] = feature(t, b, f);
          }
        }
      }
    }
    boolean ofTokens = row.input().kind() == Input.Kind.TOKENS;
    return Batch.of(
        Map.of("x", new Batch(T, ofTokens ? tokens : null, ofTokens ? null : features, lengths, null, null)),
        Map.of());
  }

  private static int token(int t, int b) {
    return 1 + CounterRandom.below(10, 3, t * 100L + b);
  }

  private static float feature(int t, int b, int f) {
    return (float) CounterRandom.normal(4, (t * 100L + b) * 100 + f);
  }
}

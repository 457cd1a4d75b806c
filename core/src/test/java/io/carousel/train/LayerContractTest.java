package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.layer.Dense;
import io.carousel.layer.Layer;
import io.carousel.layer.Named;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Reshape;
import io.carousel.layer.Shortcut;
import io.carousel.layer.Stack;
import io.carousel.model.Architecture;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.serve.Predictor;
import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every layer must do. A new layer is a row of {@link LayerRows}, a new cell one of {@link CellRows}, what works on
 * neighborhoods and images one of {@link ImageRows}; all tests then hold for it.
 */
class LayerContractTest {
  static final int F = 5;
  static final int VOCABULARY = 11;
  private static final int[] LENGTHS = {6, 0, 3, 1, 6, 5, 2};
  private static final int B = LENGTHS.length;
  private static final int T = 6;
  private static final long KEY = 77;

  /** Of differences: small beside the curves of a normalized row, large beside rounding. */
  private static final double STEP = 1e-5;

  /** The part of the largest gradient below which another's own size says nothing of its error. */
  private static final double CANCELLED = 0.02;

  /**
   * A layer and what is expected of it.
   *
   * @param output its output shape, batch first
   * @param parameters the number of its parameters
   */
  record Row(String name, Input input, Layer layer, String output, int parameters) {
    /** The layer between its input and one sigmoid. */
    Model model() {
      List<Layer> layers = new ArrayList<>(List.of(layer));
      if (output.startsWith("[B,T")) {
        layers.add(new Pooling(Pooling.Kind.MEAN));
      }
      if (output.chars().filter(each -> each == ',').count() > (output.startsWith("[B,T") ? 2 : 1)) {
        layers.add(Reshape.flatten());
      }
      layers.add(new Dense(1, Activation.SIGMOID));
      return Model.sequential(input, layers);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    List<Row> rows = new ArrayList<>(LayerRows.rows());
    rows.addAll(CellRows.rows(Input.sequence(F)));
    rows.addAll(TextCellRows.rows(Input.sequence(F)));
    rows.addAll(ImageRows.rows(F));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void outputShapeAndNumberOfParameters(Row row) {
    Model alone = Model.sequential(row.input(), row.layer());
    assertThat(alone.build(1).count()).isEqualTo(row.parameters());
    assertThat(alone.summary()).contains("  " + row.output() + "  ");
    Model model = row.model();
    float[] output = output(alone, alone.build(1), batch(row, T, 0, B), 1);
    int count = B;
    for (String size : row.output().replaceAll("[\\[\\]B ]", "").replaceFirst("^,", "").split(",")) {
      int by = size.startsWith("T/") ? Integer.parseInt(size.substring(2)) : 1;
      count *= size.startsWith("T") ? (T + by - 1) / by : Integer.parseInt(size);
    }
    assertThat(output).hasSize(count);
    float[] probabilities = output(model, model.build(1), batch(row, T, 0, B), 1);
    assertThat(probabilities).hasSize(B);
    for (float each : probabilities) {
      assertThat(each).isBetween(0f, 1f);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void savedAndLoadedItGivesTheSameBits(Row row) {
    Model model = row.model();
    Parameters parameters = model.build(1);
    Model loaded = Architecture.model(Architecture.describe(model));
    Parameters filled = loaded.zeros();
    for (Parameters.Slot slot : parameters.slots()) {
      filled.set(slot.name(), parameters.get(slot.name()).values());
    }
    Batch batch = batch(row, T, 0, B);
    assertThat(output(loaded, filled, batch, 1)).containsExactly(output(model, parameters, batch, 1));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aRowAloneGivesTheSameBitsAsAmongOthersAndPadded(Row row) {
    Model model = row.model();
    int steps = row.input().kind() == Input.Kind.VECTOR ? 1 : T + 3;
    List<Batch> batches = new ArrayList<>(List.of(batch(row, T, 0, B), batch(row, steps, 0, B)));
    for (int b = 0; b < B; b++) {
      batches.add(batch(row, Math.max(1, LENGTHS[b]), b, b + 1));
    }
    List<float[][]> found = run(List.of(model.inference()), model.build(1), batches, Kernels.chosen(), 1);
    float[] together = found.get(0)[0];
    assertThat(found.get(1)[0]).as("padded").containsExactly(together);
    for (int b = 0; b < B; b++) {
      assertThat(found.get(2 + b)[0]).as("row %d of length %d", b, LENGTHS[b]).containsExactly(together[b]);
    }
  }

  /** The rows whose layer remembers and reads forward. */
  static List<Row> forwardRows() {
    return rows().stream().filter(row -> carries(row.layer())).toList();
  }

  private static boolean carries(Layer layer) {
    return switch (layer) {
      case Recurrent r -> !r.reverse();
      case Stack s -> s.layers().stream().allMatch(LayerContractTest::carries);
      case Named n -> carries(n.layer());
      case Shortcut s -> carries(s.layer());
      case Model m -> m.layers().stream().anyMatch(LayerContractTest::carries);
      default -> false;
    };
  }

  /** In pieces of some steps, or step by step, with the state carried. */
  @ParameterizedTest
  @MethodSource("forwardRows")
  void inPiecesItGivesTheBitsOfTheWhole(Row row) {
    Model model = Model.sequential(row.input(), row.layer());
    try (Predictor predictor = Predictor.of(model, model.build(1), 1)) {
      float[][] whole = predictor.predict(batch(row, T, 0, B));
      for (int piece : new int[] {1, 2, 4}) {
        State state = State.of(model, B);
        float[][] found = new float[B][0];
        for (int from = 0; from < T; from += piece) {
          float[][] next = predictor.predict(piece(batch(row, T, 0, B), from, Math.min(T, from + piece)), state);
          for (int b = 0; b < B; b++) {
            int kept = row.output().startsWith("[B,T") ? found[b].length : 0;
            float[] both = Arrays.copyOf(found[b], kept + next[b].length);
            System.arraycopy(next[b], 0, both, kept, next[b].length);
            found[b] = both;
          }
        }
        for (int b = 0; b < B; b++) {
          assertThat(found[b]).as("row %d in pieces of %d", b, piece).containsExactly(whole[b]);
        }
      }
    }
  }

  /** Steps {@code from} to {@code to} of a batch of features. */
  private static Batch piece(Batch batch, int from, int to) {
    int[] lengths =
        Arrays.stream(batch.lengths()).map(n -> Math.max(0, Math.min(n, to) - from)).toArray();
    float[] features = Arrays.copyOfRange(
        java.util.Objects.requireNonNull(batch.features()), from * batch.rows() * batch.featureCount(),
        to * batch.rows() * batch.featureCount());
    return new Batch(to - from, null, features, lengths, null, null);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void paddingChangesNoBitWhileTraining(Row row) {
    if (row.input().kind() == Input.Kind.VECTOR) {
      return;
    }
    Model model = row.model();
    List<float[][]> found =
        run(lossAndGradients(model), model.build(1), List.of(batch(row, T, 0, B), batch(row, T + 3, 0, B)),
            Kernels.chosen(), 1);
    for (int i = 0; i < found.get(0).length; i++) {
      assertThat(found.get(1)[i]).as("output %d", i).containsExactly(found.get(0)[i]);
    }
  }

  /** Each width once, with another number of threads each, against scalar code of one thread. */
  @ParameterizedTest
  @MethodSource("rows")
  void threadsAndKernelsGiveTheSameBits(Row row) {
    Model model = row.model();
    List<Expr> outputs = lossAndGradients(model);
    Parameters parameters = model.build(1);
    Batch batch = batch(row, T, 0, B);
    float[][] expected = run(outputs, parameters, batch, Kernels.scalar(), 1);
    int[][] ways = {{128, 2}, {256, 7}, {512, 3}};
    for (int[] way : ways) {
      float[][] found = run(outputs, parameters, batch, Kernels.vector(way[0]), way[1]);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).as("output %d, %d bits, %d threads", i, way[0], way[1]).containsExactly(expected[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void lossAndGradientsAreThoseOfTheDefinition(Row row) {
    Model model = row.model();
    Interpreter interpreter = interpreter(row, model.build(1));
    List<double[]> defined = interpreter.evalAll(lossAndGradients(model));
    float[][] compiled =
        run(lossAndGradients(model), model.build(1), batch(row, T, 0, B), Kernels.chosen(), 1);
    double largest = defined.stream().skip(1).mapToDouble(LayerContractTest::largest).max().orElse(0);
    for (int i = 0; i < compiled.length; i++) {
      // A gradient may be made of terms that cancel, as that by a bias of keys, which is 0: they are as large as others.
      double scale = Math.max(largest(defined.get(i)), CANCELLED * largest);
      for (int k = 0; k < compiled[i].length; k++) {
        assertThat((double) compiled[i][k]).as("output %d at %d", i, k)
            .isCloseTo(defined.get(i)[k], within(1e-5 * scale));
      }
    }
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  /** By differences of fourth order in double, each parameter along a direction of its own. */
  @ParameterizedTest
  @MethodSource("rows")
  void gradientsAreSlopes(Row row) {
    Model model = row.model();
    Parameters parameters = model.build(1);
    List<Expr> outputs = lossAndGradients(model);
    Interpreter interpreter = interpreter(row, parameters);
    List<double[]> found = interpreter.evalAll(outputs);
    List<Expr> leaves = parameters(outputs.getFirst());
    for (int i = 0; i < leaves.size(); i++) {
      String name = ((Op.Parameter) leaves.get(i).op()).name();
      double[] at = doubles(parameters.get(name).values());
      double[] direction = new double[at.length];
      double along = 0;
      for (int k = 0; k < at.length; k++) {
        direction[k] = CounterRandom.normal(5, k);
        along += found.get(1 + i)[k] * direction[k];
      }
      double slope = 0;
      double[] weights = {1, -8, 8, -1};
      double[] steps = {-2 * STEP, -STEP, STEP, 2 * STEP};
      for (int side = 0; side < 4; side++) {
        double step = steps[side];
        double[] moved = new double[at.length];
        Arrays.setAll(moved, k -> at[k] + step * direction[k]);
        interpreter.set(name, moved);
        slope += weights[side] * Arrays.stream(interpreter.eval(outputs.getFirst())).sum() / (12 * STEP);
      }
      interpreter.set(name, at);
      assertThat(along).as(name).isCloseTo(slope, within(1e-7 * Math.max(1, Math.abs(slope))));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void oneStepLowersTheLoss(Row row) {
    Model model = row.model();
    Parameters parameters = model.build(1);
    Batch batch = batch(row, T, 0, B);
    OptimizerState sgd = new Sgd(0.1).start(parameters);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      double before = step.gradients(batch, KEY).loss();
      sgd.step(step.gradients(batch, KEY));
      assertThat(step.gradients(batch, KEY).loss()).isLessThan(before - 1e-5);
    }
  }

  // ------------------------------------------------------------------------------------------

  /** Rows {@code from} to {@code to}; padding is filled with what must not be read as zero. */
  private static Batch batch(Row row, int steps, int from, int to) {
    int count = to - from;
    boolean vector = row.input().kind() == Input.Kind.VECTOR;
    int time = vector ? 1 : steps;
    int[] lengths = new int[count];
    int[] classes = new int[count];
    int[] tokens = new int[time * count];
    int width = row.input().features();
    float[] features = new float[time * count * width];
    for (int b = 0; b < count; b++) {
      lengths[b] = vector ? 1 : LENGTHS[from + b];
      classes[b] = (from + b) % 3 == 0 ? 1 : 0;
      for (int t = 0; t < time; t++) {
        boolean padding = t >= lengths[b];
        long place = (long) t * 100 + from + b;
        tokens[t * count + b] = padding ? 0 : 1 + CounterRandom.below(VOCABULARY - 1, 3, place);
        for (int f = 0; f < width; f++) {
          features[(t * count + b) * width + f] =
              padding ? 1e3f : (float) CounterRandom.normal(4, place * width + f);
        }
      }
    }
    return row.input().kind() == Input.Kind.TOKENS
        ? new Batch(time, tokens, null, lengths, classes, null)
        : new Batch(time, null, features, lengths, classes, null);
  }

  private static Map<String, Object> feed(Batch batch) {
    Map<String, Object> feed = new LinkedHashMap<>();
    if (batch.tokens() != null) {
      feed.put(Input.TOKENS, batch.tokens());
    } else {
      feed.put(Input.FEATURES, batch.features());
    }
    feed.put(Input.LENGTHS, batch.lengths());
    feed.put("classes", batch.classes());
    return feed;
  }

  /** The definition, with these parameters and the whole batch. */
  private static Interpreter interpreter(Row row, Parameters parameters) {
    Batch batch = batch(row, T, 0, B);
    Interpreter interpreter = Interpreter.of(B, batch.steps(), KEY);
    for (Parameters.Slot slot : parameters.slots()) {
      interpreter.set(slot.name(), doubles(parameters.get(slot.name()).values()));
    }
    feed(batch).forEach((name, value) -> {
      if (value instanceof int[] ints) {
        interpreter.set(name, ints);
      } else {
        interpreter.set(name, doubles((float[]) value));
      }
    });
    return interpreter;
  }

  private static float[] output(Model model, Parameters parameters, Batch batch, int threads) {
    return run(List.of(model.inference()), parameters, batch, Kernels.chosen(), threads)[0];
  }

  /** The loss of each row, and the derivative of their sum by each parameter. */
  private static List<Expr> lossAndGradients(Model model) {
    Expr rows = Loss.BINARY_CROSS_ENTROPY.rows(model.training(), Targets.CLASSES.expr(model));
    List<Expr> outputs = new ArrayList<>(List.of(rows));
    outputs.addAll(Derivative.gradient(rows.sumAll(), parameters(rows)));
    return outputs;
  }

  private static List<Expr> parameters(Expr of) {
    return Expr.topological(List.of(of)).stream().filter(node -> node.op() instanceof Op.Parameter).toList();
  }

  private static float[][] run(
      List<Expr> outputs, Parameters parameters, Batch batch, Kernels kernels, int threads) {
    return run(outputs, parameters, List.of(batch), kernels, threads).getFirst();
  }

  /** What one runner gives for some batches, one after the other. */
  private static List<float[][]> run(
      List<Expr> outputs, Parameters parameters, List<Batch> batches, Kernels kernels, int threads) {
    try (Team team = Team.of(threads)) {
      Runner runner = Compiler.compile(outputs, kernels).runner(team);
      for (Parameters.Slot slot : parameters.slots()) {
        runner.set(slot.name(), parameters.values(), slot.offset());
      }
      List<float[][]> found = new ArrayList<>();
      for (Batch batch : batches) {
        feed(batch).forEach((name, value) -> {
          if (value instanceof int[] ints) {
            runner.set(name, ints);
          } else {
            runner.set(name, (float[]) value);
          }
        });
        runner.run(batch.rows(), batch.steps(), KEY);
        float[][] results = new float[outputs.size()][];
        for (int i = 0; i < results.length; i++) {
          results[i] = runner.output(i);
        }
        found.add(results);
      }
      return found;
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}

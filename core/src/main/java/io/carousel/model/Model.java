package io.carousel.model;

import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.layer.Embedding;
import io.carousel.layer.Joining;
import io.carousel.layer.Layer;
import io.carousel.layer.Named;
import io.carousel.layer.Node;
import io.carousel.layer.Ruled;
import io.carousel.layer.Signal;
import io.carousel.parameter.Defaults;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Scope;
import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A model: what goes in and the layers it passes through, checked when it is made.
 *
 * <pre>
 *   Model model = Model.sequential(
 *       new Embedding(10_000, 64), new Lstm(64).returnSequences(), new Lstm(32),
 *       new Dense(1, Activation.SIGMOID));
 *
 *   Node text = Model.input("text", Input.tokens());
 *   Node facts = Model.input("facts", Input.vector(5));
 *   Node read = new Lstm(64).on(new Embedding(10_000, 64).on(text));
 *   Node both = Merge.concat().on(read, facts);
 *   Model graph = Model.graph(List.of(text, facts), List.of(
 *       new Dense(9, Activation.SOFTMAX).named("topic").on(both), new Dense(1).named("stars").on(both)));
 * </pre>
 *
 * A model is itself a layer, which may stand in another one. It holds no numbers: {@link #build} makes its
 * {@link Parameters}. Its expressions take the inputs named in {@link Input}; sequences are time-major inside,
 * [T,B,F]. All sequences of a batch have one T and each input its own lengths, or those of another.
 */
public final class Model implements Joining {
  private final Wiring wiring;
  private final Expressions inference;
  private final Expressions training;
  private final List<Parameters.Slot> slots;
  private final List<Expr> lookups; // of tokens in tables

  Model(Wiring wiring) {
    this.wiring = wiring;
    this.inference = Expressions.of(wiring, false, false);
    this.training = Expressions.of(wiring, true, false);
    this.slots = Parameters.table(inference.declared());
    this.lookups =
        Expr.topological(inference.values()).stream().filter(node -> node.op() instanceof Op.Gather).toList();
  }

  /** Layers one after the other, of which the first is an {@link Embedding}, named or with rules or not. */
  public static Model sequential(Layer... layers) {
    if (layers.length > 0 && !takesTokens(layers[0])) {
      throw new IllegalArgumentException(
          "Model: the first layer must be an Embedding, got " + layers[0]
              + "; for other inputs begin with Input.sequence(features) or Input.vector(features)");
    }
    return sequential(Input.tokens(), layers);
  }

  private static boolean takesTokens(Layer layer) {
    return switch (layer) {
      case Embedding e -> true;
      case Named named -> takesTokens(named.layer());
      case Ruled ruled -> takesTokens(ruled.layer());
      case Model model -> model.inputNames().size() == 1 && model.input().kind() == Input.Kind.TOKENS;
      default -> false;
    };
  }

  /** Layers one after the other, on a given input. */
  public static Model sequential(Input input, Layer... layers) {
    return sequential(input, List.of(layers));
  }

  /** Layers one after the other, on a given input. */
  public static Model sequential(Input input, List<Layer> layers) {
    return new Model(Wiring.sequence(input, layers));
  }

  /** A place where something comes into a graph; batches give it by that name. */
  public static Node input(String name, Input input) {
    return new InputLayer(input).named(name).on();
  }

  /**
   * A graph of layers.
   *
   * @param inputs made by {@link #input}, in the order in which a model that this one is part of gives them
   * @param outputs what comes out, each called as its layer
   * @throws IllegalArgumentException if layers do not fit together, an input leads to no output, or a name
   *     occurs twice
   */
  public static Model graph(List<Node> inputs, List<Node> outputs) {
    return new Model(Wiring.of(inputs, outputs));
  }

  /** The names of the inputs; the one of a sequential model is called {@code input}. */
  public List<String> inputNames() {
    return wiring.inputs().stream().map(place -> wiring.places().get(place).name()).toList();
  }

  /** What goes in under a name. */
  public Input input(String name) {
    int place = wiring.place(name);
    Input input = place < 0 ? null : wiring.places().get(place).input();
    if (input == null) {
      throw new IllegalArgumentException("Model: has no input " + name + ", there are " + inputNames());
    }
    return input;
  }

  /** What goes into a model of one input. */
  public Input input() {
    return input(only("input", inputNames()));
  }

  /** The layers without the inputs, each after those that it follows. */
  public List<Layer> layers() {
    return wiring.places().stream().filter(place -> !place.isInput()).map(Wiring.Place::layer).toList();
  }

  /** The layers' unique names, in Keras's manner: {@code embedding, lstm, lstm_1, dense}. */
  public List<String> layerNames() {
    return wiring.places().stream().filter(place -> !place.isInput()).map(Wiring.Place::name).toList();
  }

  /** The names of the outputs: those of their layers. */
  public List<String> outputNames() {
    return wiring.outputs().stream().map(wiring::name).toList();
  }

  /** The only output when the model answers, [B,K] or [T,B,K]: for a classifier, probabilities. */
  public Expr inference() {
    return inference.output(output()).value();
  }

  /** The only output while training, with dropout. */
  public Expr training() {
    return training.output(output()).value();
  }

  /** The number of numbers in the only output, K. */
  public int outputs() {
    return inference.output(output()).features();
  }

  /** The name of the only output. */
  public String output() {
    return only("output", outputNames());
  }

  private static String only(String what, List<String> names) {
    if (names.size() != 1) {
      throw new IllegalStateException(
          "Model: has the " + what + "s " + String.join(", ", names) + "; say which");
    }
    return names.getFirst();
  }

  /**
   * All outputs as expressions.
   *
   * @param forTraining true with dropout and the like
   * @param carries true if recurrent layers go on from the {@link State} that the run before left
   * @throws IllegalArgumentException if states shall be carried and a layer needs more than the past
   */
  public Expressions expressions(boolean forTraining, boolean carries) {
    if (!carries) {
      return forTraining ? training : inference;
    }
    return Expressions.of(wiring, forTraining, true);
  }

  /**
   * Says what the inputs of this model's expressions are for a batch.
   *
   * @param ints is told the name and the array of each input of whole numbers
   * @param floats is told those of the others
   * @throws IllegalArgumentException if the model takes something else, or a token is not in its vocabulary
   */
  public void feed(Batch batch, BiConsumer<String, int[]> ints, BiConsumer<String, float[]> floats) {
    check(batch);
    for (String name : inputNames()) {
      Input input = input(name);
      Batch part = batch.input(name, inputNames());
      if (!input.stepsOf().isEmpty()) {
        requireLengths(name, part.lengths(), input.stepsOf(), batch.input(input.stepsOf(), inputNames()).lengths());
      }
      part = input.kind() == Input.Kind.VECTOR ? part : part.padded(batch.steps());
      int[] tokens = part.tokens();
      float[] features = part.features();
      if (tokens != null) {
        ints.accept(input.numbers(name), tokens);
      } else if (features != null) {
        floats.accept(input.numbers(name), features);
      }
      ints.accept(Input.lengths(name), part.lengths());
    }
  }

  private static void requireLengths(String name, int[] lengths, String other, int[] others) {
    int row = Arrays.mismatch(lengths, others);
    if (row >= 0) {
      throw new IllegalArgumentException(
          "Model: input " + name + " must have the steps of " + other + ", got rows of length " + lengths[row] + " and "
              + others[row]);
    }
  }

  /** Checks that a batch can go into this model; throws as {@link #feed}. */
  public void check(Batch batch) {
    for (String name : inputNames()) {
      check(name, input(name), batch.input(name, inputNames()));
    }
    for (Scope.Limit limit : inference.limits()) {
      int steps = steps(limit.lengths(), batch);
      if (steps > limit.most()) {
        throw new IllegalArgumentException(
            limit.layer() + ": rows must have at most " + limit.most() + " steps, got one of " + steps
                + "; cut it, or give the layer more");
      }
    }
  }

  /** The largest of some lengths: those of an input, or what windows leave of them. */
  private int steps(Expr lengths, Batch batch) {
    if (lengths.op() instanceof Op.Steps windows) {
      return Math.max(0, steps(lengths.arg(0), batch) + windows.more()) / windows.by();
    }
    for (String name : inputNames()) {
      if (lengths.op() instanceof Op.IntInput in && in.name().equals(Input.lengths(name))) {
        return Arrays.stream(batch.input(name, inputNames()).lengths()).max().orElse(0);
      }
    }
    throw new IllegalStateException("Model: the lengths of rows cannot be told from " + lengths.op().word());
  }

  private void check(String name, Input input, Batch batch) {
    String who = name.equals(Input.DEFAULT_NAME) ? "Model: input" : "Model: input " + name;
    int[] tokens = batch.tokens();
    if (input.kind() == Input.Kind.TOKENS) {
      if (tokens == null) {
        throw new IllegalArgumentException(who + " must be tokens [B,T], got features; begin with an Input");
      }
      checkTokens(input.numbers(name), tokens);
      return;
    }
    int steps = batch.steps();
    boolean sequence = input.kind() == Input.Kind.SEQUENCE;
    boolean fits = tokens == null && batch.featureCount() == input.features();
    if (!fits || (!sequence && steps != 1)) {
      throw new IllegalArgumentException(
          who + " must be " + input.signal(name).shapeText() + ", got "
              + (tokens != null ? "tokens [" + batch.rows() + "," + steps + "]"
                  : "features [" + batch.rows() + "," + steps + "," + batch.featureCount() + "]"));
    }
  }

  /** The size of a vocabulary is that of the smallest table which the tokens are looked up in. */
  private void checkTokens(String input, int[] tokens) {
    for (Expr node : lookups) {
      if (node.arg(1).op() instanceof Op.IntInput in && in.name().equals(input)) {
        int vocabulary = node.arg(0).shape().size(0);
        for (int token : tokens) {
          if (token < 0 || token >= vocabulary) {
            String table = node.arg(0).op() instanceof Op.Parameter p ? p.name() : "Embedding";
            throw new IllegalArgumentException(
                table.replaceFirst("\\.[^.]*$", "") + ": tokens must be from 0 to " + (vocabulary - 1) + ", got "
                    + token + "; give the Embedding the size of the vocabulary");
          }
        }
      }
    }
  }

  /** The table of the parameters. */
  public List<Parameters.Slot> slots() {
    return slots;
  }

  /** Parameters as a new model has them: the same seed gives the same values. */
  public Parameters build(long seed) {
    return build(seed, Defaults.KERAS);
  }

  /** The same with another set of defaults. */
  public Parameters build(long seed, Defaults defaults) {
    Parameters parameters = Parameters.zeros(slots);
    List<Scope.Declaration> all = inference.declared();
    for (Scope.Declaration each : all) {
      long key = CounterRandom.key(seed, each.name());
      defaults.of(each, all)
          .fill(parameters.values(), parameters.slot(each.name()).offset(), each.shape(), key);
    }
    return parameters;
  }

  /**
   * The same model, in which training leaves some layers as they are. Its parameters lie in another order: {@code
   * Parameters moved = frozen.zeros(); moved.setByName(parameters)}.
   *
   * @param names of layers, as in {@link #layerNames}
   */
  public Model freeze(String... names) {
    return new Model(wiring.frozen(Set.of(names)));
  }

  /** Parameters that are all zero, to be filled from a file. */
  public Parameters zeros() {
    return Parameters.zeros(slots);
  }

  /** A table of the layers: name, output shape, number of parameters, operations; and what training needs. */
  public String summary() {
    return new Summary(wiring, inference).text();
  }

  /** What the summary says of each place, the inputs among them, each after those that it follows. */
  public List<LayerInfo> layerInfos() {
    return List.copyOf(new Summary(wiring, inference).rows());
  }

  /** A picture of the layers as SVG: boxes with shapes, arrows from the inputs to the outputs. */
  public String svg() {
    return new Picture(wiring, new Summary(wiring, inference)).svg();
  }

  /** The equations of all layers as text, with the sizes of their parameters; of recurrent layers those of a step. */
  public String equations() {
    return Equations.of(wiring, inference, false);
  }

  /** The same as LaTeX, for a paper that uses {@code amsmath}: a paragraph with an {@code align*} for each layer. */
  public String latex() {
    return Equations.of(wiring, inference, true);
  }

  Wiring wiring() {
    return wiring;
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    if (in.size() != wiring.inputs().size()) {
      throw new IllegalArgumentException(
          "Model: has the inputs " + String.join(", ", inputNames()) + ", so it must follow " + inputNames().size()
              + (inputNames().size() == 1 ? " signal, got " : " signals, got ") + in.size());
    }
    List<List<Signal>> all = wiring.apply(in, scope.ofModel(), () -> {});
    return wiring.outputs().stream().map(wire -> all.get(wire.place()).get(wire.part())).toList();
  }

  @Override
  public int signals() {
    return wiring.outputs().size();
  }

  @Override
  public String kind() {
    return "model";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Model model && model.wiring.equals(wiring);
  }

  @Override
  public int hashCode() {
    return wiring.hashCode();
  }

  @Override
  public String toString() {
    return "Model" + layers();
  }
}

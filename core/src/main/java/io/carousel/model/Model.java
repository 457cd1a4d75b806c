package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.layer.Embedding;
import io.carousel.layer.Layer;
import io.carousel.layer.Signal;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Scope;
import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model: what goes in and the layers it passes through, checked when it is made.
 *
 * <pre>
 *   Model model = Model.sequential(
 *       new Embedding(10_000, 64), new Lstm(64).returnSequences(), new Lstm(32),
 *       new Dense(1, Activation.SIGMOID));
 * </pre>
 *
 * A model holds no numbers: {@link #build} makes its {@link Parameters}. Its expressions take the
 * inputs named in {@link Input}; sequences are time-major inside, [T,B,F].
 */
public final class Model {
  private final Input input;
  private final List<Layer> layers;
  private final List<String> names;
  private final Built training;
  private final Built inference;
  private final List<Parameters.Slot> slots;

  /** One build: the signal after each layer, and the parameters declared by each. */
  private record Built(List<Signal> signals, List<List<Scope.Declaration>> declared) {}

  private Model(Input input, List<Layer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Model: needs at least one layer");
    }
    this.input = input;
    this.layers = List.copyOf(layers);
    this.names = names(layers);
    this.inference = build(false);
    this.training = build(true);
    this.slots = Parameters.table(declarations());
    if (inference.signals().getLast().value().isInt()) {
      throw new IllegalArgumentException("Model: the output must be numbers, got tokens");
    }
  }

  /** Layers one after the other, of which the first is an {@link Embedding}. */
  public static Model sequential(Layer... layers) {
    if (layers.length > 0 && !(layers[0] instanceof Embedding)) {
      throw new IllegalArgumentException(
          "Model: the first layer must be an Embedding, got " + layers[0]
              + "; for other inputs begin with Input.sequence(features) or Input.vector(features)");
    }
    return new Model(Input.tokens(), List.of(layers));
  }

  /** Layers one after the other, on a given input. */
  public static Model sequential(Input input, Layer... layers) {
    return new Model(input, List.of(layers));
  }

  /** Layers one after the other, on a given input. */
  public static Model sequential(Input input, List<Layer> layers) {
    return new Model(input, layers);
  }

  public Input input() {
    return input;
  }

  public List<Layer> layers() {
    return layers;
  }

  /** The layers' unique names, in Keras's manner: {@code embedding, lstm, lstm_1, dense}. */
  public List<String> layerNames() {
    return names;
  }

  /** The output when the model answers, [B,K] or [T,B,K]: for a classifier, probabilities. */
  public Expr inference() {
    return inference.signals().getLast().value();
  }

  /** The output while training, with dropout. */
  public Expr training() {
    return training.signals().getLast().value();
  }

  /** The number of outputs, K. */
  public int outputs() {
    return inference.signals().getLast().features();
  }

  /** True if the output depends on the lengths of the rows. */
  public boolean usesLengths() {
    for (Expr node : Expr.topological(List.of(inference()))) {
      if (node.op() instanceof Op.IntInput named && named.name().equals(Input.LENGTHS)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Checks that arrays can go into this model.
   *
   * @param rows B
   * @param steps T
   * @param tokens [T,B], or null
   * @param features [T,B,…], or null
   * @throws IllegalArgumentException if the model takes something else, or a token is not in its vocabulary
   */
  public void checkInput(int rows, int steps, int @Nullable [] tokens, float @Nullable [] features) {
    if (input.kind() == Input.Kind.TOKENS) {
      if (tokens == null) {
        throw new IllegalArgumentException(
            "Model: input must be tokens [B,T], got features; begin with an Input");
      }
      int vocabulary = layers.getFirst() instanceof Embedding e ? e.vocabulary() : Integer.MAX_VALUE;
      for (int token : tokens) {
        if (token < 0 || token >= vocabulary) {
          throw new IllegalArgumentException(
              names.getFirst() + ": tokens must be from 0 to " + (vocabulary - 1) + ", got " + token
                  + "; give the Embedding the size of the vocabulary");
        }
      }
      return;
    }
    int count = features == null ? 0 : features.length / (rows * steps);
    boolean sequence = input.kind() == Input.Kind.SEQUENCE;
    if (features == null || count != input.features() || (!sequence && steps != 1)) {
      throw new IllegalArgumentException(
          "Model: input must be " + input.signal().shapeText() + ", got "
              + (features == null ? "tokens [" + rows + "," + steps + "]"
                  : "features [" + rows + "," + steps + "," + count + "]"));
    }
  }

  /** The table of the parameters. */
  public List<Parameters.Slot> slots() {
    return slots;
  }

  /** Parameters as a new model has them: the same seed gives the same values. */
  public Parameters build(long seed) {
    Parameters parameters = Parameters.zeros(slots);
    for (Scope.Declaration each : declarations()) {
      long key = CounterRandom.key(seed, each.name());
      each.initializer().fill(parameters.values(), parameters.slot(each.name()).offset(), each.shape(), key);
    }
    return parameters;
  }

  /** Parameters that are all zero, to be filled from a file. */
  public Parameters zeros() {
    return Parameters.zeros(slots);
  }

  /** A table of the layers: name, output shape, number of parameters. */
  public String summary() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"layer", "", "output", "parameters"});
    rows.add(new String[] {"input", input.toString(), input.signal().shapeText(), "0"});
    long total = 0;
    long frozen = 0;
    for (int i = 0; i < layers.size(); i++) {
      long count = 0;
      for (Scope.Declaration each : inference.declared().get(i)) {
        count += each.shape().count();
        frozen += each.trainable() ? 0 : each.shape().count();
      }
      total += count;
      rows.add(
          new String[] {
            names.get(i), layers.get(i).toString(), inference.signals().get(i).shapeText(), number(count)
          });
    }
    int[] widths = new int[4];
    for (String[] row : rows) {
      for (int c = 0; c < 4; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      text.append(pad(row[0], widths[0])).append("  ").append(pad(row[1], widths[1])).append("  ")
          .append(pad(row[2], widths[2])).append("  ")
          .append(" ".repeat(widths[3] - row[3].length())).append(row[3]).append('\n');
      if (r == 0) {
        text.append("-".repeat(widths[0] + widths[1] + widths[2] + widths[3] + 6)).append('\n');
      }
    }
    text.append("total ").append(number(total)).append(" parameters");
    if (frozen > 0) {
      text.append(", of which ").append(number(frozen)).append(" are frozen");
    }
    return text.append(String.format(Locale.ROOT, " (%.1f MB)", total * 4 / 1e6)).append('\n').toString();
  }

  @Override
  public String toString() {
    return "Model" + layers;
  }

  private Built build(boolean train) {
    List<Signal> signals = new ArrayList<>();
    List<List<Scope.Declaration>> declared = new ArrayList<>();
    Signal signal = input.signal();
    for (int i = 0; i < layers.size(); i++) {
      Scope scope = new Scope(names.get(i), train);
      signal = layers.get(i).apply(signal, scope);
      signals.add(signal);
      declared.add(List.copyOf(scope.declared()));
    }
    return new Built(signals, declared);
  }

  private List<Scope.Declaration> declarations() {
    return inference.declared().stream().flatMap(List::stream).toList();
  }

  private static List<String> names(List<Layer> layers) {
    Map<String, Integer> seen = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (Layer layer : layers) {
      int before = seen.merge(layer.kind(), 1, Integer::sum) - 1;
      names.add(before == 0 ? layer.kind() : layer.kind() + "_" + before);
    }
    return List.copyOf(names);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}

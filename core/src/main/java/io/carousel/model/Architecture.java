package io.carousel.model;

import io.carousel.cell.Activation;
import io.carousel.cell.Convolution;
import io.carousel.layer.Activate;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Flip;
import io.carousel.layer.GlobalPooling;
import io.carousel.layer.GoBackwards;
import io.carousel.layer.Gru;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.Merge;
import io.carousel.layer.Named;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Resetting;
import io.carousel.layer.Reshape;
import io.carousel.layer.Shortcut;
import io.carousel.layer.Stack;
import io.carousel.layer.TimeDistributed;
import io.carousel.layer.TrainableStart;
import io.carousel.layer.WindowPooling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A model's structure as a plain tree of maps, lists, strings, numbers and booleans, for model files.
 *
 * <pre>
 *   {"model": "sequential", "input": {"kind": "tokens"},
 *    "layers": [{"layer": "embedding", "vocabulary": 10000, …}, {"layer": "lstm", "units": 64, …}, …]}
 *   {"model": "graph", "inputs": ["text", …], "outputs": ["topic", …],
 *    "nodes": [{"name": "embedding", "of": {"layer": "embedding", …}, "after": ["text"]}, …]}
 * </pre>
 *
 * A node follows the signals named in {@code after}: a node's name, or {@code lstm.1} for a further signal.
 * One switch writes and one switch reads, here and in {@link LayerTree} for layers, in {@link CellTree} for cells; a
 * new kind is a row in both. What is not known is refused, never skipped.
 */
public final class Architecture {
  private static final String LAYER = "layer";

  private Architecture() {}

  /**
   * The tree of a model.
   *
   * @throws IllegalArgumentException if a layer is not one of the library's
   */
  public static Map<String, Object> describe(Model model) {
    Wiring wiring = model.wiring();
    if (isPlainSequence(model)) {
      List<Object> layers = new ArrayList<>();
      model.layers().forEach(layer -> layers.add(describe(layer)));
      return tree("model", "sequential", "input", describe(model.input()), "layers", layers);
    }
    List<Object> nodes = new ArrayList<>();
    for (Wiring.Place place : wiring.places()) {
      nodes.add(tree(
          "name", place.name(), "of", describe(place.layer()),
          "after", new ArrayList<>(place.before().stream().map(wiring::name).toList())));
    }
    return tree(
        "model", "graph", "nodes", nodes, "inputs", new ArrayList<>(model.inputNames()),
        "outputs", new ArrayList<>(model.outputNames()));
  }

  /** True if the input and the list of layers say it all. */
  private static boolean isPlainSequence(Model model) {
    Wiring wiring = model.wiring();
    return wiring.isSequence()
        && wiring.equals(Wiring.sequence(model.input(), model.layers()));
  }

  private static Map<String, Object> describe(Input of) {
    Map<String, Object> input = tree("kind", of.kind().word());
    if (of.kind() != Input.Kind.TOKENS) {
      input.put("features", of.sizes().size() == 1 ? of.sizes().getFirst() : of.sizes());
    }
    if (!of.stepsOf().isEmpty()) { // as before there were such
      input.put("steps_of", of.stepsOf());
    }
    return input;
  }

  /**
   * The model of a tree.
   *
   * @throws IllegalArgumentException if the tree has a layer or an option that this version does not know, or
   *     is a graph that has a cycle, a name twice, or a node that leads nowhere
   */
  public static Model model(Map<String, ?> tree) {
    return model(new Node("model", tree));
  }

  private static Model model(Node node) {
    boolean graph = node.word("model", Set.of("sequential", "graph")).equals("graph");
    Wiring wiring;
    if (graph) {
      GraphReader reader = new GraphReader();
      for (Object each : node.list("nodes")) {
        Node one = Node.of("nodes", each);
        reader.add(one.string("name"), layer(one.node("of")), one.strings("after"));
        one.done();
      }
      wiring = reader.wiring(node.strings("inputs"), node.strings("outputs"));
    } else {
      Input input = input(node.node("input"));
      List<Layer> layers = new ArrayList<>();
      for (Object each : node.list("layers")) {
        layers.add(layer(Node.of("layers", each)));
      }
      wiring = Wiring.sequence(input, layers);
    }
    node.done();
    return new Model(wiring);
  }

  private static Input input(Node in) {
    Input.Kind kind = Input.Kind.valueOf(
        in.word("kind", Set.of("tokens", "sequence", "vector")).toUpperCase(Locale.ROOT));
    Input input = new Input(
        kind, kind == Input.Kind.TOKENS ? List.of() : in.integers("features"),
        in.has("steps_of") ? in.string("steps_of") : "");
    in.done();
    return input;
  }

  static Map<String, Object> describe(Layer layer) {
    return switch (layer) {
      case Embedding e -> tree(
          LAYER, "embedding", "vocabulary", e.vocabulary(), "dimension", e.dimension(),
          "trainable", e.trainable());
      case Lstm l -> CellTree.with(
          tree(LAYER, "lstm", "units", l.units(), "sequences", l.sequences(), "reverse", l.reverse()),
          l.cell().options());
      case Gru g -> CellTree.with(
          tree(LAYER, "gru", "sequences", g.sequences(), "reverse", g.reverse()), g.cell());
      case Recurrent.OfCell r -> tree(
          LAYER, "recurrent", "of", CellTree.describe(r, r.cell()), "sequences", r.sequences(),
          "reverse", r.reverse());
      case TimeDistributed d -> tree(LAYER, "time_distributed", "of", describe(d.layer()));
      case Bidirectional b -> {
        Map<String, Object> tree = tree(LAYER, "bidirectional", "of", describe(b.layer()));
        if (b.merge() != Bidirectional.Merging.CONCAT) { // as before there were others
          tree.put("merge", b.merge().word());
        }
        yield tree;
      }
      case TrainableStart t -> tree(LAYER, "trainable_start", "of", describe(t.layer()));
      case Resetting r -> tree(LAYER, "resetting", "of", describe(r.layer()));
      case GoBackwards g -> tree(LAYER, "go_backwards", "of", describe(g.layer()));
      case Stack s -> tree(
          LAYER, "stack", "of", new ArrayList<Object>(s.layers().stream().map(Architecture::describe).toList()),
          "dropout", s.dropout(), "connections", s.connections().word(), "sequences", s.sequences());
      case Flip f -> tree(LAYER, "flip");
      case Masking m -> tree(LAYER, "masking", "value", m.value());
      case Shortcut s -> tree(LAYER, "shortcut", "of", describe(s.layer()));
      case Dense d -> tree(LAYER, "dense", "units", d.units(), "activation", d.activation().word());
      case Dropout d -> tree(LAYER, "dropout", "rate", d.rate(), "wholeFeatures", d.wholeFeatures());
      case Pooling p -> tree(
          LAYER, "pooling", "kinds", new ArrayList<>(p.kinds().stream().map(Pooling.Kind::word).toList()));
      case Conv c -> windows(
          c.window(), LAYER, "conv", "filters", c.filters(), "form", c.form().word(),
          "activation", c.activation().word());
      case WindowPooling p -> windows(p.window(), LAYER, "window_pooling", "largest", p.largest());
      case GlobalPooling p -> tree(LAYER, "global_pooling", "largest", p.largest());
      case Reshape r -> tree(LAYER, "reshape", "sizes", r.sizes());
      case Named n -> tree(
          LAYER, "named", "name", n.name(), "shared", n.shared(), "of", describe(n.layer()));
      case InputLayer i -> tree(LAYER, "input", "of", describe(i.input()));
      case Model m -> tree(LAYER, "model", "of", describe(m));
      case Merge m -> tree(LAYER, "merge", "how", m.how().word());
      case Activate a -> tree(LAYER, "activation", "activation", a.activation().word());
      default -> LayerTree.describe(layer);
    };
  }

  static IllegalArgumentException foreign(Layer layer) {
    return new IllegalArgumentException(
        layer + ": only the library's own layers and cells can be described in a model file;"
            + " save the parameters alone");
  }

  static Layer layer(Node node) {
    String kind = node.string(LAYER);
    Layer layer =
        switch (kind) {
          case "embedding" ->
              new Embedding(node.integer("vocabulary"), node.integer("dimension"), node.flag("trainable"));
          case "lstm" -> new Lstm(node.integer("units"), node.flag("sequences"), node.flag("reverse"))
              .options(CellTree.lstmOptions(node));
          case "gru" -> new Gru(CellTree.gru(node), node.flag("sequences"), node.flag("reverse"));
          case "recurrent" ->
              Recurrent.of(CellTree.cell(node.node("of"))).with(node.flag("sequences"), node.flag("reverse"));
          case "bidirectional" -> new Bidirectional(
              recurrent(kind, node),
              node.has("merge") ? one(Bidirectional.Merging.values(), "merge", node) : Bidirectional.Merging.CONCAT);
          case "trainable_start" -> new TrainableStart(recurrent(kind, node));
          case "resetting" -> new Resetting(recurrent(kind, node));
          case "go_backwards" -> new GoBackwards(recurrent(kind, node));
          case "stack" -> {
            List<Layer> layers = new ArrayList<>();
            for (Object each : node.list("of")) {
              layers.add(layer(Node.of("of", each)));
            }
            yield new Stack(
                layers, node.number("dropout"), one(Stack.Connections.values(), "connections", node),
                node.flag("sequences"));
          }
          case "time_distributed" -> new TimeDistributed(layer(node.node("of")));
          case "flip" -> new Flip();
          case "masking" -> new Masking(node.number("value"));
          case "shortcut" -> new Shortcut(layer(node.node("of")));
          case "dense" -> new Dense(node.integer("units"), activation(node));
          case "dropout" -> new Dropout(node.number("rate"), node.flag("wholeFeatures"));
          case "pooling" -> new Pooling(kinds(node.list("kinds")));
          case "conv" -> new Conv(
              node.integer("filters"), windows(node),
              Conv.Form.valueOf(
                  node.word("form", Set.of("full", "depthwise", "separable")).toUpperCase(Locale.ROOT)),
              activation(node));
          case "window_pooling" -> new WindowPooling(node.flag("largest"), windows(node));
          case "global_pooling" -> new GlobalPooling(node.flag("largest"));
          case "reshape" -> new Reshape(node.integers("sizes"));
          case "named" -> new Named(layer(node.node("of")), node.string("name"), node.flag("shared"));
          case "input" -> new InputLayer(input(node.node("of")));
          case "model" -> model(node.node("of"));
          case "merge" -> new Merge(one(Merge.How.values(), "how", node));
          case "activation" -> new Activate(activation(node));
          default -> LayerTree.layer(kind, node);
        };
    node.done();
    return layer;
  }

  static Map<String, Object> windows(Convolution of, Object... keysAndValues) {
    Map<String, Object> tree = tree(keysAndValues);
    tree.put("window", of.window());
    tree.put("strides", of.strides());
    tree.put("dilation", of.dilation());
    tree.put("padding", of.padding().word());
    return tree;
  }

  static Convolution windows(Node node) {
    return new Convolution(
        node.integers("window"), node.integers("strides"), node.integer("dilation"),
        Convolution.Padding.valueOf(
            node.word("padding", Set.of("same", "causal", "valid")).toUpperCase(Locale.ROOT)));
  }

  private static Activation activation(Node node) {
    return activation(node.string("activation"));
  }

  static Activation activation(String word) {
    for (Activation each : Activation.values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw unknown("activation", word);
  }

  private static Recurrent recurrent(String kind, Node node) {
    if (layer(node.node("of")) instanceof Recurrent inner) {
      return inner;
    }
    throw new IllegalArgumentException("Architecture: " + kind + " needs a recurrent layer");
  }

  /** The constant whose name in files stands under a key: its own name in small letters. */
  private static <E extends Enum<E>> E one(E[] known, String key, Node node) {
    String word = node.string(key);
    for (E each : known) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw unknown(key, word);
  }

  static IllegalArgumentException unknown(String what, String word) {
    return new IllegalArgumentException(
        "Architecture: the " + what + " \"" + word + "\" is unknown to this version; use a newer one");
  }

  private static Pooling.Kind[] kinds(List<?> words) {
    List<Pooling.Kind> kinds = new ArrayList<>();
    for (Pooling.Kind each : Pooling.Kind.values()) {
      if (words.contains(each.word())) {
        kinds.add(each);
      }
    }
    if (kinds.size() != words.size()) {
      throw new IllegalArgumentException("Architecture: pooling must be of last, mean, max, got " + words);
    }
    return kinds.toArray(Pooling.Kind[]::new);
  }

  /** A map that keeps its order, of keys and values in turn. */
  static Map<String, Object> tree(Object... keysAndValues) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tree.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return tree;
  }

  /** A map being read: what is missing, of another type, or left over at the end is an error. */
  static final class Node {
    private final String where;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Node(String where, Map<?, ?> tree) {
      this.where = where;
      tree.forEach((key, value) -> left.put(String.valueOf(key), value));
    }

    static Node of(String where, Object tree) {
      if (tree instanceof Map<?, ?> map) {
        return new Node(where, map);
      }
      throw new IllegalArgumentException("Architecture: " + where + " must be an object, got " + tree);
    }

    private <E> E take(String key, Class<E> type, String what) {
      Object value = left.remove(key);
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "Architecture: \"" + key + "\" in " + where + " must be " + what + ", got " + value);
      }
      return type.cast(value);
    }

    String string(String key) {
      return take(key, String.class, "a text");
    }

    String word(String key, Set<String> known) {
      String word = string(key);
      if (!known.contains(word)) {
        throw new IllegalArgumentException(
            "Architecture: \"" + key + "\" in " + where + " is \"" + word
                + "\", unknown to this version; use a newer one");
      }
      return word;
    }

    double number(String key) {
      return take(key, Number.class, "a number").doubleValue();
    }

    /** True if there is such a key, for what is written only where it differs from the usual. */
    boolean has(String key) {
      return left.containsKey(key);
    }

    int integer(String key) {
      double value = number(key);
      if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Architecture: \"" + key + "\" in " + where + " must be a whole number, got " + value);
      }
      return (int) value;
    }

    /** A list of whole numbers; a single one stands for a list of one. */
    List<Integer> integers(String key) {
      if (!(left.get(key) instanceof List<?> numbers)) {
        return List.of(integer(key));
      }
      left.remove(key);
      Node each = new Node(where, Map.of());
      return numbers.stream().map(number -> {
        each.left.put(key, number);
        return each.integer(key);
      }).toList();
    }

    boolean flag(String key) {
      return take(key, Boolean.class, "true or false");
    }

    List<String> strings(String key) {
      List<String> strings = new ArrayList<>();
      for (Object each : list(key)) {
        strings.add(new Node(where, Map.of(key, each)).string(key));
      }
      return strings;
    }

    List<?> list(String key) {
      return take(key, List.class, "a list");
    }

    Node node(String key) {
      return of(key, take(key, Map.class, "an object"));
    }

    void done() {
      if (!left.isEmpty()) {
        throw new IllegalArgumentException(
            "Architecture: " + left.keySet() + " in " + where
                + " is unknown to this version; use a newer one");
      }
    }
  }
}

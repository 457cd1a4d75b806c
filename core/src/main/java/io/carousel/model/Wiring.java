package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.layer.Layer;
import io.carousel.layer.Named;
import io.carousel.layer.Node;
import io.carousel.layer.Signal;
import io.carousel.parameter.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which layer follows which: what a model is. A sequence is the wiring in which each follows the one before.
 *
 * @param places the layers, each after those that it follows
 * @param inputs the places of the inputs, in the order in which they are given
 * @param outputs the signals that come out
 */
record Wiring(List<Place> places, List<Integer> inputs, List<Wire> outputs) {
  /** A layer at its place, under a unique name, and the signals that it follows. */
  record Place(String name, Layer layer, List<Wire> before) {
    boolean isInput() {
      return input() != null;
    }

    /** What comes in here, or null if it is no input. */
    @Nullable Input input() {
      Layer own = layer instanceof Named named ? named.layer() : layer;
      return own instanceof InputLayer in ? in.input() : null;
    }
  }

  /** One signal of the layer at a place. */
  record Wire(int place, int part) {}

  Wiring {
    places = List.copyOf(places);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (outputs.isEmpty() || inputs.isEmpty()) {
      throw new IllegalArgumentException("Model: needs at least one input and one output");
    }
    if (new HashSet<>(outputs).size() != outputs.size()) {
      throw new IllegalArgumentException("Model: each output must be another signal, got one twice");
    }
    Set<String> names = new HashSet<>();
    boolean[] used = new boolean[places.size()];
    outputs.forEach(wire -> used[wire.place()] = true);
    for (int i = places.size() - 1; i >= 0; i--) {
      Place place = places.get(i);
      if (!names.add(place.name())) {
        throw new IllegalArgumentException(
            "Model: names must be unique, got two layers called " + place.name()
                + "; call one otherwise, or both shared(\"" + place.name() + "\") if they are one");
      }
      if (!used[i]) {
        throw new IllegalArgumentException(
            "Model: " + place.name() + " leads to no output; connect it or leave it out");
      }
      place.before().forEach(wire -> used[wire.place()] = true);
      if (place.isInput() != inputs.contains(i)) {
        throw new IllegalArgumentException(
            place.isInput()
                ? "Model: " + place.name() + " is an input that is not in the list of inputs; add it"
                : "Model: " + place.name() + " is in the list of inputs but is none; use Model.input(…)");
      }
    }
    for (int input : inputs) {
      requireSteps(places, places.get(input));
    }
  }

  /** The steps of an input must be those of another one that has its own. */
  private static void requireSteps(List<Place> places, Place place) {
    String other = Objects.requireNonNull(place.input()).stepsOf();
    boolean found = other.isEmpty();
    for (Place each : places) {
      Input input = each.input();
      found |= input != null && each.name().equals(other) && input.kind() != Input.Kind.VECTOR
          && input.stepsOf().isEmpty();
    }
    if (!found) {
      throw new IllegalArgumentException(
          "Model: input " + place.name() + " has the steps of " + other
              + ", which must be a sequence input with steps of its own");
    }
  }

  /** Layers one after the other. */
  static Wiring sequence(Input input, List<Layer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Model: needs at least one layer");
    }
    Names names = new Names();
    List<Place> places = new ArrayList<>();
    InputLayer first = new InputLayer(input);
    places.add(new Place(names.of(first), first, List.of()));
    for (Layer layer : layers) {
      places.add(new Place(names.of(layer), layer, List.of(new Wire(places.size() - 1, 0))));
    }
    return new Wiring(places, List.of(0), List.of(new Wire(places.size() - 1, 0)));
  }

  /** What nodes follow. */
  static Wiring of(List<Node> inputs, List<Node> outputs) {
    Map<Node, Integer> numbers = new IdentityHashMap<>();
    List<Place> places = new ArrayList<>();
    Names names = new Names();
    Set<Node> reached = new HashSet<>();
    outputs.forEach(output -> reach(output.first(), reached));
    for (Node input : inputs) {
      if (!reached.contains(input.first())) {
        throw new IllegalArgumentException(
            "Model: the input " + name(input) + " leads to no output; connect it or leave it out");
      }
      add(input.first(), numbers, places, names);
    }
    outputs.forEach(output -> add(output.first(), numbers, places, names));
    return new Wiring(
        places,
        inputs.stream().map(node -> Objects.requireNonNull(numbers.get(node.first()))).toList(),
        outputs.stream().map(node -> wire(node, numbers)).toList());
  }

  private static void reach(Node node, Set<Node> reached) {
    if (reached.add(node)) {
      node.before().forEach(each -> reach(each.first(), reached));
    }
  }

  private static void add(Node node, Map<Node, Integer> numbers, List<Place> places, Names names) {
    if (!numbers.containsKey(node)) {
      node.before().forEach(each -> add(each.first(), numbers, places, names));
      List<Wire> before = node.before().stream().map(each -> wire(each, numbers)).toList();
      numbers.put(node, places.size());
      places.add(new Place(names.of(node.layer()), node.layer(), before));
    }
  }

  private static Wire wire(Node node, Map<Node, Integer> numbers) {
    return new Wire(Objects.requireNonNull(numbers.get(node.first())), node.part());
  }

  private static String name(Node input) {
    return input.layer() instanceof Named named ? named.name() : input.layer().toString();
  }

  /** Gives names in Keras's manner: {@code lstm, lstm_1}; named layers have theirs, shared ones once more numbered. */
  private static final class Names {
    private final Map<String, Integer> seen = new HashMap<>();

    String of(Layer layer) {
      int before = seen.merge(layer.kind(), 1, Integer::sum) - 1;
      boolean own = layer instanceof Named named && !named.shared();
      return before == 0 || own ? layer.kind() : layer.kind() + "_" + before;
    }
  }

  /** The same, in which training leaves the layers of these names as they are. */
  Wiring frozen(Set<String> names) {
    for (String name : names) {
      if (place(name) < 0 || places.get(place(name)).isInput()) {
        throw new IllegalArgumentException(
            "Model: there is no layer " + name + " to freeze; there are "
                + places.stream().filter(place -> !place.isInput()).map(Place::name).toList());
      }
    }
    List<Place> changed = new ArrayList<>();
    for (Place place : places) {
      changed.add(
          names.contains(place.name()) ? new Place(place.name(), place.layer().frozen(), place.before()) : place);
    }
    return new Wiring(changed, inputs, outputs);
  }

  /** The place of a name, or -1. */
  int place(String name) {
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** How a signal is called: {@code lstm}, or {@code lstm.1} for a further one. */
  String name(Wire wire) {
    return places.get(wire.place()).name() + (wire.part() == 0 ? "" : "." + wire.part());
  }

  /** True if each layer follows the one before, and the last alone comes out. */
  boolean isSequence() {
    for (int i = 1; i < places.size(); i++) {
      if (!places.get(i).before().equals(List.of(new Wire(i - 1, 0)))) {
        return false;
      }
    }
    return inputs.equals(List.of(0)) && outputs.equals(List.of(new Wire(places.size() - 1, 0)));
  }

  /**
   * The signals of every place.
   *
   * @param in the signals that come in, or none if they are to be read from a batch
   * @param after called after each place
   */
  List<List<Signal>> apply(List<Signal> in, Scope scope, Runnable after) {
    List<List<Signal>> all = new ArrayList<>();
    if (!in.isEmpty()) {
      inputs.forEach(input -> requireSameSteps(in, places.get(input)));
    }
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      List<Signal> before = new ArrayList<>();
      if (place.isInput() && !in.isEmpty()) {
        before.add(in.get(inputs.indexOf(i)));
      }
      place.before().forEach(wire -> before.add(all.get(wire.place()).get(wire.part())));
      List<Signal> made = place.layer().apply(before, scope.child(place.name()));
      requireMasks(place, before, made);
      all.add(made);
      after.run();
    }
    return all;
  }

  /** Signals that come in where inputs have the same steps must have them too. */
  private void requireSameSteps(List<Signal> in, Place place) {
    String other = Objects.requireNonNull(place.input()).stepsOf();
    if (!other.isEmpty()) {
      Signal own = in.get(inputs.indexOf(place(place.name())));
      Signal whose = in.get(inputs.indexOf(place(other)));
      if (!own.hasStepsOf(whose)) {
        throw new IllegalArgumentException(
            "Model: input " + place.name() + " must have the steps of " + other + ", got sequences of different inputs");
      }
    }
  }

  /** A layer that does not know of skipped steps would take them for others, one of no lengths padding for steps. */
  private static void requireMasks(Place place, List<Signal> before, List<Signal> after) {
    for (Signal each : before) {
      Expr lengths = each.lengths();
      for (Signal made : after) {
        if (each.read() != null && made.read() == null
            && (takesStepsOf(each, before, made) || !asks(made.value(), each.read(), each, before))) {
          throw new IllegalArgumentException(
              place.layer() + ": cannot follow a sequence of which steps are skipped; pool it before");
        }
        if (lengths != null && made.lengths() == null && !asks(made.value(), lengths, each, before)) {
          throw new IllegalArgumentException(
              place.layer() + ": makes one array a row of a sequence without asking for the lengths of rows, so that"
                  + " padding would count; pool it before, or let it use the signal's own()");
        }
      }
    }
  }

  /** True if what was made has the steps of a signal, skipped ones among them, and not of one that skips none. */
  private static boolean takesStepsOf(Signal each, List<Signal> before, Signal made) {
    return made.hasStepsOf(each)
        && before.stream().noneMatch(other -> other.read() == null && made.hasStepsOf(other));
  }

  /** True if a value made of a signal is made of its mask or lengths as well, or not of the signal's value. */
  private static boolean asks(Expr value, Expr wanted, Signal each, List<Signal> before) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    before.forEach(signal -> seen.add(signal.value()));
    Deque<Expr> open = new ArrayDeque<>(List.of(value));
    boolean isMadeOfIt = false;
    while (!open.isEmpty()) {
      Expr node = open.pop();
      if (node == wanted) {
        return true;
      }
      isMadeOfIt |= node == each.value();
      if (seen.add(node)) {
        open.addAll(node.args());
      }
    }
    return !isMadeOfIt;
  }
}

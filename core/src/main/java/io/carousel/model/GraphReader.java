package io.carousel.model;

import io.carousel.layer.Layer;
import io.carousel.layer.Named;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** Makes a graph of nodes that refer to each other by name, in any order, as they stand in a file. */
final class GraphReader {
  private record Written(Layer layer, List<String> after) {}

  private final SequencedMap<String, Written> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Wiring.Place> places = new ArrayList<>();

  /** One node and the signals that it follows. */
  void add(String name, Layer layer, List<String> after) {
    Named.requireName(name);
    if (nodes.put(name, new Written(layer, after)) != null) {
      throw new IllegalArgumentException("Architecture: names must be unique, got two nodes called " + name);
    }
  }

  /** The graph between some inputs and outputs. */
  Wiring wiring(List<String> inputs, List<String> outputs) {
    for (String name : nodes.keySet()) {
      place(name, "nodes", new LinkedHashSet<>());
    }
    List<Integer> in = inputs.stream().map(name -> place(name, "inputs", new LinkedHashSet<>())).toList();
    return new Wiring(places, in, outputs.stream().map(name -> wire(name, "outputs", new LinkedHashSet<>())).toList());
  }

  /** The number of a place, whose layers before get theirs first. */
  private int place(String name, String from, SequencedSet<String> path) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    Written node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "Architecture: " + from + " names " + name + ", which is no node; there are "
              + String.join(", ", nodes.keySet()));
    }
    if (!path.add(name)) {
      List<String> cycle = new ArrayList<>(path);
      cycle = cycle.subList(cycle.indexOf(name), cycle.size());
      throw new IllegalArgumentException(
          "Architecture: a graph must lead from its inputs to its outputs, got the cycle "
              + String.join(" → ", cycle.reversed()) + " → " + cycle.getLast());
    }
    List<Wiring.Wire> before = node.after().stream().map(each -> wire(each, name, path)).toList();
    path.remove(name);
    numbers.put(name, places.size());
    places.add(new Wiring.Place(name, node.layer(), before));
    return places.size() - 1;
  }

  private Wiring.Wire wire(String signal, String from, SequencedSet<String> path) {
    int dot = signal.lastIndexOf('.');
    String name = dot < 0 ? signal : signal.substring(0, dot);
    int place = place(name, from, path);
    Layer layer = places.get(place).layer();
    for (int part = 0; part < layer.signals(); part++) {
      if (signal.equals(name + (part == 0 ? "" : "." + part))) {
        return new Wiring.Wire(place, part);
      }
    }
    throw new IllegalArgumentException(
        "Architecture: " + from + " names " + signal + ", but " + name + " gives " + layer.signals()
            + (layer.signals() == 1 ? " signal" : " signals, " + name + " to " + name + "." + (layer.signals() - 1)));
  }
}

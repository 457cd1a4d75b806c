package io.carousel.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * A place in a graph of layers: a layer after other places. Made by {@link Layer#on}; a model is made of what
 * its outputs follow.
 *
 * <pre>
 *   Node text = Model.input("text", Input.tokens());
 *   Node read = new Lstm(64).on(new Embedding(10_000, 32).on(text));
 * </pre>
 *
 * A layer of several signals gives the first at the node itself and the others by {@link #part}. Nodes are
 * immutable, so that a graph cannot have a cycle; two are the same place only if they are the same object, or
 * parts of the same one.
 */
public final class Node {
  private final Layer layer;
  private final List<Node> before;
  private final Node first;
  private final int part;

  Node(Layer layer, List<Node> before) {
    this.layer = layer;
    this.before = List.copyOf(before);
    this.first = this;
    this.part = 0;
  }

  private Node(Node first, int part) {
    this.layer = first.layer;
    this.before = first.before;
    this.first = first;
    this.part = part;
  }

  /** The layer that stands here. */
  public Layer layer() {
    return layer;
  }

  /** The places whose signals it follows, in order. */
  public List<Node> before() {
    return before;
  }

  /** The node of the layer's first signal, which stands for the place as a whole. */
  public Node first() {
    return first;
  }

  /** Which of the layer's signals this is, from 0. */
  public int part() {
    return part;
  }

  /**
   * Another signal of the same place.
   *
   * @param number from 0; 0 is the layer's output
   */
  public Node part(int number) {
    if (number < 0 || number >= layer.signals()) {
      throw new IllegalArgumentException(
          layer + ": gives " + layer.signals() + (layer.signals() == 1 ? " signal" : " signals")
              + ", there is no part " + number);
    }
    return number == 0 ? first : new Node(first, number);
  }

  /**
   * The last states of a recurrent layer, for example [h, c]: in these another one may begin, {@code
   * new Lstm(64).on(y, x.states())}.
   *
   * @throws IllegalArgumentException if the layer remembers nothing
   */
  public List<Node> states() {
    if (layer.states() == 0) {
      throw new IllegalArgumentException(
          layer + ": remembers nothing, so it has no states; take those of a recurrent layer");
    }
    List<Node> states = new ArrayList<>();
    for (int number = layer.signals() - layer.states(); number < layer.signals(); number++) {
      states.add(part(number));
    }
    return states;
  }

  @Override
  public String toString() {
    return layer + (part == 0 ? "" : ", part " + part);
  }
}

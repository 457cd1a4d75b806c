package io.carousel.layer;

import io.carousel.parameter.Rule;
import io.carousel.parameter.Scope;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a model: from the signal before it to the signal after it, as expressions.
 *
 * <p>A layer is a specification without numbers of its own, usually a record, so that one may stand
 * in several models. Its parameters are declared in the {@link Scope}; nobody writes a derivative.
 * {@code toString} says what it is with its options, {@code LSTM(units=64)}, and opens every error.
 */
public interface Layer {
  /** The word its names are made of, in Keras's manner: {@code lstm}, then {@code lstm_1} … */
  String kind();

  /**
   * The signal after this layer.
   *
   * @throws IllegalArgumentException if it cannot follow such a signal; says what would do
   */
  Signal apply(Signal in, Scope scope);

  /**
   * The signals after this layer, of several before it: what is called where it stands in a graph. A layer
   * of one signal leaves it as it is; one of several is a {@link Joining} layer.
   */
  default List<Signal> apply(List<Signal> in, Scope scope) {
    if (in.size() != 1) {
      throw new IllegalArgumentException(
          this + ": must follow one signal, got " + in.size() + "; join them by a Merge before it");
    }
    return List.of(apply(in.getFirst(), scope));
  }

  /** The number of signals that it gives, its last states among them. */
  default int signals() {
    return 1;
  }

  /** The number of last states among its signals; they are the last ones. */
  default int states() {
    return 0;
  }

  /** This layer in a graph, after other places: {@code Node y = new Lstm(64).on(x)}. */
  default Node on(Node... before) {
    return new Node(this, List.of(before));
  }

  /** The same; {@code then} often are the states of another recurrent layer, in which this one begins. */
  default Node on(Node before, List<Node> then) {
    return new Node(this, Stream.concat(Stream.of(before), then.stream()).toList());
  }

  /** The same layer, whose parameters obey these rules. */
  default Ruled with(Rule... rules) {
    return new Ruled(this, List.of(rules));
  }

  /** The same layer, left by training as it is. */
  default Layer frozen() {
    return with(Rule.all().frozen());
  }

  /** The same layer under a name of its own, which also begins the names of its parameters. */
  default Named named(String name) {
    return new Named(this, name, false);
  }

  /** The same layer to stand in several places of a model with one set of parameters, called by a name. */
  default Named shared(String name) {
    return new Named(this, name, true);
  }

  /** {@code in} itself if it is a sequence, with the common error where it is not. */
  static Signal requireSequence(Layer layer, Signal in) {
    if (!in.isSequence()) {
      throw new IllegalArgumentException(
          layer + ": input must be [B,T,F], got " + in.shapeText()
              + (in.value().isInt()
                  ? " tokens; add an Embedding before it"
                  : "; add an Embedding or a feature axis, and returnSequences() to a recurrent layer"
                      + " before it"));
    }
    return in;
  }

  /** {@code in} itself if it is made of numbers, with the common error where it is tokens. */
  static Signal requireFeatures(Layer layer, Signal in) {
    if (in.value().isInt()) {
      throw new IllegalArgumentException(
          layer + ": input must be [B,…] or [B,T,…], got " + in.shapeText()
              + " tokens; add an Embedding before it");
    }
    return in;
  }
}

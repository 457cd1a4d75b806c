package io.carousel.layer;

import io.carousel.parameter.Scope;

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

package io.carousel.layer;

import io.carousel.model.Input;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * A vector for each word of a vocabulary: tokens [B,T] to [B,T,dimension], rows of a table
 * [vocabulary, dimension]. The table begins uniform in ±0.05, as in Keras.
 *
 * @param vocabulary the number of words; tokens are 0 to vocabulary − 1
 * @param dimension the size of a word's vector
 * @param trainable false if training shall leave the table as it is
 */
public record Embedding(int vocabulary, int dimension, boolean trainable) implements Layer {
  public Embedding {
    if (vocabulary < 1 || dimension < 1) {
      throw new IllegalArgumentException(
          "Embedding: vocabulary and dimension must be at least 1, got " + vocabulary + " and " + dimension);
    }
  }

  public Embedding(int vocabulary, int dimension) {
    this(vocabulary, dimension, true);
  }

  @Override
  public Embedding frozen() {
    return new Embedding(vocabulary, dimension, false);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    if (!in.value().isInt()) {
      throw new IllegalArgumentException(
          this + ": input must be tokens [B,T], got " + in.shapeText()
              + "; put it first, or begin with Input.tokens()");
    }
    return in.with(
        scope
            .parameter("W", Shape.of(vocabulary, dimension), Initializers.table(), trainable)
            .gather(in.value()));
  }

  @Override
  public String kind() {
    return "embedding";
  }

  @Override
  public String toString() {
    return "Embedding(vocabulary=" + vocabulary + ", dimension=" + dimension + ")";
  }
}

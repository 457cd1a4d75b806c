package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.layer.Signal;
import io.carousel.tensor.Shape;
import java.util.Locale;

/**
 * What goes into a model: tokens, sequences of feature vectors, or single vectors.
 *
 * @param kind which of the three
 * @param features the size of a feature vector; 0 for tokens
 */
public record Input(Kind kind, int features) {
  /** The name of the token input, whole numbers [T,B]. */
  public static final String TOKENS = "tokens";

  /** The name of the feature input, [T,B,F] or [B,F]. */
  public static final String FEATURES = "features";

  /** The name of the input of row lengths, whole numbers [B]. */
  public static final String LENGTHS = "lengths";

  /** The kinds of input. */
  public enum Kind {
    TOKENS,
    SEQUENCE,
    VECTOR;

    /** Its name in model files, {@code sequence}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Input {
    if (kind == Kind.TOKENS ? features != 0 : features < 1) {
      throw new IllegalArgumentException("Input: features must be at least 1, got " + features);
    }
  }

  /** Rows of word numbers [B,T], each of its own length. */
  public static Input tokens() {
    return new Input(Kind.TOKENS, 0);
  }

  /** Rows of feature vectors [B,T,features], each of its own length. */
  public static Input sequence(int features) {
    return new Input(Kind.SEQUENCE, features);
  }

  /** One feature vector a row, [B,features]. */
  public static Input vector(int features) {
    return new Input(Kind.VECTOR, features);
  }

  /** The signal that goes into the first layer. */
  Signal signal() {
    Expr lengths = Expr.intInput(LENGTHS, Shape.of(Shape.B));
    return switch (kind) {
      case TOKENS -> Signal.of(Expr.intInput(TOKENS, Shape.of(Shape.T, Shape.B)), lengths);
      case SEQUENCE -> Signal.of(Expr.input(FEATURES, Shape.of(Shape.T, Shape.B, features)), lengths);
      case VECTOR -> Signal.of(Expr.input(FEATURES, Shape.of(Shape.B, features)), null);
    };
  }

  @Override
  public String toString() {
    return "Input(" + switch (kind) {
      case TOKENS -> "[B,T] tokens";
      case SEQUENCE -> "[B,T," + features + "]";
      case VECTOR -> "[B," + features + "]";
    } + ")";
  }
}

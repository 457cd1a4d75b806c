package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.layer.Signal;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What goes into a model: tokens, sequences, or one array a row.
 *
 * @param kind which of the three
 * @param sizes the axes of one step, or of one row where there are no steps: [F] for vectors, [h,w,c] for images;
 *     empty for tokens
 * @param stepsOf the other input of a graph whose steps this one has: the same lengths in each row; "" for its own
 */
public record Input(Kind kind, List<Integer> sizes, String stepsOf) {
  /** The name of the token input, whole numbers [T,B]. */
  public static final String TOKENS = "tokens";

  /** The name of the feature input, [T,B,…] or [B,…]. */
  public static final String FEATURES = "features";

  /** The name of the input of row lengths, whole numbers [B]. */
  public static final String LENGTHS = "lengths";

  /** The name of the input of a model that has one without a name; it is read from the three above. */
  static final String DEFAULT_NAME = "input";

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
    sizes = List.copyOf(sizes);
    if (kind == Kind.TOKENS ? !sizes.isEmpty() : sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException("Input: the sizes of features must be at least 1, got " + sizes);
    }
    if (kind == Kind.VECTOR && !stepsOf.isEmpty()) {
      throw new IllegalArgumentException(
          "Input: a vector has no steps, so it cannot have those of " + stepsOf + "; use Input.sequence");
    }
  }

  /** Rows of word numbers [B,T], each of its own length. */
  public static Input tokens() {
    return new Input(Kind.TOKENS, List.of(), "");
  }

  /** Rows of feature vectors [B,T,F], or of images [B,T,h,w,c], each of its own length. */
  public static Input sequence(int... sizes) {
    return new Input(Kind.SEQUENCE, Arrays.stream(sizes).boxed().toList(), "");
  }

  /** One feature vector a row, [B,F], or one image, [B,h,w,c]. */
  public static Input vector(int... sizes) {
    return new Input(Kind.VECTOR, Arrays.stream(sizes).boxed().toList(), "");
  }

  /**
   * The same with the steps of another input of the graph: both have one length in each row, so that layers may join
   * them step by step. Batches in which they differ are refused.
   *
   * @param other the name of an input with steps of its own
   */
  public Input withStepsOf(String other) {
    return new Input(kind, sizes, other);
  }

  /** The numbers of one step, or of one row where there are no steps; 0 for tokens. */
  public int features() {
    return kind == Kind.TOKENS ? 0 : step().count();
  }

  private Shape step() {
    return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The input of the numbers of an input of that name. */
  String numbers(String name) {
    String numbers = kind == Kind.TOKENS ? TOKENS : FEATURES;
    return name.equals(DEFAULT_NAME) ? numbers : name + "." + numbers;
  }

  /** The input of the row lengths of an input of that name. */
  static String lengths(String name) {
    return name.equals(DEFAULT_NAME) ? LENGTHS : name + "." + LENGTHS;
  }

  /** The signal that goes into the first layer. */
  Signal signal(String name) {
    Expr lengths = Expr.intInput(lengths(stepsOf.isEmpty() ? name : stepsOf), Shape.of(Shape.B));
    String numbers = numbers(name);
    return switch (kind) {
      case TOKENS -> Signal.of(Expr.intInput(numbers, Shape.of(Shape.T, Shape.B)), lengths);
      case SEQUENCE -> Signal.of(Expr.input(numbers, step().insert(0, Shape.B).insert(0, Shape.T)), lengths);
      case VECTOR -> Signal.of(Expr.input(numbers, step().insert(0, Shape.B)), null);
    };
  }

  @Override
  public String toString() {
    return "Input(" + signal(DEFAULT_NAME).shapeText() + (kind == Kind.TOKENS ? " tokens" : "")
        + (stepsOf.isEmpty() ? ")" : ", steps of " + stepsOf + ")");
  }
}

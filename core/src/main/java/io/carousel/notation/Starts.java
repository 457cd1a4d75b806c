package io.carousel.notation;

import io.carousel.notation.Lexer.Token;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.tensor.CounterRandom;
import java.util.List;
import java.util.Map;

/**
 * How the parameters of a cell's text begin.
 *
 * <p>Where the text does not say it: matrices of what depends on a state orthogonal, other matrices Glorot
 * uniform, vectors {@code p} and {@code p_…} uniform in ±0.1, all other vectors zero; as the cells of the
 * library do.
 */
final class Starts {
  private static final double PEEPHOLES = 0.1;

  private Starts() {}

  /** {@code init b = 1}. */
  static Syntax.Start number(int at, double number) {
    return new Syntax.Start(at, "a number", Initializers.constant(number));
  }

  /** {@code init R = orthogonal}, by the names of {@link Initializers}; {@code glorot} is {@code glorot_uniform}. */
  static Syntax.Start named(Source source, Token word, List<Double> numbers, boolean negative) {
    String name = word.text().matches("glorot|he|lecun") ? word.text() + "_uniform" : word.text();
    if (!Initializers.names().contains(name)) {
      throw source.error(word.at(), "nothing begins as " + word.text()
          + Suggestions.among(name, Initializers.names(), "; write a number or one of "));
    }
    try {
      Initializer how = Initializers.named(name, numbers.stream().mapToDouble(Double::doubleValue).toArray());
      return new Syntax.Start(word.at(), word.text(), negative ? negative(how) : how);
    } catch (IllegalArgumentException e) {
      throw source.error(word.at(), e.getMessage());
    }
  }

  private static Initializer negative(Initializer of) {
    return (values, offset, shape, key) -> {
      of.fill(values, offset, shape, key);
      for (int i = offset; i < offset + shape.count(); i++) {
        values[i] = -values[i];
      }
    };
  }

  /** How a parameter of a text begins. */
  static Initializer of(CellText text, String parameter, Map<String, Integer> sizes) {
    Shapes shapes = text.shapes();
    boolean matrix = shapes.parameter(parameter).size() == 2;
    Initializer start = matrix
        ? shapes.isRecurrent(parameter) ? Initializers.orthogonal() : Initializers.glorotUniform()
        : parameter.matches("p(_.*)?") ? Initializers.uniform(PEEPHOLES) : Initializers.zeros();
    for (Syntax.Init init : text.syntax().inits()) {
      if (init.name().equals(parameter)) {
        check(text, init.start(), parameter, matrix);
        start = init.range() == null ? init.start().how() : part(text, init, init.range(), start, sizes);
      }
    }
    return start;
  }

  private static void check(CellText text, Syntax.Start start, String parameter, boolean matrix) {
    if (start.word().matches(matrix ? "gate|chrono" : "identity|orthogonal|(glorot|he|lecun).*")) {
      throw text.syntax().source().error(start.at(), start.word() + " is for " + (matrix ? "vectors, " : "matrices, ")
          + parameter + " is a " + (matrix ? "matrix" : "vector") + "; use uniform(0.1) or a number");
    }
  }

  /** The beginning {@code whole} with another one in some places of the last axis. */
  private static Initializer part(
      CellText text, Syntax.Init init, Syntax.Range range, Initializer whole, Map<String, Integer> sizes) {
    int last = text.shapes().parameter(init.name()).getLast().number(sizes);
    int[] part = range.numbers(sizes, last);
    int from = part[0];
    int size = part[1] - from;
    if (from < 0 || size < 1 || part[1] > last) {
      throw text.syntax().source().error(init.at(), "a part must lie within its parameter, got [" + from + ":" + part[1]
          + "] of [" + last + "] where " + sizes);
    }
    return (values, offset, shape, key) -> {
      whole.fill(values, offset, shape, key);
      float[] own = new float[shape.count() / last * size];
      init.start().how().fill(own, 0, shape.with(-1, size), CounterRandom.key(key, from)); // other numbers in each part
      for (int row = 0; row * size < own.length; row++) {
        System.arraycopy(own, row * size, values, offset + row * last + from, size);
      }
    };
  }
}

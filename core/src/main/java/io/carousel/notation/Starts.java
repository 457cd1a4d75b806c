package io.carousel.notation;

import io.carousel.notation.Lexer.Token;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
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
    List<Size> shape = shapes.parameter(parameter);
    int last = shape.getLast().number(sizes);
    Initializer start = shape.size() == 2
        ? shapes.isRecurrent(parameter) ? Initializers.orthogonal() : Initializers.glorotUniform()
        : parameter.matches("p(_.*)?") ? Initializers.uniform(PEEPHOLES) : Initializers.zeros();
    for (Syntax.Init init : text.syntax().inits()) {
      if (init.name().equals(parameter)) {
        int[] part = init.range() == null ? new int[] {0, last} : init.range().numbers(sizes, last);
        if (part[0] < 0 || part[0] >= part[1] || part[1] > last) {
          throw text.syntax().source().error(init.at(), "a part must lie within its parameter, got [" + part[0] + ":"
              + part[1] + "] of [" + last + "] where " + sizes);
        }
        check(text.syntax().source(), init, shape.size() == 2, part[1] - part[0]);
        start = init.range() == null ? init.start().how() : part(init.start().how(), part[0], part[1] - part[0], start);
      }
    }
    return start;
  }

  private static void check(Source source, Syntax.Init init, boolean matrix, int size) {
    Syntax.Start start = init.start();
    boolean gates = start.word().matches("gate|chrono");
    if (matrix ? gates : start.word().matches("identity|orthogonal|(glorot|he|lecun).*")) {
      throw source.error(start.at(), start.word() + " is for " + (matrix ? "vectors, " : "matrices, ")
          + init.name() + " is a " + (matrix ? "matrix" : "vector") + "; use uniform(0.1) or a number");
    }
    if (gates) { // now, where the place is known: so many gates may not fit
      try {
        start.how().fill(new float[size], 0, Shape.of(size), 0);
      } catch (IllegalArgumentException e) {
        throw source.error(start.at(), e.getMessage());
      }
    }
  }

  /** A beginning in some places of the last axis, another one in the others. */
  private static Initializer part(Initializer own, int from, int size, Initializer others) {
    return (values, offset, shape, key) -> {
      others.fill(values, offset, shape, key);
      int last = shape.size(-1);
      float[] part = new float[shape.count() / last * size];
      own.fill(part, 0, shape.with(-1, size), CounterRandom.key(key, from)); // other numbers in each part
      for (int row = 0; row * size < part.length; row++) {
        System.arraycopy(part, row * size, values, offset + row * last + from, size);
      }
    };
  }
}

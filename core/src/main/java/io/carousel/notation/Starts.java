package io.carousel.notation;

import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
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

  static Initializer of(CellText text, String parameter, Map<String, Integer> sizes) {
    Shapes shapes = text.shapes();
    Initializer start = shapes.parameter(parameter).size() == 2
        ? shapes.isRecurrent(parameter) ? Initializers.orthogonal() : Initializers.glorotUniform()
        : parameter.matches("p(_.*)?") ? Initializers.uniform(PEEPHOLES) : Initializers.zeros();
    for (Syntax.Init init : text.syntax().inits()) {
      if (init.name().equals(parameter)) {
        start = init.part() ? part(text, init, start, sizes) : of(text, init);
      }
    }
    return start;
  }

  private static Initializer of(CellText text, Syntax.Init init) {
    Syntax.Start start = init.start();
    boolean vector = text.shapes().parameter(init.name()).size() == 1;
    if (vector && java.util.Set.of("glorot", "orthogonal", "identity").contains(start.word())) {
      throw text.syntax().source().error(
          start.at(), start.word() + " is for matrices, " + init.name() + " is a vector; use uniform(0.1) or a number");
    }
    return switch (start.word()) {
      case "zeros" -> Initializers.zeros();
      case "ones" -> Initializers.ones();
      case "glorot" -> Initializers.glorotUniform();
      case "orthogonal" -> Initializers.orthogonal();
      case "uniform" -> start.low() == -start.number()
          ? Initializers.uniform(start.number())
          : Initializers.uniform(start.low(), start.number());
      case "normal" -> (values, offset, shape, key) -> {
        for (int i = 0; i < shape.count(); i++) {
          values[offset + i] = (float) (start.number() * CounterRandom.normal(key, i));
        }
      };
      case "identity" -> Initializers.identity();
      default -> (values, offset, shape, key) ->
          Arrays.fill(values, offset, offset + shape.count(), (float) start.number());
    };
  }

  /** The beginning {@code whole} with another one in some places of the last axis. */
  private static Initializer part(
      CellText text, Syntax.Init init, Initializer whole, Map<String, Integer> sizes) {
    if (!java.util.Set.of("constant", "zeros", "ones").contains(init.start().word())) {
      throw text.syntax().source().error(init.start().at(), "a part begins with a number, as in init "
          + init.name() + "[0:" + text.sizes().getFirst() + "] = 1");
    }
    double number = init.start().word().equals("ones") ? 1 : init.start().number();
    int from = init.from() == null ? 0 : init.from().number(sizes);
    int last = text.shapes().parameter(init.name()).getLast().number(sizes);
    int to = init.to() == null ? last : init.to().number(sizes);
    if (from < 0 || from >= to || to > last) {
      throw text.syntax().source().error(init.at(), "a part must lie within its parameter, got [" + from + ":" + to
          + "] of [" + last + "] where " + sizes);
    }
    return (values, offset, shape, key) -> {
      whole.fill(values, offset, shape, key);
      for (int row = 0; row < shape.count(); row += last) {
        Arrays.fill(values, offset + row + from, offset + row + to, (float) number);
      }
    };
  }
}

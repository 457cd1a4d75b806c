package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.parameter.Scope;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A function of one's own, written with {@link Expr}: {@code new Lambda("half", x -> x.times(0.5))}. It is given
 * vectors [B,F], or a sequence [T,B,F], time first, and gives one of the same; its derivative is derived.
 *
 * <p>It must make each row, and each step of a sequence, of the same row and step alone: it knows nothing of lengths
 * and skipped steps. This is tried when a model is made, on a few random numbers. What goes over steps is a
 * {@link Pooling}, or a {@link Layer} of one's own, which is given the lengths.
 *
 * <p>A model file has no place for code: a model with such a layer cannot be saved, its parameters can.
 *
 * @param name what it is called in summaries and errors
 * @param function what it does with each signal
 */
public record Lambda(String name, UnaryOperator<Expr> function) implements Layer {
  private static final int ROWS = 2;
  private static final int STEPS = 8;

  public Lambda {
    if (name == null || name.isBlank() || function == null) {
      throw new IllegalArgumentException("Lambda: needs a name and a function, got " + name + " and " + function);
    }
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Expr value = in.isSequence() ? Poles.avoided(in, x -> List.of(result(x))).getFirst() : result(in.value());
    Shape before = in.value().shape();
    Shape after = value.shape();
    int outer = in.isSequence() ? 2 : 1;
    boolean fits = !value.isInt() && after.rank() > outer;
    for (int axis = 0; fits && axis < outer; axis++) {
      fits = after.size(axis) == before.size(axis);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          this + ": the function must give " + (outer == 2 ? "[T,B,…]" : "[B,…]") + " of " + before + ", got " + after
              + (outer == 2 ? "; pool before it, or write a Layer" : "; write a Layer"));
    }
    requireEachAlone(before, outer);
    return in.with(value);
  }

  private Expr result(Expr x) {
    Expr result;
    try {
      result = function.apply(x);
    } catch (IllegalArgumentException e) { // from an expression, which does not know the layer
      throw new IllegalArgumentException(this + ": " + e.getMessage(), e);
    }
    if (result == null) {
      throw new IllegalArgumentException(this + ": the function must give an expression, got null");
    }
    return result;
  }

  /** Changes one place and looks at the others. */
  private void requireEachAlone(Shape shape, int outer) {
    Expr result = function.apply(Expr.input("x", shape));
    for (Expr node : Expr.topological(List.of(result))) {
      if (node.op() instanceof Op.Parameter || (node.op() instanceof Op.Input in && !in.name().equals("x"))) {
        throw new IllegalArgumentException(
            this + ": the function must use what it is given alone, got " + node.op().word()
                + "; write a Layer, which declares parameters");
      }
    }
    int places = outer == 2 ? STEPS * ROWS : ROWS;
    double[] x = new double[shape.count(ROWS, STEPS)];
    Arrays.setAll(x, i -> CounterRandom.normal(1, i));
    double[] expected = eval(result, x);
    int changed = places / 2;
    int each = x.length / places;
    for (double by : new double[] {1e3, -1e3}) {
      double[] other = x.clone();
      for (int i = changed * each; i < (changed + 1) * each; i++) {
        other[i] += by;
      }
      double[] found = eval(result, other);
      int size = found.length / places;
      for (int i = 0; i < found.length; i++) {
        if (i / size != changed && Double.compare(found[i], expected[i]) != 0) {
          throw new IllegalArgumentException(
              this + ": the function must make each " + (outer == 2 ? "step" : "row") + " of the same one alone, but"
                  + " others change it; write a Layer, which is given the lengths of rows");
        }
      }
    }
  }

  private static double[] eval(Expr result, double[] x) {
    return Interpreter.of(ROWS, STEPS, 0).set("x", x).eval(result);
  }

  @Override
  public String kind() {
    return "lambda";
  }

  @Override
  public String toString() {
    return "Lambda(" + name + ")";
  }
}

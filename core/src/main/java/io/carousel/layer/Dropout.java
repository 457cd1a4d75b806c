package io.carousel.layer;

import io.carousel.cell.DropoutMask;
import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * While training, sets a part of its inputs to zero and scales up the rest: y = x · m / (1 − rate),
 * m = 0 with probability {@code rate}, else 1. Does nothing when the model answers.
 *
 * <p>The random numbers are a function of the step's key, the layer's name and the place. A whole
 * feature of a row may be dropped over all its steps, and of an image at all its places, instead ({@link #spatial}),
 * which suits embeddings and convolutions: neighbors cannot stand in for each other.
 *
 * <p>Source: Srivastava et al.: Dropout, 2014; whole features: Tompson et al.: Efficient Object
 * Localization Using Convolutional Networks, 2015 (Keras's SpatialDropout1D and 2D).
 *
 * @param rate the part that is dropped, 0 to below 1
 * @param wholeFeatures true to drop a feature at all steps and places of a row or at none
 */
public record Dropout(double rate, boolean wholeFeatures) implements Layer {
  public Dropout {
    DropoutMask.requireRate("Dropout", rate);
  }

  /** Drops each number on its own. */
  public Dropout(double rate) {
    this(rate, false);
  }

  /** Drops a feature of a row at all of its steps or at none. */
  public static Dropout spatial(double rate) {
    return new Dropout(rate, true);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    if (!scope.training() || rate == 0) {
      return in;
    }
    Shape shape = in.value().shape();
    Shape dropped = wholeFeatures ? wholeFeatures(shape) : shape;
    Expr value = in.value().times(DropoutMask.of(rate, scope.name(), dropped));
    Expr last = in.last();
    if (last != null) {
      // Whole features: the mask of the steps. Else the last output gets numbers of its own.
      last = wholeFeatures
          ? last.times(DropoutMask.of(rate, scope.name(), dropped).reshape(dropped.drop(0)))
          : last.times(DropoutMask.of(rate, scope.name() + ".last", last.shape()));
    }
    return new Signal(value, last, in.lengths(), in.zeroPadded(), in.read());
  }

  /** The shape with one step and one place: the rows and the features stay. */
  private static Shape wholeFeatures(Shape shape) {
    Shape one = shape;
    for (int axis = 0; axis < shape.rank() - 1; axis++) {
      one = shape.size(axis) == Shape.B ? one : one.with(axis, 1);
    }
    return one;
  }

  @Override
  public String kind() {
    return wholeFeatures ? "spatial_dropout" : "dropout";
  }

  @Override
  public String toString() {
    return (wholeFeatures ? "SpatialDropout(" : "Dropout(") + rate + ")";
  }
}

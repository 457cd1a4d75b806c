package io.carousel.layer;

import io.carousel.cell.Convolution;
import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;

/**
 * Where the windows of a layer lie in a signal: over its steps, or over the places of one row or step.
 *
 * @param in the signal before the layer
 * @param window the windows
 * @param axis the axis of the value at which they begin
 */
record Windows(Signal in, Convolution window, int axis) {
  /**
   * The place of a layer's windows.
   *
   * @throws IllegalArgumentException if there is none; says what would do
   */
  static Windows of(Layer layer, Signal in, Convolution window) {
    Layer.requireFeatures(layer, in);
    int axes = window.window().size();
    int rank = in.value().shape().rank();
    boolean overTime = axes == 1 && in.isSequence() && rank == 3;
    int inner = rank - (in.isSequence() ? 2 : 1);
    if (!overTime && inner != axes + 1) {
      throw new IllegalArgumentException(
          layer + ": input must be "
              + (axes == 1 ? "[B,T,F], [B,n,c] or [B,T,n,c], got " : "[B,h,w,c] or [B,T,h,w,c], got ") + in.shapeText()
              + "; add a Reshape before it");
    }
    int first = rank - 1 - axes;
    if (overTime && in.read() != null) {
      throw new IllegalArgumentException(
          layer + ": its windows cannot go over a sequence of which steps are skipped; put it before the Masking,"
              + " or pool before it");
    }
    if (overTime) {
      return new Windows(in, window, 0);
    }
    try {
      window.output(in.value().shape(), first);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(layer + ": " + e.getMessage() + ", got " + in.shapeText(), e);
    }
    return new Windows(in, window, first);
  }

  boolean overTime() {
    return Shape.isTime(in.value().shape().size(axis));
  }

  /** The value, with zeros at steps that are not the row's own if windows go over them. */
  Expr input() {
    return overTime() ? in.zeroed() : in.value();
  }

  /** 1 at the steps or places that are the row's own, of the rank of the value. */
  Expr inside() {
    if (overTime()) {
      return in.mask();
    }
    Shape ones = in.value().shape();
    for (int i = 0; i < ones.rank(); i++) {
      ones = i >= axis && i < ones.rank() - 1 ? ones : ones.with(i, 1);
    }
    return Expr.full(1, ones);
  }

  /** The signal after the layer, whose value is what the windows gave. */
  Signal signal(Expr value) {
    if (!overTime()) {
      return in.with(value);
    }
    return Signal.of(value, window.steps(in.requireLengths()));
  }
}

package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.stream.IntStream;

/**
 * The largest, or the mean, of each feature over all places of an image or of an array: [B,h,w,c] to [B,c], [B,n,c] to
 * [B,c], or the same at each step of a sequence, [B,T,h,w,c] to [B,T,c]. Over the steps of a sequence: {@link
 * Pooling}.
 *
 * @param largest true for the largest, false for the mean
 */
public record GlobalPooling(boolean largest) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Shape shape = in.value().shape();
    int outer = in.isSequence() ? 2 : 1;
    int[] places = IntStream.range(outer, shape.rank() - 1).toArray();
    if (places.length == 0) {
      throw new IllegalArgumentException(
          this + ": input must be [B,h,w,c], [B,n,c] or the same at each step, got " + in.shapeText()
              + "; over the steps of a sequence use Pooling");
    }
    Expr pooled = in.value();
    int count = 1;
    Shape rest = shape;
    for (int axis : places) {
      count *= shape.size(axis);
      pooled = largest ? pooled.max(axis) : pooled;
      rest = rest.drop(outer);
    }
    Expr value = largest ? pooled : pooled.sum(places).times(1.0 / count);
    return new Signal(value.reshape(rest), null, in.lengths(), in.zeroPadded(), in.read());
  }

  @Override
  public String kind() {
    return largest ? "global_max_pooling" : "global_mean_pooling";
  }

  @Override
  public String toString() {
    return largest ? "GlobalMaxPooling()" : "GlobalMeanPooling()";
  }
}

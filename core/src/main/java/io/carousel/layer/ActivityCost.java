package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Regularizer;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Leaves a signal as it is and adds to the loss what the size of its numbers costs: for each row
 * l1 Σ|x| + l2 Σ x² over its own steps, of which the batch takes the mean; Keras's {@code ActivityRegularization}.
 *
 * @param regularizer l1 and l2
 */
public record ActivityCost(Regularizer regularizer) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Expr each = regularizer.each(in.isSequence() ? in.zeroed() : in.value());
    int rank = each.shape().rank();
    int[] all = IntStream.range(0, rank).filter(axis -> each.shape().size(axis) != Shape.B).toArray();
    scope.cost(each.sum(all).reshape(Shape.of(Shape.B, 1)));
    return in;
  }

  @Override
  public String kind() {
    return "activity_cost";
  }

  @Override
  public String toString() {
    return "ActivityCost(" + regularizer + ")";
  }
}

package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;

/**
 * A dense layer that has the table of an embedding before it as its matrix: y = activation(x Wᵀ + b), a number for
 * each word. Both layers add to the gradient of the one table.
 *
 * <p>x [B,F] or [B,T,F], W [vocabulary,F], b [vocabulary] begins zero.
 *
 * <p>Source: Press, Wolf: Using the Output Embedding to Improve Language Models, 2017.
 *
 * @param embedding the name of the embedding in the model, {@code embedding} for the first
 * @param activation what is done to the outputs
 */
public record TiedDense(String embedding, Activation activation) implements Layer {
  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    Expr table = scope.declaredBefore(embedding + ".W");
    if (table.shape().rank() != 2 || table.shape().size(1) != in.features()) {
      throw new IllegalArgumentException(
          this + ": input must have the size of the vectors of " + embedding + " " + table.shape() + ", got "
              + in.shapeText() + "; put a Dense of that size before");
    }
    Expr b = scope.parameter("b", Shape.of(table.shape().size(0)), Initializers.zeros());
    return in.map(x -> activation.of(x.matmul(table.transpose()).plus(b)), false);
  }

  @Override
  public String kind() {
    return "tied_dense";
  }

  @Override
  public String toString() {
    return "TiedDense(" + embedding + ", " + activation.word() + ")";
  }
}

package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Adds to each step t of a sequence [B,T,F] a vector of its own, which is learned: y[t] = x[t] + P[t].
 *
 * <p>P [length,F] begins uniform in ±0.05, as an embedding. Rows of more steps than P has are refused. P is taken as a
 * product with a matrix of ones and zeros, T · length · F multiplications a batch, whatever its rows.
 *
 * <p>Source: Gehring et al.: Convolutional Sequence to Sequence Learning, 2017, section 3.1.
 *
 * @param length the most steps of a row
 */
public record LearnedPositions(int length) implements Layer {
  public LearnedPositions {
    if (length < 1) {
      throw new IllegalArgumentException("LearnedPositions: length must be at least 1, got " + length);
    }
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Attention.requireOneOrTwo(this, List.of(in));
    scope.limit(toString(), in.requireLengths(), length);
    Expr p = scope.parameter("P", Shape.of(length, in.features()), Initializers.table());
    Shape square = Shape.of(in.value().shape().size(0), length);
    Expr own = Expr.index(square, 0).equal(Expr.index(square, 1)).matmul(p);
    return in.with(in.value().plus(own.reshape(own.shape().insert(1, 1))));
  }

  @Override
  public String kind() {
    return "learned_positions";
  }

  @Override
  public String toString() {
    return "LearnedPositions(length=" + length + ")";
  }
}

package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * The plain recurrent network.
 *
 * <pre>
 *   h' = activation(W x + R h + b)
 * </pre>
 *
 * x [B,I], h [B,H], W [I,H], R [H,H], b [H]. W begins Glorot uniform, R orthogonal, b zero.
 *
 * <p>Source: Elman: Finding Structure in Time, 1990; with relu and R that begins as the identity: Le,
 * Jaitly, Hinton: A Simple Way to Initialize Recurrent Networks of Rectified Linear Units, 2015 (IRNN).
 * Differs from the source: any activation, of which tanh is the usual one, instead of the logistic
 * function; the IRNN's W begins Glorot uniform instead of normal with a deviation of 0.001.
 *
 * @param units the size H of the state
 * @param activation what is done to each unit
 * @param identity true if R begins as the identity
 * @param clip what goes into the activation is limited to ±clip before it; infinite for no limit
 * @param bias false for a cell without b
 */
public record RnnCell(int units, Activation activation, boolean identity, double clip, boolean bias)
    implements Cell {
  public RnnCell {
    Gates.requireUnits("RNN", units);
    Gates.requireClip("RNN", clip);
  }

  /** With any activation. */
  public RnnCell(int units, Activation activation) {
    this(units, activation, false, Double.POSITIVE_INFINITY, true);
  }

  /** With tanh. */
  public RnnCell(int units) {
    this(units, Activation.TANH);
  }

  /** With relu, and R that begins as the identity, so that a new cell adds up its inputs: the IRNN. */
  public static RnnCell irnn(int units) {
    return new RnnCell(units, Activation.RELU, true, Double.POSITIVE_INFINITY, true);
  }

  /** The same with what goes into the activation limited to ±limit. */
  public RnnCell clip(double limit) {
    return new RnnCell(units, activation, identity, limit, bias);
  }

  /** The same without b. */
  public RnnCell withoutBias() {
    return new RnnCell(units, activation, identity, clip, false);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates =
        new Gates(
            units,
            scope.parameter("W", Shape.of(Cell.features(this, input), units), Initializers.glorotUniform()),
            scope.parameter(
                "R", Shape.of(units, units), identity ? Initializers.identity() : Initializers.orthogonal()),
            bias ? scope.parameter("b", Shape.of(units), Initializers.zeros()) : null);
    return (current, states) -> {
      Expr h = activation.of(gates.sum(current.getFirst(), states.getFirst()), clip);
      return new Scans.Step(List.of(h), List.of(h));
    };
  }

  @Override
  public String toString() {
    return "RNN(units=" + units + ", activation=" + activation.word() + (identity ? ", identity" : "")
        + (Double.isInfinite(clip) ? "" : ", clip=" + clip) + (bias ? ")" : ", bias=false)");
  }
}

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
 * <p>Source: Elman: Finding Structure in Time, 1990. Differs from the source: any activation, of which
 * tanh is the usual one, instead of the logistic function.
 *
 * @param units the size H of the state
 * @param activation what is done to each unit
 */
public record RnnCell(int units, Activation activation) implements Cell {
  public RnnCell {
    Gates.requireUnits("RNN", units);
  }

  /** With tanh. */
  public RnnCell(int units) {
    this(units, Activation.TANH);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 1, input, scope, Initializers.zeros());
    return (current, states) -> {
      Expr h = activation.of(gates.sum(current.getFirst(), states.getFirst()));
      return new Scans.Step(List.of(h), List.of(h));
    };
  }
}

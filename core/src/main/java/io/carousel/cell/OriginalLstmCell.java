package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Long short-term memory without a forget gate, as it was at first: what is in the cell stays.
 *
 * <pre>
 *   i, o = σ(W x + R h + b)   g = tanh(W x + R h + b)
 *   c' = c + i ⊙ g            h' = o ⊙ tanh(c')
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,3H], R [H,3H], b [3H]; gate order i g o. W begins Glorot uniform, R
 * orthogonal, b zero.
 *
 * <p>Source: Hochreiter, Schmidhuber: Long Short-Term Memory, 1997, equations 4 to 9. Differs from the source: g
 * and h squash by tanh instead of to ±2 and ±1 by logistic functions; one cell a block; gradients are not
 * truncated.
 *
 * @param units the size H of the states
 */
public record OriginalLstmCell(int units) implements Cell {
  public OriginalLstmCell {
    Gates.requireUnits("OriginalLSTM", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 3, input, scope, Initializers.zeros());
    return (current, states) -> {
      Expr z = gates.sum(current.getFirst(), states.get(0));
      Expr i = sigmoid(gates.of(z, 0));
      Expr g = tanh(gates.of(z, 1));
      Expr o = sigmoid(gates.of(z, 2));
      Expr nextC = states.get(1).plus(i.times(g));
      Expr nextH = o.times(tanh(nextC));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  @Override
  public String toString() {
    return "OriginalLSTM(units=" + units + ")";
  }
}

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
 * Minimal gated unit: a gated recurrent unit whose one gate forgets and resets.
 *
 * <pre>
 *   f = σ(W x + R h + b)    n = tanh(W x + R (f ⊙ h) + b)
 *   h' = (1 − f) ⊙ h + f ⊙ n
 * </pre>
 *
 * x [B,I], h [B,H], W [I,2H], R [H,2H], b [2H]; gate order f n. W begins Glorot uniform, R orthogonal, b zero.
 *
 * <p>Source: Zhou, Wu, Zhang, Zhou: Minimal Gated Unit for Recurrent Neural Networks, 2016, equations 8 to 10.
 * Differs from the source: none.
 *
 * <p>Cost: two products a step, one after the other.
 *
 * @param units the size H of the state
 */
public record MguCell(int units) implements Cell {
  public MguCell {
    Gates.requireUnits("MGU", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 2, input, scope, Initializers.zeros());
    return (current, states) -> {
      Expr h = states.getFirst();
      Expr in = gates.inputs(current.getFirst());
      Expr f = sigmoid(gates.of(in, 0).plus(h.matmul(gates.of(gates.r(), 0))));
      Expr n = tanh(gates.of(in, 1).plus(f.times(h).matmul(gates.of(gates.r(), 1))));
      Expr next = f.complement().times(h).plus(f.times(n));
      return new Scans.Step(List.of(next), List.of(next));
    };
  }

  @Override
  public String toString() {
    return "MGU(units=" + units + ")";
  }
}

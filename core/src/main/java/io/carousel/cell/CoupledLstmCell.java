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
 * Long short-term memory with coupled gates: what is forgotten makes room for what comes in, i = 1 − f.
 *
 * <pre>
 *   f, o = σ(W x + R h + b)       g = tanh(W x + R h + b)
 *   c' = f ⊙ c + (1 − f) ⊙ g      h' = o ⊙ tanh(c')
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,3H], R [H,3H], b [3H]; gate order f g o. W begins Glorot uniform, R
 * orthogonal, b zero but 1 for the forget gate.
 *
 * <p>Source: Greff, Srivastava, Koutník, Steunebrink, Schmidhuber: LSTM: A Search Space Odyssey, 2017
 * (CIFG). Differs from the source: i follows from f, not f from i, as the forget gate is the one that
 * begins open; no peepholes.
 *
 * @param units the size H of the states
 */
public record CoupledLstmCell(int units) implements Cell {
  public CoupledLstmCell {
    Gates.requireUnits("CoupledLSTM", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 3, input, scope, Initializers.unitGate(0, 3));
    return (current, states) -> {
      Expr z = gates.sum(current.getFirst(), states.get(0));
      Expr f = sigmoid(gates.of(z, 0));
      Expr g = tanh(gates.of(z, 1));
      Expr o = sigmoid(gates.of(z, 2));
      Expr nextC = f.times(states.get(1)).plus(f.complement().times(g));
      Expr nextH = o.times(tanh(nextC));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }
}

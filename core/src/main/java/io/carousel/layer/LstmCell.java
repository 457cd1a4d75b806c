package io.carousel.layer;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Long short-term memory.
 *
 * <pre>
 *   i, f, o = σ(W x + R h + b)   g = tanh(W x + R h + b)
 *   c' = f ⊙ c + i ⊙ g           h' = o ⊙ tanh(c')
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,4H], R [H,4H], b [4H]; gate order i f g o. W begins Glorot uniform, R
 * orthogonal, b zero but 1 for the forget gate.
 *
 * <p>Source: Hochreiter, Schmidhuber: Long Short-Term Memory, 1997; forget gate: Gers, Schmidhuber,
 * Cummins: Learning to Forget, 2000. Differs from the source: no peepholes; one bias a gate.
 *
 * @param units the size H of the states
 */
public record LstmCell(int units) implements Cell {
  private static final int GATES = 4;
  private static final int FORGET = 1;

  public LstmCell {
    if (units < 1) {
      throw new IllegalArgumentException("LSTM: units must be at least 1, got " + units);
    }
  }

  @Override
  public List<Expr> initials() {
    Expr zeros = Expr.full(0, Shape.of(Shape.B, units));
    return List.of(zeros, zeros);
  }

  @Override
  public Step declare(int inputs, Scope scope) {
    Expr w = scope.parameter("W", Shape.of(inputs, GATES * units), Initializers.glorotUniform());
    Expr r = scope.parameter("R", Shape.of(units, GATES * units), Initializers.orthogonal());
    Expr b = scope.parameter("b", Shape.of(GATES * units), Initializers.unitGate(FORGET, GATES));
    return (x, states) -> {
      Expr h = states.get(0);
      Expr c = states.get(1);
      Expr z = x.matmul(w).plus(h.matmul(r)).plus(b);
      Expr i = sigmoid(gate(z, 0));
      Expr f = sigmoid(gate(z, FORGET));
      Expr g = tanh(gate(z, 2));
      Expr o = sigmoid(gate(z, 3));
      Expr nextC = f.times(c).plus(i.times(g));
      Expr nextH = o.times(tanh(nextC));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  private Expr gate(Expr z, int gate) {
    return z.slice(1, gate * units, (gate + 1) * units);
  }
}

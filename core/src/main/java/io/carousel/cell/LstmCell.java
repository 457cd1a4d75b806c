package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;
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
 * orthogonal, b zero but 1 for the forget gate. The {@link LstmOptions} say what may differ.
 *
 * <p>Source: Hochreiter, Schmidhuber: Long Short-Term Memory, 1997; forget gate: Gers, Schmidhuber,
 * Cummins: Learning to Forget, 2000. Differs from the source: no peepholes; one bias a gate.
 *
 * @param units the size H of the states
 * @param options the functions of the gates, a limit to what goes into them, the biases
 */
public record LstmCell(int units, LstmOptions options) implements Cell {
  public LstmCell {
    Gates.requireUnits("LSTM", units);
  }

  /** With the usual options. */
  public LstmCell(int units) {
    this(units, LstmOptions.STANDARD);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 4, input, scope, options.biases(1, 4));
    return (current, states) -> {
      Expr z = gates.sum(current.getFirst(), states.get(0));
      Expr i = options.gateOf(gates.of(z, 0));
      Expr f = options.gateOf(gates.of(z, 1));
      Expr g = options.candidateOf(gates.of(z, 2));
      Expr o = options.gateOf(gates.of(z, 3));
      Expr nextC = f.times(states.get(1)).plus(i.times(g));
      Expr nextH = o.times(options.output().of(nextC));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  @Override
  public String toString() {
    return "LSTM(units=" + units + options + ")";
  }
}

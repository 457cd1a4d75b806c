package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
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
 * orthogonal, b zero but 1 for the forget gate. The {@link LstmOptions} say what may differ.
 *
 * <p>Source: Greff, Srivastava, Koutník, Steunebrink, Schmidhuber: LSTM: A Search Space Odyssey, 2017
 * (CIFG). Differs from the source: i follows from f, not f from i, as the forget gate is the one that
 * begins open; no peepholes. What has an input gate instead, as ONNX's {@code input_forget} does, is this
 * cell with the weights of f those of i with the other sign, since σ(−a) = 1 − σ(a).
 *
 * @param units the size H of the states
 * @param options the functions of the gates, a limit to what goes into them, the biases
 */
public record CoupledLstmCell(int units, LstmOptions options) implements Cell {
  public CoupledLstmCell {
    Gates.requireUnits("CoupledLSTM", units);
  }

  /** With the usual options. */
  public CoupledLstmCell(int units) {
    this(units, LstmOptions.STANDARD);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 3, input, scope, options.biases(0, 3));
    return (current, states) -> {
      Expr z = gates.sum(current.getFirst(), states.get(0));
      Expr f = options.gateOf(gates.of(z, 0));
      Expr g = options.candidateOf(gates.of(z, 1));
      Expr o = options.gateOf(gates.of(z, 2));
      Expr nextC = f.times(states.get(1)).plus(f.complement().times(g));
      Expr nextH = o.times(options.output().of(nextC));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  @Override
  public String toString() {
    return "CoupledLSTM(units=" + units + options + ")";
  }
}

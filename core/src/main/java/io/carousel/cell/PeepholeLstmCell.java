package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Long short-term memory whose gates see the cell through peepholes.
 *
 * <pre>
 *   i = σ(W x + R h + b + p ⊙ c)   f = σ(W x + R h + b + p ⊙ c)   g = tanh(W x + R h + b)
 *   c' = f ⊙ c + i ⊙ g
 *   o = σ(W x + R h + b + p ⊙ c')  h' = o ⊙ tanh(c')
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,4H], R [H,4H], b [4H], gate order i f g o; p [3H], the diagonals of i f o.
 * W begins Glorot uniform, R orthogonal, b zero but 1 for the forget gate, p uniform in ±0.1. The {@link
 * LstmOptions} say what may differ.
 *
 * <p>Source: Gers, Schmidhuber: Recurrent Nets that Time and Count, 2000. Differs from the source: what
 * squashes is tanh.
 *
 * @param units the size H of the states
 * @param options the functions of the gates, a limit to what goes into them, the biases
 */
public record PeepholeLstmCell(int units, LstmOptions options) implements Cell {
  /** Peepholes begin within ± this. */
  static final double LIMIT = 0.1;

  public PeepholeLstmCell {
    Gates.requireUnits("PeepholeLSTM", units);
  }

  /** With the usual options. */
  public PeepholeLstmCell(int units) {
    this(units, LstmOptions.STANDARD);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 4, input, scope, options.biases(1, 4));
    Expr p = scope.parameter("p", Shape.of(3 * units), Initializers.uniform(LIMIT));
    return (current, states) -> {
      Expr h = states.get(0);
      Expr c = states.get(1);
      Expr z = gates.sum(current.getFirst(), h);
      Expr i = options.gateOf(gates.of(z, 0).plus(gates.of(p, 0).times(c)));
      Expr f = options.gateOf(gates.of(z, 1).plus(gates.of(p, 1).times(c)));
      Expr g = options.candidateOf(gates.of(z, 2));
      Expr nextC = f.times(c).plus(i.times(g));
      Expr o = options.gateOf(gates.of(z, 3).plus(gates.of(p, 2).times(nextC)));
      Expr nextH = o.times(options.output().of(nextC));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  @Override
  public String toString() {
    return "PeepholeLSTM(units=" + units + options + ")";
  }
}

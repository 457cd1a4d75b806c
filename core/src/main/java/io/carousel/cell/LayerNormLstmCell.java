package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Objects;

/**
 * Long short-term memory with layer normalization: what goes into the gates, and the cell on its way
 * out, has mean 0 and variance 1 over the units of a row.
 *
 * <pre>
 *   i, f, o = σ(N(W x) ⊙ gx + N(R h) ⊙ gh + b)   g = tanh(N(W x) ⊙ gx + N(R h) ⊙ gh + b)
 *   c' = f ⊙ c + i ⊙ g                           h' = o ⊙ tanh(N(c') ⊙ gc + bc)
 *   N(a) = (a − mean a) / √(variance of a + 10⁻⁵)
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,4H], R [H,4H], b, gx and gh [4H], gc and bc [H]; gate order i f g o; N takes
 * all four gates together. W begins Glorot uniform, R orthogonal, gains one, biases zero but 1 for the
 * forget gate.
 *
 * <p>Source: Ba, Kiros, Hinton: Layer Normalization, 2016, equations 20 to 22. Differs from the source: the
 * three biases that are added in the gates are one. The mean of a product is taken out of its matrix,
 * (W − mean of each row of W) x, which leaves one sum a step for N(R h) instead of two; N(W x) is computed
 * before the loop.
 *
 * @param units the size H of the states
 */
public record LayerNormLstmCell(int units) implements Cell {
  public LayerNormLstmCell {
    Gates.requireUnits("LayerNormLSTM", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 4, input, scope, Initializers.unitGate(1, 4));
    Expr b = Objects.requireNonNull(gates.b());
    Expr gx = scope.parameter("gx", Shape.of(4 * units), Initializers.ones());
    Expr gh = scope.parameter("gh", Shape.of(4 * units), Initializers.ones());
    Expr gc = scope.parameter("gc", Shape.of(units), Initializers.ones());
    Expr bc = scope.parameter("bc", Shape.of(units), Initializers.zeros());
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return List.of(Normalize.product(x, gates.w()).times(gx).plus(b));
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr z = Normalize.product(states.get(0), gates.r()).times(gh).plus(current.getFirst());
        Expr i = sigmoid(gates.of(z, 0));
        Expr f = sigmoid(gates.of(z, 1));
        Expr g = tanh(gates.of(z, 2));
        Expr o = sigmoid(gates.of(z, 3));
        Expr nextC = f.times(states.get(1)).plus(i.times(g));
        Expr nextH = o.times(tanh(Normalize.of(nextC).times(gc).plus(bc)));
        return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
      }
    };
  }

  @Override
  public String toString() {
    return "LayerNormLSTM(units=" + units + ")";
  }
}

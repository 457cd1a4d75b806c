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
 * Gated recurrent unit with layer normalization: what goes into the gates, and what goes into the candidate, has
 * mean 0 and variance 1 over the units of a row.
 *
 * <pre>
 *   r, z = σ(N(W x) ⊙ gx + N(R h) ⊙ gh + b)
 *   n = tanh(N(W x) ⊙ gx + b + r ⊙ (N(R h) ⊙ gh + d))
 *   h' = z ⊙ h + (1 − z) ⊙ n
 *   N(a) = (a − mean a) / √(variance of a + 10⁻⁵)
 * </pre>
 *
 * x [B,I], h [B,H], W [I,3H], R [H,3H], b, gx and gh [3H], d [H]; gate order r z n; N takes r and z together, and n
 * alone. W begins Glorot uniform, R orthogonal, gains one, biases zero.
 *
 * <p>Source: Ba, Kiros, Hinton: Layer Normalization, 2016, equations 26 to 28. Differs from the source: z keeps the
 * old state, as in the {@link GruCell}, where the source's z takes the new one; the two biases that are added in the
 * gates are one.
 *
 * @param units the size H of the state
 */
public record LayerNormGruCell(int units) implements Cell {
  public LayerNormGruCell {
    Gates.requireUnits("LayerNormGRU", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, 3, input, scope, null);
    Expr b = scope.parameter("b", Shape.of(3 * units), Initializers.zeros());
    Expr d = scope.parameter("d", Shape.of(units), Initializers.zeros());
    Expr gx = scope.parameter("gx", Shape.of(3 * units), Initializers.ones());
    Expr gh = scope.parameter("gh", Shape.of(3 * units), Initializers.ones());
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return List.of(normalized(x, gates.w()).times(gx).plus(b));
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr h = states.getFirst();
        Expr in = current.getFirst();
        Expr back = normalized(h, gates.r()).times(gh);
        Expr r = sigmoid(gates.of(in, 0).plus(gates.of(back, 0)));
        Expr z = sigmoid(gates.of(in, 1).plus(gates.of(back, 1)));
        Expr n = tanh(gates.of(in, 2).plus(r.times(gates.of(back, 2).plus(d))));
        Expr next = z.times(h).plus(z.complement().times(n));
        return new Scans.Step(List.of(next), List.of(next));
      }
    };
  }

  /** N of the columns of r and z beside N of those of n. */
  private Expr normalized(Expr x, Expr matrix) {
    return Expr.concat(
        -1,
        List.of(
            Normalize.product(x, matrix.slice(1, 0, 2 * units)),
            Normalize.product(x, matrix.slice(1, 2 * units, 3 * units))));
  }

  @Override
  public String toString() {
    return "LayerNormGRU(units=" + units + ")";
  }
}

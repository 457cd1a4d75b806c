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
 * Gated recurrent unit, in two forms, of which the second resets the state after its product.
 *
 * <pre>
 *   r, z = σ(W x + b + R h)       n = tanh(W x + b + R (r ⊙ h))           reset before
 *   r, z = σ(W x + b + R h + d)   n = tanh(W x + b + r ⊙ (R h + d))       reset after
 *   h' = z ⊙ h + (1 − z) ⊙ n
 * </pre>
 *
 * x [B,I], h [B,H], W [I,3H], R [H,3H], b [3H], d [3H] in the second form only; gate order r z n. W begins
 * Glorot uniform, R orthogonal, b and d zero.
 *
 * <p>Source: Cho et al.: Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine
 * Translation, 2014, equations 5 to 8. The second form is that of cuDNN and PyTorch and the default of
 * Keras ({@code reset_after}). Differs from the source: has biases.
 *
 * <p>Cost: the second form needs one product a step, the first two, one after the other.
 *
 * @param units the size H of the state
 * @param resetAfter true for the second form
 */
public record GruCell(int units, boolean resetAfter) implements Cell {
  private static final int GATES = 3;

  public GruCell {
    Gates.requireUnits("GRU", units);
  }

  /** The form of cuDNN, PyTorch and Keras. */
  public GruCell(int units) {
    this(units, true);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, GATES, input, scope, Initializers.zeros());
    Expr rz = gates.r().slice(1, 0, 2 * units);
    Expr rn = gates.of(gates.r(), 2);
    Expr d = resetAfter ? scope.parameter("d", Shape.of(GATES * units), Initializers.zeros()) : null;
    return (current, states) -> {
      Expr h = states.getFirst();
      Expr in = current.getFirst().matmul(gates.w()).plus(gates.b());
      Expr back = d == null ? h.matmul(rz) : h.matmul(gates.r()).plus(d);
      Expr r = sigmoid(gates.of(in, 0).plus(gates.of(back, 0)));
      Expr z = sigmoid(gates.of(in, 1).plus(gates.of(back, 1)));
      Expr n = tanh(gates.of(in, 2).plus(d == null ? r.times(h).matmul(rn) : r.times(gates.of(back, 2))));
      Expr next = z.times(h).plus(z.complement().times(n));
      return new Scans.Step(List.of(next), List.of(next));
    };
  }
}

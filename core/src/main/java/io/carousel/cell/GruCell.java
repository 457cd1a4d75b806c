package io.carousel.cell;

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
 * Keras ({@code reset_after}), and ONNX's {@code linear_before_reset}. Differs from the source: has biases.
 *
 * <p>Cost: the second form needs one product a step, the first two, one after the other.
 *
 * @param units the size H of the state
 * @param resetAfter true for the second form
 * @param gate the function of r and z
 * @param candidate the function of n
 * @param clip the sum that goes into a gate or the candidate is limited to ±clip before its function;
 *     infinite for no limit
 * @param bias false for a cell without b and d
 */
public record GruCell(
    int units, boolean resetAfter, Activation gate, Activation candidate, double clip, boolean bias)
    implements Cell {
  private static final int GATES = 3;

  public GruCell {
    Gates.requireUnits("GRU", units);
    Gates.requireClip("GRU", clip);
  }

  /** With the usual functions. */
  public GruCell(int units, boolean resetAfter) {
    this(units, resetAfter, Activation.SIGMOID, Activation.TANH, Double.POSITIVE_INFINITY, true);
  }

  /** The form of cuDNN, PyTorch and Keras. */
  public GruCell(int units) {
    this(units, true);
  }

  /** The same with another function of the candidate. */
  public GruCell activation(Activation ofCandidate) {
    return new GruCell(units, resetAfter, gate, ofCandidate, clip, bias);
  }

  /** The same with another function of the gates. */
  public GruCell recurrentActivation(Activation ofGates) {
    return new GruCell(units, resetAfter, ofGates, candidate, clip, bias);
  }

  /** The same with what goes into gates and candidate limited to ±limit. */
  public GruCell clip(double limit) {
    return new GruCell(units, resetAfter, gate, candidate, limit, bias);
  }

  /** The same without biases. */
  public GruCell withoutBias() {
    return new GruCell(units, resetAfter, gate, candidate, clip, false);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates = Gates.declare(this, GATES, input, scope, bias ? Initializers.zeros() : null);
    Expr rz = gates.r().slice(1, 0, 2 * units);
    Expr rn = gates.of(gates.r(), 2);
    Expr d = resetAfter && bias
        ? scope.parameter("d", Shape.of(GATES * units), Initializers.zeros()) : null;
    return (current, states) -> {
      Expr h = states.getFirst();
      Expr in = gates.inputs(current.getFirst());
      Expr back = !resetAfter ? h.matmul(rz) : d == null ? h.matmul(gates.r()) : h.matmul(gates.r()).plus(d);
      Expr r = gate.of(gates.of(in, 0).plus(gates.of(back, 0)), clip);
      Expr z = gate.of(gates.of(in, 1).plus(gates.of(back, 1)), clip);
      Expr reset = resetAfter ? r.times(gates.of(back, 2)) : r.times(h).matmul(rn);
      Expr n = candidate.of(gates.of(in, 2).plus(reset), clip);
      Expr next = z.times(h).plus(z.complement().times(n));
      return new Scans.Step(List.of(next), List.of(next));
    };
  }

  @Override
  public String toString() {
    return "GRU(units=" + units + (resetAfter ? "" : ", resetAfter=false")
        + (gate == Activation.SIGMOID ? "" : ", recurrentActivation=" + gate.word())
        + (candidate == Activation.TANH ? "" : ", activation=" + candidate.word())
        + (Double.isInfinite(clip) ? "" : ", clip=" + clip) + (bias ? ")" : ", bias=false)");
  }
}

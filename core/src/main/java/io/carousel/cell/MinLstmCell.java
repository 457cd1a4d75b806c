package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Minimal long short-term memory whose gates and candidate see the input alone, so that all but the last line is
 * computed for all steps at once. What is kept and what is written add up to one.
 *
 * <pre>
 *   f, i = σ(W x + b)    n = W x + b
 *   k = f / (f + i)
 *   h' = k ⊙ h + (1 − k) ⊙ n
 * </pre>
 *
 * x [B,I], h [B,H], W [I,3H], b [3H]; order f i n. W begins Glorot uniform, b zero but 1 for the forget gate.
 *
 * <p>Source: Feng, Tung, Ahmed, Bengio, Hajimirsadeghi: Were RNNs All We Needed?, 2024, section 3.2 (minLSTM).
 * Differs from the source: has biases; the steps are taken one after the other; k is computed as
 * σ(log f − log i), which is no 0/0 where both gates are shut.
 *
 * @param units the size H of the state
 */
public record MinLstmCell(int units) implements Cell {
  public MinLstmCell {
    Gates.requireUnits("MinLSTM", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Expr w = scope.parameter(
        "W", Shape.of(Cell.features(this, input), 3 * units), Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(3 * units), Initializers.unitGate(0, 3));
    return (current, states) -> {
      Expr in = current.getFirst().matmul(w).plus(b);
      Expr logF = Activation.SOFTPLUS.of(in.slice(-1, 0, units).negate()).negate();
      Expr logI = Activation.SOFTPLUS.of(in.slice(-1, units, 2 * units).negate()).negate();
      Expr n = in.slice(-1, 2 * units, 3 * units);
      Expr k = sigmoid(logF.minus(logI));
      Expr next = k.times(states.getFirst()).plus(k.complement().times(n));
      return new Scans.Step(List.of(next), List.of(next));
    };
  }

  @Override
  public String toString() {
    return "MinLSTM(units=" + units + ")";
  }
}

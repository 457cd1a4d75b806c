package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Minimal gated recurrent unit whose gate and candidate see the input alone, so that all but the last line is
 * computed for all steps at once.
 *
 * <pre>
 *   z = σ(W x + b)    n = W x + b
 *   h' = (1 − z) ⊙ h + z ⊙ n
 * </pre>
 *
 * x [B,I], h [B,H], W [I,2H], b [2H]; order z n. W begins Glorot uniform, b zero.
 *
 * <p>Source: Feng, Tung, Ahmed, Bengio, Hajimirsadeghi: Were RNNs All We Needed?, 2024, section 3.1 (minGRU).
 * Differs from the source: has biases; the steps are taken one after the other, which costs nothing beside the
 * product, instead of by a parallel scan.
 *
 * @param units the size H of the state
 */
public record MinGruCell(int units) implements Cell {
  public MinGruCell {
    Gates.requireUnits("MinGRU", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Expr w = scope.parameter(
        "W", Shape.of(Cell.features(this, input), 2 * units), Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(2 * units), Initializers.zeros());
    return (current, states) -> {
      Expr in = current.getFirst().matmul(w).plus(b);
      Expr z = sigmoid(in.slice(-1, 0, units));
      Expr n = in.slice(-1, units, 2 * units);
      Expr next = z.complement().times(states.getFirst()).plus(z.times(n));
      return new Scans.Step(List.of(next), List.of(next));
    };
  }

  @Override
  public String toString() {
    return "MinGRU(units=" + units + ")";
  }
}

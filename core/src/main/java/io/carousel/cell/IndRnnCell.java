package io.carousel.cell;


import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Independently recurrent network: each unit sees of the state itself alone.
 *
 * <pre>
 *   h' = activation(W x + u ⊙ h + b)
 * </pre>
 *
 * x [B,I], h [B,H], W [I,H], u and b [H]. W begins Glorot uniform, u uniform in 0 to 1, b zero.
 *
 * <p>Source: Li, Li, Cook, Zhu, Gao: Independently Recurrent Neural Network (IndRNN): Building A Longer and Deeper
 * RNN, 2018, equation 4. Differs from the source: u is not held below γ^(1/T) while training.
 *
 * @param units the size H of the state
 * @param activation what is done to each unit, relu in the source
 */
public record IndRnnCell(int units, Activation activation) implements Cell {
  public IndRnnCell {
    Gates.requireUnits("IndRNN", units);
  }

  /** With relu. */
  public IndRnnCell(int units) {
    this(units, Activation.RELU);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(1, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Expr w = scope.parameter("W", Shape.of(Cell.features(this, input), units), Initializers.glorotUniform());
    Expr u = scope.parameter("u", Shape.of(units), Initializers.uniform(0, 1));
    Expr b = scope.parameter("b", Shape.of(units), Initializers.zeros());
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return List.of(x.matmul(w).plus(b));
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr h = activation.of(current.getFirst().plus(u.times(states.getFirst())));
        return new Scans.Step(List.of(h), List.of(h));
      }
    };
  }

  @Override
  public String toString() {
    return "IndRNN(units=" + units + ", activation=" + activation.word() + ")";
  }
}

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
 * Long short-term memory whose output is a projection of its cells, so that it may have many of them: what goes
 * back in is as small as what comes out.
 *
 * <pre>
 *   i, f, o = σ(W x + R h + b)   g = tanh(W x + R h + b)
 *   c' = f ⊙ c + i ⊙ g           h' = P (o ⊙ tanh(c'))
 * </pre>
 *
 * x [B,I], h [B,H], c [B,C], W [I,4C], R [H,4C], b [4C], P [C,H]; gate order i f g o. W and P begin Glorot uniform,
 * R orthogonal, b zero but 1 for the forget gate.
 *
 * <p>Source: Sak, Senior, Beaufays: Long Short-Term Memory Recurrent Neural Network Architectures for Large Scale
 * Acoustic Modeling, 2014 (LSTMP); PyTorch's {@code proj_size}, where C is the hidden size and H the projection's.
 * Differs from the source: no peepholes, no second projection that does not go back in.
 *
 * @param units the size H of the output
 * @param cells the size C of the cell
 */
public record ProjectedLstmCell(int units, int cells) implements Cell {
  public ProjectedLstmCell {
    Gates.requireUnits("ProjectedLSTM", units);
    Gates.requireSize("ProjectedLSTM", "cells", cells);
  }

  @Override
  public List<Expr> initials() {
    return List.of(
        Expr.full(0, Shape.of(Shape.B, units)), Expr.full(0, Shape.of(Shape.B, cells)));
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gates gates =
        new Gates(
            cells,
            scope.parameter("W", Shape.of(Cell.features(this, input), 4 * cells), Initializers.glorotUniform()),
            scope.parameter("R", Shape.of(units, 4 * cells), Initializers.orthogonal()),
            scope.parameter("b", Shape.of(4 * cells), Initializers.unitGate(1, 4)));
    Expr p = scope.parameter("P", Shape.of(cells, units), Initializers.glorotUniform());
    return (current, states) -> {
      Expr z = gates.sum(current.getFirst(), states.get(0));
      Expr i = sigmoid(gates.of(z, 0));
      Expr f = sigmoid(gates.of(z, 1));
      Expr g = tanh(gates.of(z, 2));
      Expr o = sigmoid(gates.of(z, 3));
      Expr nextC = f.times(states.get(1)).plus(i.times(g));
      Expr nextH = o.times(tanh(nextC)).matmul(p);
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  @Override
  public String toString() {
    return "ProjectedLSTM(units=" + units + ", cells=" + cells + ")";
  }
}

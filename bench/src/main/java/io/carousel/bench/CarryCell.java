package io.carousel.bench;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * A cell as users write one of their own, gate by gate, with as many products as the LSTM: what the output gate
 * keeps shut, the last output fills.
 *
 * <pre>
 *   i, f, o = σ(W x + R h + b)   g = tanh(W x + R h + b)     each with its own W, R, b
 *   c' = f ⊙ c + i ⊙ g           h' = o ⊙ tanh(c') + (1 − o) ⊙ h
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,H], R [H,H], b [H].
 *
 * @param units the size H of the states
 */
record CarryCell(int units) implements Cell {
  @Override
  public List<Expr> initials() {
    Expr zeros = Expr.full(0, Shape.of(Shape.B, units));
    return List.of(zeros, zeros);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Gate i = gate("i", input.size(-1), scope);
    Gate f = gate("f", input.size(-1), scope);
    Gate g = gate("g", input.size(-1), scope);
    Gate o = gate("o", input.size(-1), scope);
    return (current, states) -> {
      Expr x = current.getFirst();
      Expr h = states.get(0);
      Expr c = states.get(1);
      Expr open = sigmoid(o.sum(x, h));
      Expr nextC = sigmoid(f.sum(x, h)).times(c).plus(sigmoid(i.sum(x, h)).times(tanh(g.sum(x, h))));
      Expr nextH = open.times(tanh(nextC)).plus(open.complement().times(h));
      return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
    };
  }

  private Gate gate(String name, int inputs, Scope scope) {
    Scope own = scope.child(name);
    return new Gate(
        own.parameter("W", Shape.of(inputs, units), Initializers.glorotUniform()),
        own.parameter("R", Shape.of(units, units), Initializers.orthogonal()),
        own.parameter("b", Shape.of(units), Initializers.zeros()));
  }

  private record Gate(Expr w, Expr r, Expr b) {
    Expr sum(Expr x, Expr h) {
      return x.matmul(w).plus(h.matmul(r)).plus(b);
    }
  }
}

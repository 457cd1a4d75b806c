package io.carousel.examples;

import io.carousel.cell.Cell;
import io.carousel.data.TensorDataset;
import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.notation.CellText;
import io.carousel.parameter.*;
import io.carousel.tensor.*;
import io.carousel.train.*;
import java.util.List;

/** A cell of one's own, in Java and as text: the same equations, the same model, bit for bit. */
public final class OwnCell {
  /** Each unit keeps a part of its state, which it learns: h' = σ(a) ⊙ h + (1 − σ(a)) ⊙ tanh(W x + R h). */
  record Leaky(int units) implements Cell {
    @Override
    public List<Expr> initials() {
      return List.of(Expr.full(0, Shape.of(Shape.B, units)));
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Expr w = scope.parameter("W", Shape.of(input.size(-1), units), Initializers.glorotUniform());
      Expr r = scope.parameter("R", Shape.of(units, units), Initializers.orthogonal());
      Expr a = scope.parameter("a", Shape.of(units), Initializers.zeros());
      return (current, states) -> {
        Expr h = states.getFirst();
        Expr keep = Expr.sigmoid(a);
        Expr in = Expr.tanh(current.getFirst().matmul(w).plus(h.matmul(r)));
        Expr next = keep.times(h).plus(keep.complement().times(in));
        return new Scans.Step(List.of(next), List.of(next));
      };
    }
  }

  private static final String TEXT = """
      cell Leaky(H)
      state h[H]
      param W, R, a
      k  = sigmoid(a)
      h' = k * h + (1 - k) * tanh(W x + R h)
      """;

  public static void main(String[] args) {
    Tensor x = Tensor.zeros(200, 10, 2);
    Tensor y = Tensor.zeros(200, 1); // the mean of the first feature
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = CounterRandom.uniform(1, i) * 2 - 1;
      y.values()[i / 20] += i % 2 == 0 ? x.values()[i] / 10 : 0;
    }
    TensorDataset data = TensorDataset.of(x, y);
    double java = loss(new Leaky(16), data);
    double text = loss(CellText.parse(TEXT).cell(16), data);
    System.out.printf("loss in Java %.6f, as text %.6f%n", java, text);
  }

  private static double loss(Cell cell, TensorDataset data) {
    Model model = Model.sequential(Input.sequence(2), Recurrent.of(cell), new Dense(1));
    Trainer trainer = Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).optimizer(new Adam(0.01)).seed(7);
    return trainer.fit(data, Fit.epochs(20).batchSize(32)).epochs().getLast().loss();
  }
}

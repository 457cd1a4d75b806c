package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Simple recurrent unit: the gates see the input and, unit by unit, the cell, so that all products are computed for
 * all steps at once; a highway leads the input past the cell.
 *
 * <pre>
 *   f = σ(W x + v ⊙ c + b)     r = σ(W x + v ⊙ c + b)
 *   c' = f ⊙ c + (1 − f) ⊙ W x
 *   h' = r ⊙ c' + (1 − r) ⊙ α x
 * </pre>
 *
 * x [B,I], h and c [B,H], W [I,3H] in the order f r candidate, v and b [2H] in the order f r; α = √3. Where I is not
 * H, W x takes the place of x on the highway: W is [I,4H] then. The first state h is the output alone; nothing reads
 * it. W begins Glorot uniform, v uniform in ±0.1, b zero.
 *
 * <p>Source: Lei, Zhang, Wang, Dai, Artzi: Simple Recurrent Units for Highly Parallelizable Recurrence, 2018,
 * equations 1 to 4, α in section 3.2. Differs from the source: none.
 *
 * @param units the size H of the states
 */
public record SruCell(int units) implements Cell {
  private static final double ALPHA = Math.sqrt(3); // √(1 + 2 exp(b)) for the b = 0 that it begins with
  private static final double LIMIT = 0.1;

  public SruCell {
    Gates.requireUnits("SRU", units);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    int inputs = Cell.features(this, input);
    int parts = inputs == units ? 3 : 4;
    Expr w = scope.parameter("W", Shape.of(inputs, parts * units), Initializers.glorotUniform());
    Expr v = scope.parameter("v", Shape.of(2 * units), Initializers.uniform(LIMIT));
    Expr b = scope.parameter("b", Shape.of(2 * units), Initializers.zeros());
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        Expr in = x.matmul(w);
        return List.of(
            part(in, 0).plus(part(b, 0)), part(in, 1).plus(part(b, 1)), part(in, 2),
            parts == 3 ? x : part(in, 3));
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr c = states.get(1);
        Expr f = sigmoid(current.get(0).plus(part(v, 0).times(c)));
        Expr r = sigmoid(current.get(1).plus(part(v, 1).times(c)));
        Expr nextC = f.times(c).plus(f.complement().times(current.get(2)));
        Expr nextH = r.times(nextC).plus(r.complement().times(current.get(3).times(ALPHA)));
        return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
      }
    };
  }

  private Expr part(Expr all, int number) {
    return all.slice(-1, number * units, (number + 1) * units);
  }

  @Override
  public String toString() {
    return "SRU(units=" + units + ")";
  }
}

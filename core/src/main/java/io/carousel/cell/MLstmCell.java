package io.carousel.cell;

import static io.carousel.expr.Expr.exp;
import static io.carousel.expr.Expr.sigmoid;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The matrix LSTM of xLSTM: each head stores values under keys in a matrix and answers a query; the gates see the
 * input alone.
 *
 * <pre>
 *   q = W x + b   k = (W x + b) / √D   v = W x + b   o = σ(W x + b)
 *   i = exp(a_i)   f = σ(a_f)          a_i, a_f = W x + b, one number a head
 *   C' = f C + i v kᵀ                  n' = f n + i k
 *   h' = o ⊙ (C' q) / max(|n' · q|, 1)
 * </pre>
 *
 * computed with the stabilizer m, by whose exponential C and n are divided, so that nothing overflows:
 *
 * <pre>
 *   m' = max(log f + m, a_i)   i = exp(a_i − m')   f = exp(log f + m − m')   exp(−m') in the place of 1
 * </pre>
 *
 * x [B,I], h [B,H]; N heads of D = H/N units: C [B,N,D,D], n [B,N,D], m [B,N,1]; W [I,4H+2N] and
 * b [4H+2N] have the columns of q k v o, each head after head, then N of i and N of f. The first state h is the output
 * alone; nothing reads it. W begins Glorot uniform, b zero but 3 for the forget gates.
 *
 * <p>Source: Beck et al.: xLSTM: Extended Long Short-Term Memory, 2024, equations 19 to 27. Differs from the source:
 * the forget gate is σ, of the two it offers; exp(−m') is taken at most exp(80), which a float
 * holds: an h below 10⁻³⁴ may come out otherwise; the cell alone, without the block around it.
 *
 * <p>Cost: 2 D numbers of C are read and written for each unit and step, and while training all C are kept,
 * T·B·H·D numbers: heads of 16 to 64 units are meant.
 *
 * @param units the size H of the output
 * @param heads the number N of heads, of which H is a multiple
 */
public record MLstmCell(int units, int heads) implements Cell {
  private static final double LARGEST = 80; // exp(80) = 5.5e34
  private static final float OPEN = 3;

  public MLstmCell {
    Gates.requireUnits("mLSTM", units);
    Gates.requireHeads("mLSTM", units, heads);
  }

  @Override
  public List<Expr> initials() {
    int size = units / heads;
    return List.of(
        Expr.full(0, Shape.of(Shape.B, units)), Expr.full(0, Shape.of(Shape.B, heads, size, size)),
        Expr.full(0, Shape.of(Shape.B, heads, size)), Expr.full(0, Shape.of(Shape.B, heads, 1)));
  }

  @Override
  public boolean hasScaledStates() {
    return true;
  }

  @Override
  public List<String> stateNames() {
    return List.of("h", "C", "n", "m");
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    int size = units / heads;
    int columns = 4 * units + 2 * heads;
    Expr w = scope.parameter(
        "W", Shape.of(Cell.features(this, input), columns), Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(columns), openForgetGates(heads));
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        Expr a = x.matmul(w).plus(b);
        return List.of(
            perHead(a, 0, size), perHead(a, units, size).over(Expr.constant(Math.sqrt(size))),
            perHead(a, 2 * units, size), sigmoid(perHead(a, 3 * units, size)), perHead(a, 4 * units, 1),
            Gates.logSigmoid(perHead(a, 4 * units + heads, 1)));
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr q = current.get(0);
        Expr k = current.get(1);
        Expr v = current.get(2);
        Expr toI = current.get(4);
        Expr logF = current.get(5).plus(states.get(3));
        Expr nextM = Expr.maximum(logF, toI);
        Expr i = exp(toI.minus(nextM));
        Expr f = exp(logF.minus(nextM));
        Expr nextC = column(f).times(states.get(1)).plus(column(i.times(v)).times(row(k)));
        Expr nextN = f.times(states.get(2)).plus(i.times(k));
        Expr answer = nextC.times(row(q)).sum(-1).reshape(v.shape());
        Expr scale =
            Expr.maximum(
                Expr.abs(nextN.times(q).sum(-1)), exp(Expr.minimum(nextM.negate(), Expr.constant(LARGEST))));
        Expr nextH = current.get(3).times(answer.over(scale)).reshape(Shape.of(Shape.B, units));
        return new Scans.Step(List.of(nextH, nextC, nextN, nextM), List.of(nextH));
      }
    };
  }

  /** Columns of all heads from a place on, [T,B,heads,size]. */
  private Expr perHead(Expr a, int from, int size) {
    return a.slice(-1, from, from + heads * size).reshape(Shape.of(Shape.T, Shape.B, heads, size));
  }

  /** [B,N,D] as [B,N,D,1]. */
  private static Expr column(Expr x) {
    return x.reshape(x.shape().insert(3, 1));
  }

  /** [B,N,D] as [B,N,1,D]. */
  private static Expr row(Expr x) {
    return x.reshape(x.shape().insert(2, 1));
  }

  private static Initializer openForgetGates(int heads) {
    return (values, offset, shape, key) -> {
      int end = offset + shape.count();
      Arrays.fill(values, offset, end - heads, 0f);
      Arrays.fill(values, end - heads, end, OPEN);
    };
  }

  @Override
  public String toString() {
    return "mLSTM(units=" + units + ", heads=" + heads + ")";
  }
}

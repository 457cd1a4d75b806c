package io.carousel.cell;

import static io.carousel.expr.Expr.exp;
import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializer;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scalar LSTM of xLSTM: an exponential input gate that can revise what is stored, a normalizer n, and heads
 * within which alone the output goes back in.
 *
 * <pre>
 *   a_i, a_f, a_g, a_o = W x + R h + b      R: a block for each head
 *   i = exp(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
 *   c' = f ⊙ c + i ⊙ g     n' = f ⊙ n + i     h' = o ⊙ c' / n'
 * </pre>
 *
 * computed with the stabilizer m, by whose exponential c and n are divided, so that nothing overflows:
 *
 * <pre>
 *   m' = max(log f + m, a_i)    i = exp(a_i − m')    f = exp(log f + m − m')
 * </pre>
 *
 * x [B,I], h, c, n and m [B,H]; N heads of D = H/N units: W [I,4H] and b [4H] have 4D columns a head, within it in
 * the order i f g o; R [H,4D], of whose rows each head has D. m begins at −10³⁰, so that at the first step n' is 1; it is
 * at least 1 then for ever. W begins Glorot uniform, R orthogonal, b zero but 3 for the forget gate.
 *
 * <p>Source: Beck et al.: xLSTM: Extended Long Short-Term Memory, 2024, equations 8 to 17. Differs from the source:
 * the forget gate is σ, of the two it offers; the cell alone, without the block around it.
 *
 * @param units the size H of the states
 * @param heads the number N of heads, of which H is a multiple
 */
public record SLstmCell(int units, int heads) implements Cell {
  private static final double NOTHING = -1e30;
  private static final float OPEN = 3;

  public SLstmCell {
    Gates.requireUnits("sLSTM", units);
    Gates.requireHeads("sLSTM", units, heads);
  }

  /** With one head: each unit sees all. */
  public SLstmCell(int units) {
    this(units, 1);
  }

  @Override
  public List<Expr> initials() {
    List<Expr> initials = new ArrayList<>(Gates.zeros(3, units));
    initials.add(Expr.full(NOTHING, Shape.of(Shape.B, units)));
    return initials;
  }

  @Override
  public boolean hasScaledStates() {
    return true;
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    int size = units / heads;
    Expr w = scope.parameter(
        "W", Shape.of(Cell.features(this, input), 4 * units), Initializers.glorotUniform());
    Expr r = scope.parameter("R", Shape.of(units, 4 * size), Initializers.orthogonal());
    Expr b = scope.parameter("b", Shape.of(4 * units), openForgetGates(size));
    return (current, states) -> {
      Expr a = perHead(current.getFirst().matmul(w).plus(back(states.getFirst(), r)).plus(b), 4 * size);
      Expr c = perHead(states.get(1), size);
      Expr n = perHead(states.get(2), size);
      Expr m = perHead(states.get(3), size);
      Expr toI = a.slice(-1, 0, size);
      Expr logF = Activation.SOFTPLUS.of(a.slice(-1, size, 2 * size).negate()).negate().plus(m);
      Expr nextM = Expr.maximum(logF, toI);
      Expr i = exp(toI.minus(nextM));
      Expr f = exp(logF.minus(nextM));
      Expr nextC = f.times(c).plus(i.times(tanh(a.slice(-1, 2 * size, 3 * size))));
      Expr nextN = f.times(n).plus(i);
      Expr nextH = sigmoid(a.slice(-1, 3 * size, 4 * size)).times(nextC.over(nextN));
      List<Expr> nexts = List.of(whole(nextH), whole(nextC), whole(nextN), whole(nextM));
      return new Scans.Step(nexts, List.of(nexts.getFirst()));
    };
  }

  /** R h: of each head its units through its rows of R. */
  private Expr back(Expr h, Expr r) {
    int size = units / heads;
    List<Expr> parts = new ArrayList<>();
    for (int k = 0; k < heads; k++) {
      parts.add(h.slice(-1, k * size, (k + 1) * size).matmul(r.slice(0, k * size, (k + 1) * size)));
    }
    return Expr.concat(-1, parts);
  }

  /** [B,heads·size] as [B,heads,size]. */
  private Expr perHead(Expr x, int size) {
    return heads == 1 ? x : x.reshape(Shape.of(Shape.B, heads, size));
  }

  private Expr whole(Expr x) {
    return x.reshape(Shape.of(Shape.B, units));
  }

  private static Initializer openForgetGates(int size) {
    return (values, offset, shape, key) -> {
      for (int i = 0; i < shape.count(); i += 4 * size) {
        Arrays.fill(values, offset + i, offset + i + 4 * size, 0f);
        Arrays.fill(values, offset + i + size, offset + i + 2 * size, OPEN);
      }
    };
  }

  @Override
  public String toString() {
    return "sLSTM(units=" + units + ", heads=" + heads + ")";
  }
}

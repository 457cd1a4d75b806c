package io.carousel.cell;

import static io.carousel.expr.Expr.exp;
import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
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
 * x [B,I], h, c, n and m [B,H], W [I,4H], b [4H], gate order i f g o; N heads of D = H/N units: R [H,4D], of whose rows
 * each head has D. m begins at −10³⁰, so that at the first step n' is 1; it is at least 1 then for ever. W begins Glorot
 * uniform, R orthogonal, b zero but 3 for the forget gate.
 *
 * <p>Source: Beck et al.: xLSTM: Extended Long Short-Term Memory, 2024, equations 8 to 17. Differs from the source:
 * the forget gate is σ, of the two it offers; the cell alone, without the block around it.
 *
 * <p>Cost: that of an LSTM, whatever the number of heads: the blocks of R are multiplied as one matrix with zeros
 * between them.
 *
 * @param units the size H of the states
 * @param heads the number N of heads, of which H is a multiple
 */
public record SLstmCell(int units, int heads) implements Cell {
  private static final double NOTHING = -1e30;
  private static final double OPEN = 3;

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
    Expr w = scope.parameter(
        "W", Shape.of(Cell.features(this, input), 4 * units), Initializers.glorotUniform());
    Expr r = scope.parameter("R", Shape.of(units, 4 * units / heads), Initializers.orthogonal());
    Expr b = scope.parameter("b", Shape.of(4 * units), Initializers.gate(OPEN, 1, 4));
    Gates gates = new Gates(units, w, r, b);
    Expr blocks = blocks(r);
    return (current, states) -> {
      Expr in = gates.inputs(current.getFirst());
      Expr back = states.get(0).matmul(blocks).reshape(Shape.of(Shape.B, heads, 4 * units / heads));
      Expr toI = gate(in, back, 0);
      Expr logF = Gates.logSigmoid(gate(in, back, 1)).plus(states.get(3));
      Expr nextM = Expr.maximum(logF, toI);
      Expr i = exp(toI.minus(nextM));
      Expr f = exp(logF.minus(nextM));
      Expr nextC = f.times(states.get(1)).plus(i.times(tanh(gate(in, back, 2))));
      Expr nextN = f.times(states.get(2)).plus(i);
      Expr nextH = sigmoid(gate(in, back, 3)).times(nextC.over(nextN));
      return new Scans.Step(List.of(nextH, nextC, nextN, nextM), List.of(nextH));
    };
  }

  /** A gate of W x + b [B,4H], of which each gate has the columns of all heads, and R h [B,N,4D]. */
  private Expr gate(Expr in, Expr back, int gate) {
    int size = units / heads;
    Expr own = back.slice(-1, gate * size, (gate + 1) * size).reshape(Shape.of(Shape.B, units));
    return in.slice(-1, gate * units, (gate + 1) * units).plus(own);
  }

  /** R as one matrix [H,N·4D] with a block for each head and zeros between them. */
  private Expr blocks(Expr r) {
    int size = units / heads;
    int to = 4 * size;
    List<Expr> blocks = new ArrayList<>();
    for (int head = 0; head < heads; head++) {
      blocks.add(r.slice(0, head * size, (head + 1) * size).pad(1, head * to, (heads - 1 - head) * to));
    }
    return Expr.concat(0, blocks);
  }

  @Override
  public String toString() {
    return "sLSTM(units=" + units + ", heads=" + heads + ")";
  }
}

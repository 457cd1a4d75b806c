package io.carousel.expr;

import io.carousel.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Models written as expressions, for tests. */
public final class Equations {
  private Equations() {}

  /** What a run of a layer gives: outputs [T,B,H] and the states after each row's last step. */
  public record Run(Expr output, Expr h, Expr c) {}

  /**
   * Long short-term memory: i,f,o = σ(xW + hR + b), g = tanh(xW + hR + b), c' = f⊙c + i⊙g,
   * h' = o⊙tanh(c'); gate order i f g o.
   *
   * @param x [T,B,I]
   * @param h0 [B,H]
   * @param c0 [B,H]
   * @param w [I,4H]
   * @param r [H,4H]
   * @param b [4H]
   * @param lengths whole numbers [B], or null
   */
  public static Run lstm(
      Expr x, Expr h0, Expr c0, Expr w, Expr r, Expr b, @Nullable Expr lengths, boolean reverse) {
    int units = h0.shape().size(-1);
    Expr scan =
        Scans.scan(
            List.of(x),
            List.of(h0, c0),
            lengths,
            reverse,
            (elements, states) -> {
              Expr z = elements.get(0).matmul(w).plus(states.get(0).matmul(r)).plus(b);
              Expr i = Expr.sigmoid(z.slice(-1, 0, units));
              Expr f = Expr.sigmoid(z.slice(-1, units, 2 * units));
              Expr g = Expr.tanh(z.slice(-1, 2 * units, 3 * units));
              Expr o = Expr.sigmoid(z.slice(-1, 3 * units, 4 * units));
              Expr c = f.times(states.get(1)).plus(i.times(g));
              Expr h = o.times(Expr.tanh(c));
              return new Scans.Step(List.of(h, c), List.of(h));
            });
    return new Run(scan.part(0), scan.part(Scans.lastState(scan, 0)), scan.part(Scans.lastState(scan, 1)));
  }

  /** The same with parameters {@code prefix}W, {@code prefix}R and {@code prefix}b. */
  public static Run lstm(Expr x, Expr h0, Expr c0, String prefix, @Nullable Expr lengths, boolean reverse) {
    int units = h0.shape().size(-1);
    return lstm(
        x, h0, c0,
        Expr.parameter(prefix + "W", Shape.of(x.shape().size(-1), 4 * units)),
        Expr.parameter(prefix + "R", Shape.of(units, 4 * units)),
        Expr.parameter(prefix + "b", Shape.of(4 * units)),
        lengths, reverse);
  }

  /** x W + b with parameters {@code prefix}W and {@code prefix}b. */
  public static Expr dense(Expr x, String prefix, int units) {
    return x.matmul(Expr.parameter(prefix + "W", Shape.of(x.shape().size(-1), units)))
        .plus(Expr.parameter(prefix + "b", Shape.of(units)));
  }

  /** The mean over a row's own steps; zero for an empty row. x [T,B,F], zero on padding → [B,F]. */
  public static Expr meanOverTime(Expr x, Expr lengths) {
    Expr steps = Expr.maximum(lengths.cast(), Expr.constant(1)).reshape(Shape.of(Shape.B, 1));
    return x.sum(0).reshape(x.shape().drop(0)).over(steps);
  }

  /** The largest over a row's own steps; zero for an empty row. x [T,B,F] → [B,F]. */
  public static Expr maxOverTime(Expr x, Expr lengths) {
    Expr steps = lengths.cast().reshape(Shape.of(Shape.B, 1));
    Expr inside = Expr.index(x.shape(), 0).less(steps);
    Expr largest = Expr.select(inside, x, Expr.constant(-1e30)).max(0).reshape(x.shape().drop(0));
    return Expr.select(Expr.constant(0).less(steps), largest, Expr.constant(0));
  }

  /** The mean of all elements. */
  public static Expr mean(Expr x) {
    return x.sumAll().over(Expr.full(1, x.shape()).sumAll());
  }

  /** Mean over the rows of max(z,0) − z y + log(1 + exp(−|z|)); z, y [B,1]. */
  public static Expr binaryCrossEntropy(Expr logits, Expr targets) {
    Expr tail = Expr.log(Expr.exp(Expr.minimum(logits, logits.negate())).plus(1));
    return mean(Expr.maximum(Expr.constant(0), logits).minus(logits.times(targets)).plus(tail));
  }

  /** Mean over the rows of log Σ exp(z) − z of the class; z [B,K], classes whole numbers [B]. */
  public static Expr categoricalCrossEntropy(Expr logits, Expr classes) {
    return mean(Expr.logSumExp(logits).minus(logits.pick(classes)));
  }
}

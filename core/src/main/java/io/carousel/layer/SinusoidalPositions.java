package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds to each step t of a sequence [B,T,F] what tells its position, without parameters.
 *
 * <pre>
 *   y[t, 2i] = x[t, 2i] + sin(t ω)     y[t, 2i+1] = x[t, 2i+1] + cos(t ω)     ω = 10000^(−2i/F)
 * </pre>
 *
 * <p>Source: Vaswani et al.: Attention Is All You Need, 2017, section 3.5. The engine has no sine: those of ω, at
 * most 1, are series, those of 2ω, 4ω, … follow by doubling, and that of tω is put together by the binary digits
 * of t. The error is below 3t·10⁻⁷ + 10⁻⁶; t may go up to 2²⁰.
 */
public record SinusoidalPositions() implements Layer {
  private static final int DIGITS = 20;
  private static final int TERMS = 7;

  @Override
  public Signal apply(Signal in, Scope scope) {
    Attention.requireOneOrTwo(this, List.of(in));
    int features = in.features();
    int pairs = (features + 1) / 2;
    Expr i = Expr.index(Shape.of(1, pairs), 1);
    Expr omega = Expr.exp(i.times(-2 * Math.log(10_000) / features));
    Expr sines = rotations(omega, in.value().shape().size(0));
    Shape wide = Shape.of(in.value().shape().size(0), 1, features + features % 2);
    return in.with(in.value().plus(sines.reshape(wide).slice(-1, 0, features)));
  }

  /** sin(tω) and cos(tω), [T,1,pairs,2], for a time axis of that size. */
  private static Expr rotations(Expr omega, int steps) {
    Shape one = omega.shape();
    Expr[] sines = new Expr[DIGITS];
    Expr[] versines = new Expr[DIGITS]; // 1 − cos, which keeps what is small exact
    sines[0] = omega.times(series(omega.square(), 2));
    versines[0] = omega.square().times(series(omega.square(), 3)).times(0.5);
    for (int d = 1; d < DIGITS; d++) {
      sines[d] = sines[d - 1].times(versines[d - 1].complement()).times(2);
      versines[d] = sines[d - 1].square().times(2);
    }
    Expr rest = Expr.index(Shape.of(steps, one.size(1)), 0);
    Expr sine = Expr.constant(0);
    Expr cosine = Expr.constant(1);
    for (int d = DIGITS - 1; d >= 0; d--) {
      Expr lacks = rest.less(Expr.constant(1L << d));
      Expr turned = Expr.constant(1).minus(versines[d]);
      Expr s = sine.times(turned).plus(cosine.times(sines[d]));
      Expr c = cosine.times(turned).minus(sine.times(sines[d]));
      sine = Expr.select(lacks, sine, s);
      cosine = Expr.select(lacks, cosine, c);
      rest = Expr.select(lacks, rest, rest.plus(-(double) (1L << d)));
    }
    Shape flat = Shape.of(steps, 1, one.size(1), 1);
    return Expr.concat(-1, new ArrayList<>(List.of(sine.reshape(flat), cosine.reshape(flat))));
  }

  /** 1 − x/(n(n+1)) + x²/(n(n+1)(n+2)(n+3)) − …, which is sin ω / ω for n = 2, and 2(1 − cos ω) / ω² for 3. */
  private static Expr series(Expr x, int n) {
    Expr sum = Expr.constant(1);
    for (int term = TERMS; term >= 1; term--) {
      double divisor = (n + 2.0 * term - 2) * (n + 2.0 * term - 1);
      sum = sum.times(x).times(-1 / divisor).plus(1);
    }
    return sum;
  }

  @Override
  public String kind() {
    return "sinusoidal_positions";
  }

  @Override
  public String toString() {
    return "SinusoidalPositions()";
  }
}

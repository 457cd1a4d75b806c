package io.carousel.cell;

import static io.carousel.expr.Expr.exp;
import static io.carousel.expr.Expr.relu;
import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * Gated recurrent unit for values that are missing and times that are uneven: what was seen last decays towards the
 * mean, and the state towards zero, the longer ago it is.
 *
 * <pre>
 *   γx = exp(−max(0, wx ⊙ δ + bx))     γh = exp(−max(0, D δ + bh))
 *   x̂ = x where m, else γx ⊙ l + (1 − γx) ⊙ μ        l' = x where m, else l
 *   ĥ = γh ⊙ h
 *   r, z = σ(W x̂ + R ĥ + V m + b)      n = tanh(W x̂ + R (r ⊙ ĥ) + V m + b)
 *   h' = (1 − z) ⊙ ĥ + z ⊙ n
 * </pre>
 *
 * The input of a step is [B,3F]: the values x, the mask m and the gaps δ side by side, F of each. m is 1 where a
 * value was observed, else 0, and x may then be any number. δ is the time since the value was last observed: with
 * times s, δ = 0 at the first step, else s − s₋₁, and to that the δ of the step before is added where m was 0 in it.
 * {@link io.carousel.data.MissingValues} makes all three of a series.
 *
 * h [B,H], l [B,F], W and V [F,3H], R [H,3H], b [3H], gate order r z n; wx, bx and μ [F], D [F,H], bh [H]. W and V
 * begin Glorot uniform, R orthogonal, biases zero, wx and D uniform in 0 to 0.1, so that all decay; μ, the mean of
 * each feature, is not trained and begins at zero: standardize the features, or set {@code mu}.
 *
 * <p>Source: Che, Purushotham, Cho, Sontag, Liu: Recurrent Neural Networks for Multivariate Time Series with Missing
 * Values, 2018, equations 10 to 17. Differs from the source: what was seen last is zero before the first observation.
 *
 * @param units the size H of the state
 */
public record GruDCell(int units) implements Cell {
  private static final double DECAY = 0.1;

  public GruDCell {
    Gates.requireUnits("GRU-D", units);
  }

  @Override
  public List<Expr> initials() {
    return initials(1);
  }

  @Override
  public List<Expr> initials(Shape input) {
    return initials(features(input));
  }

  private List<Expr> initials(int features) {
    return List.of(Expr.full(0, Shape.of(Shape.B, units)), Expr.full(0, Shape.of(Shape.B, features)));
  }

  private int features(Shape input) {
    int numbers = Cell.features(this, input);
    if (numbers % 3 != 0) {
      throw new IllegalArgumentException(
          this + ": each step must have 3F numbers, F values, their mask and gaps side by side, got " + numbers);
    }
    return numbers / 3;
  }

  @Override
  public List<String> stateNames() {
    return List.of("h", "l");
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    int features = features(input);
    Gates gates = Gates.declare(units, 3, features, scope, Initializers.zeros());
    Expr v = scope.parameter("V", Shape.of(features, 3 * units), Initializers.glorotUniform());
    Expr wx = scope.parameter("wx", Shape.of(features), Initializers.uniform(0, DECAY));
    Expr bx = scope.parameter("bx", Shape.of(features), Initializers.zeros());
    Expr decay = scope.parameter("D", Shape.of(features, units), Initializers.uniform(0, DECAY));
    Expr bh = scope.parameter("bh", Shape.of(units), Initializers.zeros());
    Expr mu = scope.parameter("mu", Shape.of(features), Initializers.zeros(), false);
    Expr rz = gates.r().slice(1, 0, 2 * units);
    Expr rn = gates.of(gates.r(), 2);
    return new Step() {
      @Override
      public List<Expr> sequences(Expr in) {
        Expr m = in.slice(-1, features, 2 * features);
        Expr gap = in.slice(-1, 2 * features, 3 * features);
        Expr gx = exp(relu(wx.times(gap).plus(bx)).negate());
        Expr gh = exp(relu(gap.matmul(decay).plus(bh)).negate());
        return List.of(in.slice(-1, 0, features), m, gx, gh);
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr x = current.get(0);
        Expr observed = current.get(1);
        Expr gx = current.get(2);
        Expr h = current.get(3).times(states.get(0));
        Expr seen = states.get(1);
        Expr filled = Expr.select(observed, x, gx.times(seen).plus(gx.complement().times(mu)));
        Expr in = gates.inputs(filled).plus(observed.matmul(v));
        Expr back = h.matmul(rz);
        Expr r = sigmoid(gates.of(in, 0).plus(gates.of(back, 0)));
        Expr z = sigmoid(gates.of(in, 1).plus(gates.of(back, 1)));
        Expr n = tanh(gates.of(in, 2).plus(r.times(h).matmul(rn)));
        Expr next = z.complement().times(h).plus(z.times(n));
        return new Scans.Step(List.of(next, Expr.select(observed, x, seen)), List.of(next));
      }
    };
  }

  @Override
  public String toString() {
    return "GRU-D(units=" + units + ")";
  }
}

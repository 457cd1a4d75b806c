package io.carousel.layer;

import io.carousel.cell.DropoutMask;
import io.carousel.cell.NormalNumbers;
import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.function.BinaryOperator;

/**
 * While training, adds normal numbers, or multiplies by normal numbers around 1: y = x + σ n, or
 * y = x ⊙ (1 + σ n). Does nothing when the model answers.
 *
 * <p>The numbers n, of mean 0 and variance 1, are a function of the step's key, the layer's name and the place.
 *
 * <p>Source of the product: Srivastava et al.: Dropout, 2014, section 10.
 *
 * @param deviation σ
 * @param multiplies true for the product
 */
public record GaussianNoise(double deviation, boolean multiplies) implements Layer {
  public GaussianNoise {
    if (!(deviation >= 0 && deviation < 1e6)) {
      throw new IllegalArgumentException("GaussianNoise: the deviation must be at least 0, got " + deviation);
    }
  }

  /** Adds noise of this standard deviation. */
  public GaussianNoise(double deviation) {
    this(deviation, false);
  }

  /** Multiplies by numbers of the variance that dropout of this rate has, rate / (1 − rate). */
  public static GaussianNoise dropout(double rate) {
    DropoutMask.requireRate("GaussianNoise", rate);
    return new GaussianNoise(Math.sqrt(rate / (1 - rate)), true);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireFeatures(this, in);
    if (!scope.training() || deviation == 0) {
      return in;
    }
    BinaryOperator<Expr> noisy = (x, n) -> multiplies ? x.times(n.plus(1)) : x.plus(n);
    Expr last = in.last();
    return new Signal(
        noisy.apply(in.value(), numbers(scope.name(), in.value())),
        last == null ? null : noisy.apply(last, numbers(scope.name() + ".last", last)),
        in.lengths(),
        in.zeroPadded() && multiplies,
        in.read());
  }

  private Expr numbers(String stream, Expr like) {
    return NormalNumbers.of(stream, like.shape()).times(deviation);
  }

  @Override
  public String kind() {
    return multiplies ? "gaussian_dropout" : "gaussian_noise";
  }

  @Override
  public String toString() {
    return "GaussianNoise(" + deviation + (multiplies ? ", multiplies)" : ")");
  }
}

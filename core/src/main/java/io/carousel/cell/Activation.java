package io.carousel.cell;

import io.carousel.expr.Expr;
import java.util.Locale;

/** A function applied to each output of a layer, or to a gate of a cell. */
public enum Activation {
  /** x. */
  LINEAR,
  /** max(x, 0). */
  RELU,
  /** 1 / (1 + exp(−x)): a probability for each output. */
  SIGMOID,
  /** tanh x. */
  TANH,
  /** exp(x) / Σ exp(x) over the outputs: probabilities that add up to 1. */
  SOFTMAX,
  /** x where x &gt; 0, else x / 100. Source: Maas et al. 2013; the slope is PyTorch's, Keras's is 0.2. */
  LEAKY_RELU,
  /** x where x &gt; 0, else exp(x) − 1. Source: Clevert et al. 2016. */
  ELU,
  /** λ x where x &gt; 0, else λ α (exp(x) − 1), which keeps mean 0 and variance 1. Source: Klambauer et al. 2017. */
  SELU,
  /** x σ(x), also called swish. Source: Elfwing et al. 2017. */
  SILU,
  /** x Φ(x), Φ being the normal distribution function. Source: Hendrycks, Gimpel 2016. */
  GELU,
  /** x σ(2u), u = √(2/π) (x + 0.044715 x³): the form of GELU with a tanh. Source: Hendrycks, Gimpel 2016. */
  GELU_TANH,
  /** log(1 + exp(x)). */
  SOFTPLUS,
  /** x / (1 + |x|). */
  SOFTSIGN,
  /** x / 6 + ½, within 0 and 1; PyTorch's, and Keras's since its version 3. */
  HARD_SIGMOID,
  /** x / 5 + ½, within 0 and 1; that of ONNX, Theano and earlier versions of Keras. */
  HARD_SIGMOID_ONNX;

  private static final double LEAK = 0.01;
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;

  /**
   * Coefficients of erfc, relative error below 1.2e-7. Source: Press et al.: Numerical Recipes in C, 2nd
   * edition 1992, section 6.2.
   */
  private static final double[] ERFC = {
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277
  };

  /** The function of an expression. */
  public Expr of(Expr x) {
    return switch (this) {
      case LINEAR -> x;
      case RELU -> Expr.relu(x);
      case SIGMOID -> Expr.sigmoid(x);
      case TANH -> Expr.tanh(x);
      case SOFTMAX -> Expr.softmax(x);
      case LEAKY_RELU -> positive(x, x, x.times(LEAK));
      case ELU -> elu(x, 1);
      case SELU -> elu(x, SELU_ALPHA).times(SELU_SCALE);
      case SILU -> x.times(Expr.sigmoid(x));
      case GELU -> x.times(normal(x));
      case GELU_TANH -> {
        Expr u = x.plus(x.times(x.square()).times(0.044715)).times(Math.sqrt(2 / Math.PI));
        yield x.times(Expr.sigmoid(u.times(2))); // ½ (1 + tanh u)
      }
      // At x = 0 both pieces have a kink; in this order their derivatives, 1 and −½, add up to σ(0) = ½.
      case SOFTPLUS ->
          Expr.maximum(Expr.constant(0), x).plus(Expr.log(Expr.exp(Expr.minimum(x, x.negate())).plus(1)));
      case SOFTSIGN -> x.over(Expr.abs(x).plus(1));
      case HARD_SIGMOID -> Expr.minimum(Expr.relu(x.times(1.0 / 6).plus(0.5)), Expr.constant(1));
      case HARD_SIGMOID_ONNX -> Expr.minimum(Expr.relu(x.times(0.2).plus(0.5)), Expr.constant(1));
    };
  }

  /** The function of x limited to ±clip, with a derivative at ±clip; of x itself if the clip is infinite. */
  Expr of(Expr x, double clip) {
    return of(
        Double.isInfinite(clip)
            ? x : Expr.minimum(Expr.constant(clip), Expr.maximum(Expr.constant(-clip), x)));
  }

  /** True if 0 becomes 0. */
  public boolean keepsZero() {
    return switch (this) {
      case SIGMOID, SOFTMAX, SOFTPLUS, HARD_SIGMOID, HARD_SIGMOID_ONNX -> false;
      case LINEAR, RELU, TANH, LEAKY_RELU, ELU, SELU, SILU, GELU, GELU_TANH, SOFTSIGN -> true;
    };
  }

  private static Expr positive(Expr x, Expr above, Expr below) {
    return Expr.select(Expr.constant(0).less(x), above, below);
  }

  private static Expr elu(Expr x, double alpha) {
    return positive(x, x, Expr.exp(Expr.minimum(Expr.constant(0), x)).plus(-1).times(alpha));
  }

  /** Φ(x) = ½ erfc(−x / √2). */
  private static Expr normal(Expr x) {
    Expr z = Expr.abs(x).times(Math.sqrt(0.5));
    Expr t = Expr.constant(1).over(z.times(0.5).plus(1));
    Expr series = Expr.constant(ERFC[ERFC.length - 1]);
    for (int i = ERFC.length - 2; i >= 0; i--) {
      series = series.times(t).plus(ERFC[i]);
    }
    Expr tail = t.times(Expr.exp(series.minus(z.square()))).times(0.5);
    return Expr.select(x.less(Expr.constant(0)), tail, tail.complement());
  }

  /** Its name in model files and summaries, {@code relu}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

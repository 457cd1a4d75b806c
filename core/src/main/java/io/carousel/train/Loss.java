package io.carousel.train;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.layer.Signal;
import io.carousel.model.Input;
import io.carousel.tensor.Shape;
import java.util.Locale;

/**
 * What training makes small: a number for each row; the loss of a batch is their mean.
 *
 * <p>Where the output is a sequence, as for tagging and language models, targets stand at each step, and the
 * loss of a row is the mean over those of its steps that are read; that of an empty row is 0.
 *
 * <p>The cross-entropies are computed from the logits z that the model's last sigmoid or softmax was
 * applied to, so that neither large nor small z overflow or lose their gradient.
 */
public enum Loss {
  /**
   * −y log p − (1 − y) log(1 − p), p = σ(z), as max(z, 0) − z y + log(1 + exp(−|z|)); the mean over the
   * outputs if there are several. The target is a class 0 or 1, or values from 0 to 1 [B,K].
   */
  BINARY_CROSS_ENTROPY,

  /**
   * −log p[y], p = softmax(z), as log Σ exp(z) − z[y]. The target is a class, or probabilities [B,K].
   */
  CATEGORICAL_CROSS_ENTROPY,

  /** (y − target)², the mean over the outputs. The target is values [B,K]. */
  MEAN_SQUARED_ERROR;

  /**
   * The loss of each row, [B,1]. That of sequences reads the input {@link Input#LENGTHS} as well.
   *
   * @param output the output of a model [B,K] or [T,B,K]
   * @param target classes, whole numbers [B] or [T,B], or values shaped as the output
   * @throws IllegalArgumentException if the output or the target do not suit this loss
   */
  public Expr rows(Expr output, Expr target) {
    return rows(Signal.of(output, Expr.intInput(Input.LENGTHS, Shape.of(Shape.B))), target);
  }

  /** The same; steps that are skipped do not count. */
  Expr rows(Signal output, Expr target) {
    Expr z = logits(output.value());
    int outputs = z.shape().size(-1);
    boolean classes = target.isInt();
    if (!classes && !target.shape().equals(z.shape())) {
      throw new IllegalArgumentException(
          this + ": target values must be " + z.shape() + " as the output, got " + target.shape());
    }
    if (classes && target.shape().rank() != z.shape().rank() - 1) {
      throw new IllegalArgumentException(
          this + ": classes must be " + z.shape().drop(-1) + " as the output, got " + target.shape());
    }
    Expr each = places(z, target, classes, outputs);
    return z.shape().rank() == 3 ? overSteps(new Signal(each, null, output.lengths(), false, output.read())) : each;
  }

  /** The loss at each place: the output with a last axis of size 1. */
  private Expr places(Expr z, Expr target, boolean classes, int outputs) {
    Shape place = z.shape().with(-1, 1);
    return switch (this) {
      case BINARY_CROSS_ENTROPY -> {
        if (classes && outputs != 1) {
          throw new IllegalArgumentException(
              this + ": with classes as targets there must be 1 output, got " + outputs
                  + "; use CATEGORICAL_CROSS_ENTROPY and a softmax");
        }
        Expr y = classes ? target.cast().reshape(place) : target;
        // At z = 0 both pieces have a kink; in this order their derivatives, 1 and −½, add up to σ(0) = ½.
        Expr positive = Expr.maximum(Expr.constant(0), z);
        Expr tail = Expr.log(Expr.exp(Expr.minimum(z, z.negate())).plus(1));
        yield mean(positive.minus(z.times(y)).plus(tail));
      }
      case CATEGORICAL_CROSS_ENTROPY -> {
        Expr logSum = Expr.logSumExp(z);
        yield classes
            ? logSum.minus(z.pick(target))
            : logSum.times(target.sum(-1)).minus(z.times(target).sum(-1));
      }
      case MEAN_SQUARED_ERROR -> {
        if (classes) {
          throw new IllegalArgumentException(this + ": targets must be values [B,K], got classes");
        }
        yield mean(z.minus(target).square());
      }
    };
  }

  /**
   * What the loss is computed from: the operand of the output's sigmoid or softmax, or the output
   * itself for the mean squared error.
   *
   * @throws IllegalArgumentException if the output does not end as the loss needs it
   */
  public Expr logits(Expr output) {
    return switch (this) {
      case BINARY_CROSS_ENTROPY -> {
        if (output.op() != Op.Unary.SIGMOID) {
          throw wrongEnd("a sigmoid", output, "new Dense(1, Activation.SIGMOID)");
        }
        yield output.arg(0);
      }
      case CATEGORICAL_CROSS_ENTROPY -> {
        if (!(output.op() instanceof Op.Softmax)) {
          throw wrongEnd("a softmax", output, "new Dense(classes, Activation.SOFTMAX)");
        }
        if (output.shape().size(-1) == 1) {
          throw new IllegalArgumentException(
              this + ": the softmax must be of at least 2 outputs, got 1, which is always 1; use an output for each"
                  + " class, or BINARY_CROSS_ENTROPY and new Dense(1, Activation.SIGMOID)");
        }
        yield output.arg(0);
      }
      case MEAN_SQUARED_ERROR -> output;
    };
  }

  /** True if the outputs name classes, so that accuracy has a meaning. */
  public boolean classifies() {
    return this != MEAN_SQUARED_ERROR;
  }

  /** Its name in files, {@code binary_cross_entropy}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private IllegalArgumentException wrongEnd(String needed, Expr output, String instead) {
    return new IllegalArgumentException(
        this + ": the model must end with " + needed + ", it ends with " + output.op().word() + "; use "
            + instead);
  }

  private static Expr mean(Expr values) {
    int outputs = values.shape().size(-1);
    return outputs == 1 ? values : values.sum(-1).times(1.0 / outputs);
  }

  /** The mean over the steps of a row that are read, [B,1] of [T,B,1]. */
  private static Expr overSteps(Signal losses) {
    Expr sum = losses.own().sum(0).reshape(Shape.of(Shape.B, 1));
    return sum.over(Expr.maximum(losses.rowLengths(), Expr.constant(1)));
  }
}

package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Several signals as one, element by element or side by side: {@code Merge.concat().on(a, b)}.
 *
 * <p>All must have one shape, or, to stand side by side, one up to the last axis. An array a row [B,…] among
 * sequences [B,T,…] stands at each step. Sequences must have the lengths of one input.
 *
 * @param how what is done; equations in {@link How}
 */
public record Merge(How how) implements Joining {
  /** What is done with signals a, b, … */
  public enum How {
    /** [a b …] along the last axis. */
    CONCAT,
    /** a + b + … */
    ADD,
    /** a − b, of two. */
    SUBTRACT,
    /** a ⊙ b ⊙ … */
    MULTIPLY,
    /** (a + b + …) / n. */
    AVERAGE,
    /** max(a, b, …). */
    MAXIMUM,
    /** min(a, b, …). */
    MINIMUM,
    /** Σ aᵢ bᵢ over the last axis, of two: [B,1] or [B,T,1]. */
    DOT,
    /** The dot product over the norms, Σ aᵢ bᵢ / √(Σ aᵢ² Σ bᵢ²), of two; 0 where one is 0. */
    COSINE;

    /** Its name in model files, {@code concat}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What keeps the cosine of zeros finite, of the product of the squared norms; Keras's of one. */
  private static final double TINY = 1e-12;

  /** Side by side along the last axis. */
  public static Merge concat() {
    return new Merge(How.CONCAT);
  }

  /** The sum. */
  public static Merge add() {
    return new Merge(How.ADD);
  }

  /** The product, element by element. */
  public static Merge multiply() {
    return new Merge(How.MULTIPLY);
  }

  /** The mean. */
  public static Merge average() {
    return new Merge(How.AVERAGE);
  }

  /** The largest. */
  public static Merge maximum() {
    return new Merge(How.MAXIMUM);
  }

  /** The dot product over the last axis, of two. */
  public static Merge dot() {
    return new Merge(How.DOT);
  }

  @Override
  public List<Signal> apply(List<Signal> in, Scope scope) {
    boolean two = how == How.SUBTRACT || how == How.DOT || how == How.COSINE;
    if (in.isEmpty() || (two && in.size() != 2)) {
      throw new IllegalArgumentException(
          this + ": must follow " + (two ? "two signals" : "at least one signal") + ", got " + in.size());
    }
    in.forEach(each -> Layer.requireFeatures(this, each));
    Signal steps = in.stream().filter(Signal::isSequence).findFirst().orElse(in.getFirst());
    List<Expr> values = new ArrayList<>();
    boolean allZero = true;
    boolean someZero = false;
    Expr read = null; // where all read
    for (Signal each : in) {
      requireSameLengths(steps, each);
      values.add(aligned(each, steps));
      boolean zero = each.isSequence() && each.zeroPadded();
      allZero &= zero;
      someZero |= zero;
      Expr own = each.read();
      read = own == null ? read : read == null ? own : read.times(own);
    }
    boolean product = how == How.MULTIPLY || how == How.DOT || how == How.COSINE;
    return List.of(
        new Signal(
            of(values), null, steps.lengths(), steps.isSequence() && (product ? someZero : allZero), read));
  }

  /** The value, repeated over time if it has no steps and others have. */
  private Expr aligned(Signal each, Signal steps) {
    Shape whole = steps.value().shape();
    Expr value = each.value();
    if (steps.isSequence() && !each.isSequence() && value.shape().rank() == whole.rank() - 1) {
      Shape step = value.shape().insert(0, 1);
      value = value.reshape(step).broadcast(step.with(0, whole.size(0)));
    }
    Shape shape = value.shape();
    boolean fits = shape.rank() == whole.rank()
        && (how == How.CONCAT ? shape.with(-1, 1).equals(whole.with(-1, 1)) : shape.equals(whole));
    if (!fits) {
      throw new IllegalArgumentException(
          this + ": signals must have one shape" + (how == How.CONCAT ? " up to the last axis" : "") + ", got "
              + steps.shapeText() + " and " + each.shapeText()
              + (how == How.CONCAT ? "" : "; add a Dense of the same units to one"));
    }
    return value;
  }

  private void requireSameLengths(Signal steps, Signal each) {
    if (each.isSequence() && each.value().shape().size(0) != steps.value().shape().size(0)) {
      throw new IllegalArgumentException(
          this + ": sequences must have as many steps, got " + steps.shapeText() + " and " + each.shapeText()
              + "; pool them before, or give one the stride of the other");
    }
    if (each.isSequence() && !each.hasStepsOf(steps)) {
      throw new IllegalArgumentException(
          this + ": sequences must have the lengths of one input, got " + steps.requireLengths().op().word() + " and "
              + each.requireLengths().op().word() + "; pool them before, or say that one input has the steps of the"
              + " other, withStepsOf");
    }
  }

  private Expr of(List<Expr> values) {
    return switch (how) {
      case CONCAT -> Expr.concat(-1, values);
      case ADD -> values.stream().reduce(Expr::plus).orElseThrow();
      case SUBTRACT -> values.get(0).minus(values.get(1));
      case MULTIPLY -> values.stream().reduce(Expr::times).orElseThrow();
      case AVERAGE -> values.stream().reduce(Expr::plus).orElseThrow().times(1.0 / values.size());
      case MAXIMUM -> values.stream().reduce(Expr::maximum).orElseThrow();
      case MINIMUM -> values.stream().reduce(Expr::minimum).orElseThrow();
      case DOT -> dot(values.get(0), values.get(1));
      case COSINE -> {
        Expr squares = dot(values.get(0), values.get(0)).times(dot(values.get(1), values.get(1)));
        yield dot(values.get(0), values.get(1)).over(Expr.sqrt(Expr.maximum(squares, Expr.constant(TINY))));
      }
    };
  }

  private static Expr dot(Expr a, Expr b) {
    return a.times(b).sum(-1);
  }

  @Override
  public String kind() {
    return how.word();
  }

  @Override
  public String toString() {
    return "Merge(" + how.word() + ")";
  }
}

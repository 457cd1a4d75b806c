package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What flows from one layer of a model to the next.
 *
 * @param value tokens [T,B] (whole numbers), a sequence [T,B,…], or one array a row [B,…]; time comes first inside:
 *     vectors [B,F], images [B,h,w,c], sequences of vectors [T,B,F] or of images [T,B,h,w,c]
 * @param last for a sequence that a recurrent layer made: its output after reading the whole row, [B,…],
 *     which for the backward direction is the one at the first step; else null
 * @param lengths for tokens and sequences: the steps of each row, whole numbers [B]; else null
 * @param zeroPadded true if {@code value} is known to be 0 at steps beyond a row's length, and none is skipped
 * @param read for a sequence of which steps are skipped: 1 at those that are read, 0 at the others, [T,B,1]; else
 *     null
 */
public record Signal(
    Expr value, @Nullable Expr last, @Nullable Expr lengths, boolean zeroPadded, @Nullable Expr read) {
  public Signal {
    zeroPadded &= read == null;
  }

  /** A signal of which no step is skipped. */
  public Signal(Expr value, @Nullable Expr last, @Nullable Expr lengths, boolean zeroPadded) {
    this(value, last, lengths, zeroPadded, null);
  }

  /** The same with more steps skipped, where {@code also}, [T,B,1], is 0; what stands there becomes 0. */
  public Signal reading(Expr also) {
    Expr kept = value.isInt() ? value : Expr.select(ofRank(also), value, Expr.constant(0));
    return new Signal(kept, null, lengths, false, read == null ? also : read.times(also));
  }

  /** This with another value at each step, made of the same step alone; nothing is known of its end. */
  Signal with(Expr changed) {
    return new Signal(changed, null, lengths, false, read);
  }

  /** Whole numbers or vectors or a sequence about whose padding nothing is known. */
  public static Signal of(Expr value, @Nullable Expr lengths) {
    return new Signal(value, null, lengths, false);
  }

  /** True for a sequence of feature vectors or of any other arrays of numbers. */
  public boolean isSequence() {
    return !value.isInt() && Shape.isTime(value.shape().size(0));
  }

  /** The size of the last axis. */
  public int features() {
    return value.shape().size(-1);
  }

  /**
   * This with another value at each step, and the same done to {@code last}.
   *
   * @param keepsZeros true if {@code change} maps 0 to 0
   */
  public Signal map(UnaryOperator<Expr> change, boolean keepsZeros) {
    return new Signal(
        change.apply(value), last == null ? null : change.apply(last), lengths, zeroPadded && keepsZeros, read);
  }

  /** The lengths of a signal that has steps. */
  Expr requireLengths() {
    if (lengths == null) {
      throw new IllegalStateException("Signal: " + shapeText() + " has no lengths");
    }
    return lengths;
  }

  /** True if each row has as many steps in both because their lengths come from the same input in the same way. */
  public boolean hasStepsOf(Signal other) {
    return lengths != null && other.lengths != null && lengths.toString().equals(other.lengths.toString());
  }

  /** The value with zeros at steps that are skipped or beyond a row's length. */
  public Expr own() {
    return lengths == null ? value : Expr.select(mask(), value, Expr.constant(0));
  }

  /** The same, as it is where it is known to be 0 there. */
  Expr zeroed() {
    return zeroPadded ? value : own();
  }

  /** 1 on those of a row's own steps that are read, else 0: [T,B,1…], of the rank of the value. */
  public Expr mask() {
    Expr own = Expr.index(value.shape(), 0).less(along(ownLengths()));
    return read == null ? own : own.times(ofRank(read));
  }

  /** A number of each step, [T,B,1], in the rank of the value. */
  private Expr ofRank(Expr ofSteps) {
    return ofSteps.reshape(ones(value.shape()).with(0, value.shape().size(0)));
  }

  /** 1 on the last step of a row that is read, else 0: [T,B,1…]; an empty row has no last step. */
  Expr maskOfLast() {
    Expr index = Expr.index(value.shape(), 0);
    if (read == null) {
      return index.equal(along(ownLengths()).plus(-1));
    }
    Expr places = index.plus(1).times(mask());
    return places.equal(places.max(0)).times(mask());
  }

  /** The number of steps of a row that are read, as floats shaped [B,1…] to broadcast against one step. */
  public Expr rowLengths() {
    return read == null ? ownLengths() : mask().sum(0).reshape(ones(value.shape()).drop(0));
  }

  private Expr ownLengths() {
    return requireLengths().cast().reshape(ones(value.shape()).drop(0));
  }

  private static Expr along(Expr ofRows) {
    return ofRows.reshape(ofRows.shape().insert(0, 1));
  }

  /** The shape of a sequence with all sizes 1 but that of the rows. */
  private static Shape ones(Shape sequence) {
    int[] sizes = new int[sequence.rank()];
    Arrays.fill(sizes, 1);
    sizes[1] = Shape.B;
    return Shape.of(sizes);
  }

  /** The shape as users say it, batch first: {@code [B,T,64]}. */
  public String shapeText() {
    return shapeText(value.shape());
  }

  /** A time-major shape as users say it, batch first. */
  static String shapeText(Shape shape) {
    StringJoiner text = new StringJoiner(",", "[", "]");
    boolean timeFirst = shape.rank() > 1 && Shape.isTime(shape.size(0)) && shape.size(1) == Shape.B;
    for (int axis = 0; axis < shape.rank(); axis++) {
      int size = shape.size(timeFirst && axis < 2 ? 1 - axis : axis);
      text.add(Shape.text(size));
    }
    return text.toString();
  }
}

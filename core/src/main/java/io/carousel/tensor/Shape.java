package io.carousel.tensor;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * The sizes of an array, slowest axis first.
 *
 * <p>Some sizes may be symbolic: {@link #B}, the batch, {@link #T}, the number of time steps, and what
 * {@link #plus} and {@link #part} make of T: every other step, steps with some more around them. They print as
 * letters, {@code [T,B,64]}, {@code [(T+2)/2,B,64]}, and become numbers in {@link #bind}. All other sizes are
 * positive numbers. A scalar is {@code []}. Immutable.
 */
public final class Shape {
  /** The symbolic batch size. */
  public static final int B = -1;

  /** The symbolic number of time steps. */
  public static final int T = -2;

  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape();

  /** ⌈(T + added) / by⌉ is the symbol TIMES − (by − 1) · MORE − added, far from what a wrong sum might give. */
  private static final int TIMES = -(1 << 30);

  private static final int MORE = 1 << 16;

  private final int[] sizes;

  private Shape(int... sizes) {
    this.sizes = sizes;
  }

  /**
   * A shape of the given sizes.
   *
   * @throws IllegalArgumentException if a size is neither positive nor a symbol
   */
  public static Shape of(int... sizes) {
    for (int size : sizes) {
      if (size != B && !isTime(size) && size < 1) {
        throw new IllegalArgumentException(
            "Shape: sizes must be at least 1 or the symbols B and T, got " + Arrays.toString(sizes));
      }
    }
    return new Shape(sizes.clone());
  }

  /** True for {@link #T} and the sizes made of it. */
  public static boolean isTime(int size) {
    return size == T || size <= TIMES;
  }

  private static int added(int time) {
    return time == T ? 0 : (TIMES - time) % MORE;
  }

  private static int by(int time) {
    return time == T ? 1 : (TIMES - time) / MORE + 1;
  }

  private static int time(int added, int by) {
    if (added < 0 || added >= MORE || by >= MORE / 4) {
      throw new IllegalArgumentException(
          "Shape: a time axis must have at least T steps, got (T" + (added < 0 ? "" : "+") + added + ")/" + by);
    }
    return added == 0 && by == 1 ? T : TIMES - (by - 1) * MORE - added;
  }

  /** A size with so many positions more. */
  public static int plus(int size, int more) {
    return isTime(size) ? time(added(size) + more * by(size), by(size)) : size + more;
  }

  /** The number of every {@code by}-th position of an axis of this size, ⌈size / by⌉. */
  public static int part(int size, int by) {
    return isTime(size) ? time(added(size), by(size) * by) : (size + by - 1) / by;
  }

  /** The number that a size stands for. */
  public static int number(int size, int batch, int time) {
    return size == B ? batch : isTime(size) ? (time + added(size) + by(size) - 1) / by(size) : size;
  }

  /** A size as it prints: a number, {@code B}, {@code T}, {@code (T+2)/2}. */
  public static String text(int size) {
    if (!isTime(size)) {
      return size == B ? "B" : Integer.toString(size);
    }
    String longer = added(size) == 0 ? "T" : "T+" + added(size);
    return by(size) == 1 ? longer : (added(size) == 0 ? "T" : "(" + longer + ")") + "/" + by(size);
  }

  public int rank() {
    return sizes.length;
  }

  /** The size of an axis; negative axes count from the end, so {@code size(-1)} is the last. */
  public int size(int axis) {
    return sizes[axis(axis)];
  }

  /** The axis as a number from 0; negative axes count from the end. */
  public int axis(int axis) {
    int resolved = axis < 0 ? axis + sizes.length : axis;
    if (resolved < 0 || resolved >= sizes.length) {
      throw new IllegalArgumentException("Shape: " + this + " has no axis " + axis);
    }
    return resolved;
  }

  public int[] sizes() {
    return sizes.clone();
  }

  /** True if no size is symbolic. */
  public boolean isStatic() {
    for (int size : sizes) {
      if (size < 0) {
        return false;
      }
    }
    return true;
  }

  /** This shape with {@code size} in place of the size of {@code axis}. */
  public Shape with(int axis, int size) {
    int[] changed = sizes.clone();
    changed[axis(axis)] = size;
    return of(changed);
  }

  /** This shape with a new axis of {@code size} before the axis {@code at}. */
  public Shape insert(int at, int size) {
    int[] longer = new int[sizes.length + 1];
    System.arraycopy(sizes, 0, longer, 0, at);
    longer[at] = size;
    System.arraycopy(sizes, at, longer, at + 1, sizes.length - at);
    return of(longer);
  }

  /** This shape without {@code axis}. */
  public Shape drop(int axis) {
    int gone = axis(axis);
    int[] shorter = new int[sizes.length - 1];
    System.arraycopy(sizes, 0, shorter, 0, gone);
    System.arraycopy(sizes, gone + 1, shorter, gone, shorter.length - gone);
    return of(shorter);
  }

  /** This shape with the symbols replaced by numbers; zero rows or steps are allowed here. */
  public int[] bind(int batch, int time) {
    int[] bound = sizes.clone();
    for (int i = 0; i < bound.length; i++) {
      bound[i] = number(bound[i], batch, time);
    }
    return bound;
  }

  /** The number of elements once {@code B} and {@code T} are known. */
  public int count(int batch, int time) {
    long count = 1;
    for (int size : bind(batch, time)) {
      count *= size;
    }
    if (count > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "Shape: " + this + " with B=" + batch + ", T=" + time + " has " + count
              + " elements, more than one array can hold; use a smaller batch or shorter sequences");
    }
    return (int) count;
  }

  /** The number of elements of a shape without symbols. */
  public int count() {
    if (!isStatic()) {
      throw new IllegalStateException("Shape: " + this + " has no fixed number of elements");
    }
    return count(1, 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(",", "[", "]");
    for (int size : sizes) {
      text.add(text(size));
    }
    return text.toString();
  }
}

package io.carousel.tensor;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * The sizes of an array, slowest axis first.
 *
 * <p>Two sizes may be symbolic: {@link #B}, the batch, and {@link #T}, the number of time steps.
 * They print as letters, {@code [T,B,64]}, and become numbers in {@link #bind}. All other sizes
 * are positive numbers. A scalar is {@code []}. Immutable.
 */
public final class Shape {
  /** The symbolic batch size. */
  public static final int B = -1;

  /** The symbolic number of time steps. */
  public static final int T = -2;

  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape();

  private final int[] sizes;

  private Shape(int... sizes) {
    this.sizes = sizes;
  }

  /**
   * A shape of the given sizes.
   *
   * @throws IllegalArgumentException if a size is neither positive nor {@link #B} nor {@link #T}
   */
  public static Shape of(int... sizes) {
    for (int size : sizes) {
      if (size != B && size != T && size < 1) {
        throw new IllegalArgumentException(
            "Shape: sizes must be at least 1 or the symbols B and T, got " + Arrays.toString(sizes));
      }
    }
    return new Shape(sizes.clone());
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
      bound[i] = bound[i] == B ? batch : bound[i] == T ? time : bound[i];
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
      text.add(size == B ? "B" : size == T ? "T" : Integer.toString(size));
    }
    return text.toString();
  }
}

package io.carousel.tensor;

import java.util.Arrays;

/**
 * A dense array of floats with a shape, in row-major order.
 *
 * <p>A tensor does not copy the array that it is made of: {@link #values} is the array itself, owned
 * by whoever made the tensor.
 */
public final class Tensor {
  private final int[] sizes;
  private final float[] values;

  private Tensor(float[] values, int[] sizes) {
    this.values = values;
    this.sizes = sizes;
  }

  /**
   * A tensor over an existing array.
   *
   * @throws IllegalArgumentException if the sizes do not multiply to the array's length
   */
  public static Tensor of(float[] values, int... sizes) {
    if (count(sizes) != values.length) {
      throw new IllegalArgumentException(
          "Tensor: " + Arrays.toString(sizes) + " needs " + count(sizes) + " values, got " + values.length);
    }
    return new Tensor(values, sizes.clone());
  }

  /** A tensor of zeros. */
  public static Tensor zeros(int... sizes) {
    return new Tensor(new float[Math.toIntExact(count(sizes))], sizes.clone());
  }

  public int rank() {
    return sizes.length;
  }

  public int size(int axis) {
    return sizes[axis < 0 ? axis + sizes.length : axis];
  }

  public int[] sizes() {
    return sizes.clone();
  }

  /** The array itself, not a copy. */
  public float[] values() {
    return values;
  }

  /** One element; the number of indices is the rank. */
  public float get(int... indices) {
    if (indices.length != sizes.length) {
      throw new IllegalArgumentException(
          "Tensor" + Arrays.toString(sizes) + ": needs " + sizes.length + " indices, got " + indices.length);
    }
    int offset = 0;
    for (int i = 0; i < sizes.length; i++) {
      offset = offset * sizes[i] + java.util.Objects.checkIndex(indices[i], sizes[i]);
    }
    return values[offset];
  }

  /** The rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis, copied. */
  public Tensor rows(int from, int to) {
    int row = sizes[0] == 0 ? 0 : values.length / sizes[0];
    int[] part = sizes.clone();
    part[0] = to - from;
    return new Tensor(Arrays.copyOfRange(values, from * row, to * row), part);
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(sizes);
  }

  private static long count(int[] sizes) {
    long count = 1;
    for (int size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("Tensor: sizes must not be negative, got " + Arrays.toString(sizes));
      }
      count *= size;
    }
    return count;
  }
}

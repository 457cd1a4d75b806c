package io.carousel.parameter;

import io.carousel.tensor.CounterRandom;
import java.util.Arrays;

/**
 * The usual ways for a parameter to begin; Keras's defaults. All arithmetic is in double, with
 * {@link StrictMath} underneath, so that it gives the same values on every machine.
 */
public final class Initializers {
  private Initializers() {}

  /** All zeros. */
  public static Initializer zeros() {
    return (values, offset, shape, key) -> Arrays.fill(values, offset, offset + shape.count(), 0f);
  }

  /** All ones. */
  public static Initializer ones() {
    return (values, offset, shape, key) -> Arrays.fill(values, offset, offset + shape.count(), 1f);
  }

  /** All of one value. */
  public static Initializer constant(double value) {
    return (values, offset, shape, key) -> Arrays.fill(values, offset, offset + shape.count(), (float) value);
  }

  /**
   * A bias of gates, [gates·H], with 1 for one gate and 0 for the others: a forget gate that begins
   * open.
   *
   * <p>Source: Jozefowicz, Zaremba, Sutskever: An Empirical Exploration of Recurrent Network
   * Architectures, 2015.
   */
  public static Initializer unitGate(int gate, int gates) {
    return gate(1, gate, gates);
  }

  /** A bias of gates, [gates·H], with {@code value} for one gate and 0 for the others. */
  public static Initializer gate(double value, int gate, int gates) {
    return (values, offset, shape, key) -> {
      int units = shape.count() / gates;
      Arrays.fill(values, offset, offset + shape.count(), 0f);
      Arrays.fill(values, offset + gate * units, offset + (gate + 1) * units, (float) value);
    };
  }

  /** 1 where row and column have the same number, else 0. */
  public static Initializer identity() {
    return (values, offset, shape, key) -> {
      Arrays.fill(values, offset, offset + shape.count(), 0f);
      for (int i = 0; i < Math.min(shape.size(0), shape.size(1)); i++) {
        values[offset + i * shape.size(1) + i] = 1f;
      }
    };
  }

  /** Uniform in [−limit, limit). */
  public static Initializer uniform(double limit) {
    return (values, offset, shape, key) -> {
      int count = shape.count();
      for (int i = 0; i < count; i++) {
        values[offset + i] = (float) (limit * (2.0 * CounterRandom.uniformDouble(key, i) - 1.0));
      }
    };
  }

  /** Uniform in [low, high). */
  public static Initializer uniform(double low, double high) {
    return (values, offset, shape, key) -> {
      int count = shape.count();
      for (int i = 0; i < count; i++) {
        values[offset + i] = (float) (low + (high - low) * CounterRandom.uniformDouble(key, i));
      }
    };
  }

  /**
   * Uniform in ±√(6 / (rows + columns)) for a matrix [rows, columns].
   *
   * <p>Source: Glorot, Bengio: Understanding the difficulty of training deep feedforward neural
   * networks, 2010, equation 16.
   */
  public static Initializer glorotUniform() {
    return (values, offset, shape, key) ->
        uniform(Math.sqrt(6.0 / (shape.size(0) + shape.size(1)))).fill(values, offset, shape, key);
  }

  /**
   * A random matrix whose rows (or columns, if there are fewer) are orthonormal.
   *
   * <p>Source: Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning in
   * deep linear neural networks, 2013. Gram–Schmidt on normal numbers, which is the Q of QR with a
   * positive diagonal of R.
   */
  public static Initializer orthogonal() {
    return (values, offset, shape, key) -> {
      int rows = shape.size(0);
      int columns = shape.size(1);
      boolean wide = rows <= columns;
      double[][] basis = orthonormal(wide ? rows : columns, wide ? columns : rows, key);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          values[offset + r * columns + c] = (float) (wide ? basis[r][c] : basis[c][r]);
        }
      }
    };
  }

  /** {@code count} orthonormal vectors of {@code size}, count ≤ size. */
  private static double[][] orthonormal(int count, int size, long key) {
    double[][] basis = new double[count][size];
    for (int i = 0; i < count; i++) {
      double[] vector = basis[i];
      for (int k = 0; k < size; k++) {
        vector[k] = CounterRandom.normal(key, (long) i * size + k);
      }
      for (int j = 0; j < i; j++) {
        double[] other = basis[j];
        double along = dot(vector, other);
        for (int k = 0; k < size; k++) {
          vector[k] -= along * other[k];
        }
      }
      double scale = 1.0 / Math.sqrt(dot(vector, vector));
      for (int k = 0; k < size; k++) {
        vector[k] *= scale;
      }
    }
    return basis;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}

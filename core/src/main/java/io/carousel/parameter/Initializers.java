package io.carousel.parameter;

import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The usual ways for a parameter to begin, by Keras's names; {@link #named} reads them from text. All arithmetic is
 * in double, with {@link StrictMath} underneath, so that it gives the same values on every machine.
 *
 * <p>The numbers of inputs and outputs of a matrix [inputs, units] are its sizes; those of a convolution
 * [places…, inputs, units] are multiplied by the places.
 */
public final class Initializers {
  private static final Pattern TEXT = Pattern.compile("(\\w+)(?:\\(([^)]*)\\))?");

  /** The standard deviation of normal numbers within ±2. */
  private static final double TRUNCATED = 0.87962566103423978; // Keras's

  private Initializers() {}

  /** An initializer that prints as the text it is read from: {@code he_normal}, {@code uniform(0.05)}. */
  private record Named(String text, Initializer how) implements Initializer {
    @Override
    public void fill(float[] values, int offset, Shape shape, long key) {
      how.fill(values, offset, shape, key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Named named && named.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static Initializer named(String name, Initializer how, double... arguments) {
    String list = Arrays.stream(arguments).mapToObj(Double::toString).collect(Collectors.joining(", "));
    return new Named(arguments.length == 0 ? name : name + "(" + list + ")", how);
  }

  /**
   * The initializer of a text, as an initializer prints.
   *
   * @throws IllegalArgumentException if there is none of that name and number of arguments
   */
  public static Initializer named(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    String name = matcher.matches() ? matcher.group(1) : text;
    String list = matcher.matches() && matcher.group(2) != null ? matcher.group(2) : "";
    double[] a;
    try {
      a = list.isBlank() ? new double[0]
          : Arrays.stream(list.split(",", -1)).mapToDouble(each -> Double.parseDouble(each.strip())).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Initializers: the arguments of " + text + " must be numbers", e);
    }
    return switch (name + "/" + a.length) {
      case "zeros/0" -> zeros();
      case "ones/0" -> ones();
      case "constant/1" -> constant(a[0]);
      case "identity/0" -> identity();
      case "identity/1" -> identity(a[0]);
      case "gate/3" -> gate(a[0], (int) a[1], (int) a[2]);
      case "uniform/1" -> uniform(a[0]);
      case "uniform/2" -> uniform(a[0], a[1]);
      case "normal/1" -> normal(a[0]);
      case "truncated_normal/1" -> truncatedNormal(a[0]);
      case "glorot_uniform/0" -> glorotUniform();
      case "glorot_normal/0" -> glorotNormal();
      case "he_uniform/0" -> heUniform();
      case "he_normal/0" -> heNormal();
      case "lecun_uniform/0" -> lecunUniform();
      case "lecun_normal/0" -> lecunNormal();
      case "orthogonal/0" -> orthogonal();
      case "orthogonal/1" -> orthogonal(a[0]);
      default -> throw new IllegalArgumentException(
          "Initializers: there is no " + text + "; there are zeros, ones, constant(value), identity, uniform(limit),"
              + " normal(deviation), truncated_normal(deviation), glorot, he or lecun with _uniform or _normal, and"
              + " orthogonal(gain)");
    };
  }

  /** All zeros. */
  public static Initializer zeros() {
    return named(
        "zeros",
        (values, offset, shape, key) -> Arrays.fill(values, offset, offset + shape.count(), 0f));
  }

  /** All ones. */
  public static Initializer ones() {
    return named(
        "ones",
        (values, offset, shape, key) -> Arrays.fill(values, offset, offset + shape.count(), 1f));
  }

  /** All of one value. */
  public static Initializer constant(double value) {
    return named(
        "constant",
        (values, offset, shape, key) -> Arrays.fill(values, offset, offset + shape.count(), (float) value),
        value);
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
    return named(
        "gate",
        (values, offset, shape, key) -> {
          int units = shape.count() / gates;
          Arrays.fill(values, offset, offset + shape.count(), 0f);
          Arrays.fill(values, offset + gate * units, offset + (gate + 1) * units, (float) value);
        },
        value, gate, gates);
  }

  /** 1 where row and column have the same number, else 0. */
  public static Initializer identity() {
    return named("identity", diagonal(1));
  }

  /** The gain where row and column have the same number, else 0. */
  public static Initializer identity(double gain) {
    return named("identity", diagonal(gain), gain);
  }

  private static Initializer diagonal(double gain) {
    return (values, offset, shape, key) -> {
      Arrays.fill(values, offset, offset + shape.count(), 0f);
      for (int i = 0; i < Math.min(shape.size(0), shape.size(1)); i++) {
        values[offset + i * shape.size(1) + i] = (float) gain;
      }
    };
  }

  /** Uniform in [−limit, limit). */
  public static Initializer uniform(double limit) {
    return named(
        "uniform",
        (values, offset, shape, key) -> {
          int count = shape.count();
          for (int i = 0; i < count; i++) {
            values[offset + i] = (float) (limit * (2.0 * CounterRandom.uniformDouble(key, i) - 1.0));
          }
        },
        limit);
  }

  /** The beginning of a table of embeddings: uniform in ±0.05, as in Keras. */
  public static Initializer table() {
    return uniform(0.05);
  }

  /** Uniform in [low, high). */
  public static Initializer uniform(double low, double high) {
    return named(
        "uniform",
        (values, offset, shape, key) -> {
          int count = shape.count();
          for (int i = 0; i < count; i++) {
            values[offset + i] = (float) (low + (high - low) * CounterRandom.uniformDouble(key, i));
          }
        },
        low, high);
  }

  /**
   * Uniform in ±√(6 / (rows + columns)) for a matrix [rows, columns].
   *
   * <p>Source: Glorot, Bengio: Understanding the difficulty of training deep feedforward neural
   * networks, 2010, equation 16.
   */
  public static Initializer glorotUniform() {
    return named("glorot_uniform", scaled(true, 0.5, 0.5));
  }

  /** The same variance, 2 / (inputs + outputs), by normal numbers within two standard deviations. */
  public static Initializer glorotNormal() {
    return named("glorot_normal", scaled(false, 0.5, 0.5));
  }

  /**
   * Uniform in ±√(6 / inputs).
   *
   * <p>Source: He, Zhang, Ren, Sun: Delving Deep into Rectifiers, 2015.
   */
  public static Initializer heUniform() {
    return named("he_uniform", scaled(true, 0.5, 0));
  }

  /** The same variance, 2 / inputs, by normal numbers within two standard deviations. */
  public static Initializer heNormal() {
    return named("he_normal", scaled(false, 0.5, 0));
  }

  /**
   * Uniform in ±√(3 / inputs).
   *
   * <p>Source: LeCun, Bottou, Orr, Müller: Efficient BackProp, 1998.
   */
  public static Initializer lecunUniform() {
    return named("lecun_uniform", scaled(true, 1, 0));
  }

  /** The same variance, 1 / inputs, by normal numbers within two standard deviations. */
  public static Initializer lecunNormal() {
    return named("lecun_normal", scaled(false, 1, 0));
  }

  /** Of variance 1 / (a · inputs + b · outputs). */
  private static Initializer scaled(boolean uniform, double a, double b) {
    return (values, offset, shape, key) -> {
      int places = 1;
      for (int axis = 0; axis < shape.rank() - 2; axis++) {
        places *= shape.size(axis);
      }
      double inputs = (double) places * shape.size(Math.max(0, shape.rank() - 2));
      double outputs = (double) places * shape.size(-1);
      double variance = 1 / (a * inputs + b * outputs);
      (uniform ? uniform(Math.sqrt(3 * variance)) : truncatedNormal(Math.sqrt(variance) / TRUNCATED))
          .fill(values, offset, shape, key);
    };
  }

  /** Normal, of mean 0. */
  public static Initializer normal(double deviation) {
    return named(
        "normal",
        (values, offset, shape, key) -> {
          for (int i = 0; i < shape.count(); i++) {
            values[offset + i] = (float) (deviation * CounterRandom.normal(key, i));
          }
        },
        deviation);
  }

  /** Normal, of mean 0, drawn again beyond two standard deviations. */
  public static Initializer truncatedNormal(double deviation) {
    return named(
        "truncated_normal",
        (values, offset, shape, key) -> {
          for (int i = 0; i < shape.count(); i++) {
            double z = 3;
            for (int attempt = 0; Math.abs(z) > 2; attempt++) {
              z = CounterRandom.normal(CounterRandom.key(key, attempt), i);
            }
            values[offset + i] = (float) (deviation * z);
          }
        },
        deviation);
  }

  /** The same for windows of so many places, each from {@code in} channels to {@code out}. */
  public static Initializer glorotUniform(int places, int in, int out) {
    return uniform(Math.sqrt(6.0 / ((double) places * (in + out))));
  }

  /**
   * A random matrix whose rows (or columns, if there are fewer) are orthonormal.
   *
   * <p>Source: Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning in
   * deep linear neural networks, 2013. Gram–Schmidt on normal numbers, which is the Q of QR with a
   * positive diagonal of R.
   */
  public static Initializer orthogonal() {
    return named("orthogonal", rotation(1));
  }

  /** The same times a gain. */
  public static Initializer orthogonal(double gain) {
    return named("orthogonal", rotation(gain), gain);
  }

  private static Initializer rotation(double gain) {
    return (values, offset, shape, key) -> {
      int rows = shape.size(0);
      int columns = shape.size(1);
      boolean wide = rows <= columns;
      double[][] basis = orthonormal(wide ? rows : columns, wide ? columns : rows, key);
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          values[offset + r * columns + c] = (float) (gain * (wide ? basis[r][c] : basis[c][r]));
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

package io.carousel.parameter;

import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
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

  private static final double GOLDEN = (1 + Math.sqrt(5)) / 2;

  /** How initializers are made, by name and number of arguments. */
  private static final SequencedMap<String, Function<double[], Initializer>> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("zeros/0", a -> zeros());
    BY_NAME.put("ones/0", a -> ones());
    BY_NAME.put("constant/1", a -> constant(a[0]));
    BY_NAME.put("identity/0", a -> identity());
    BY_NAME.put("identity/1", a -> identity(a[0]));
    BY_NAME.put("uniform/1", a -> uniform(a[0]));
    BY_NAME.put("uniform/2", a -> uniform(a[0], a[1]));
    BY_NAME.put("normal/1", a -> normal(a[0]));
    BY_NAME.put("truncated_normal/1", a -> truncatedNormal(a[0]));
    BY_NAME.put("glorot_uniform/0", a -> glorotUniform());
    BY_NAME.put("glorot_normal/0", a -> glorotNormal());
    BY_NAME.put("he_uniform/0", a -> heUniform());
    BY_NAME.put("he_normal/0", a -> heNormal());
    BY_NAME.put("lecun_uniform/0", a -> lecunUniform());
    BY_NAME.put("lecun_normal/0", a -> lecunNormal());
    BY_NAME.put("orthogonal/0", a -> orthogonal());
    BY_NAME.put("orthogonal/1", a -> orthogonal(a[0]));
    BY_NAME.put("gate/3", a -> gate(a[0], whole(a[1]), whole(a[2])));
    BY_NAME.put("chrono/1", a -> chrono(a[0]));
    BY_NAME.put("chrono/4", a -> chrono(a[0], whole(a[1]), whole(a[2]), whole(a[3])));
  }

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

  /** The names of all initializers. */
  public static List<String> names() {
    return BY_NAME.keySet().stream().map(each -> each.substring(0, each.indexOf('/'))).distinct().toList();
  }

  /**
   * The initializer of a text, as an initializer prints.
   *
   * @throws IllegalArgumentException if there is none of that name, or not with such numbers
   */
  public static Initializer named(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    String name = matcher.matches() ? matcher.group(1) : text;
    String list = matcher.matches() && matcher.group(2) != null ? matcher.group(2) : "";
    try {
      return named(name, list.isBlank() ? new double[0]
          : Arrays.stream(list.split(",", -1)).mapToDouble(each -> Double.parseDouble(each.strip())).toArray());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Initializers: the arguments of " + text + " must be numbers", e);
    }
  }

  /**
   * The initializer of a name and its numbers.
   *
   * @throws IllegalArgumentException if there is none of that name, or not with such numbers
   */
  public static Initializer named(String name, double[] numbers) {
    Function<double[], Initializer> made = BY_NAME.get(name + "/" + numbers.length);
    if (made != null) {
      return made.apply(numbers);
    }
    List<String> counts = BY_NAME.keySet().stream().filter(each -> each.startsWith(name + "/"))
        .map(each -> each.substring(name.length() + 1)).toList();
    throw new IllegalArgumentException(
        counts.isEmpty() ? "Initializers: there is no " + name + "; there are " + String.join(", ", names())
            : name + ": takes " + String.join(" or ", counts) + " numbers in brackets, got " + numbers.length);
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
    requireGates("gate", gates, gate, gate);
    return named(
        "gate",
        (values, offset, shape, key) -> {
          int units = units("gate", shape, gates);
          Arrays.fill(values, offset, offset + shape.count(), 0f);
          Arrays.fill(values, offset + gate * units, offset + (gate + 1) * units, (float) value);
        },
        value, gate, gates);
  }

  /**
   * A bias by which a gate keeps the state for 1 to {@code steps} steps, one unit longer than another: ln u, with u
   * spread over 1 to steps − 1. The gate that lets in begins with −ln u.
   *
   * <p>Source: Tallec, Ollivier: Can recurrent neural networks warp time?, 2018, equation 16. Differs from the
   * source: u is not drawn but spread evenly, 1 + (steps − 2) · frac((k + 1)/φ) for unit k with the golden ratio φ,
   * so that both gates of a unit agree wherever their biases stand, and any units side by side have all kinds of
   * memory.
   *
   * @param steps the longest time to remember, at least 2
   */
  public static Initializer chrono(double steps) {
    requireSteps(steps);
    return named(
        "chrono",
        (values, offset, shape, key) -> {
          for (int k = 0; k < shape.count(); k++) {
            values[offset + k] = (float) logTime(steps, k);
          }
        },
        steps);
  }

  /**
   * The same for a bias of gates, [gates·H]: ln u for the gate {@code keep}, −ln u for the gate {@code letIn}, 0 for
   * the others. Of an LSTM, gates i f g o: {@code chrono(100, 4, 1, 0)}.
   *
   * @param keep the gate that keeps the state, or −1 for none
   * @param letIn the gate that lets in what is new, or −1 for none
   */
  public static Initializer chrono(double steps, int gates, int keep, int letIn) {
    requireSteps(steps);
    requireGates("chrono", gates, Math.max(keep, letIn), Math.min(keep, letIn) + 1);
    return named(
        "chrono",
        (values, offset, shape, key) -> {
          int units = units("chrono", shape, gates);
          for (int i = 0; i < shape.count(); i++) {
            double sign = i / units == keep ? 1 : i / units == letIn ? -1 : 0;
            values[offset + i] = (float) (sign * logTime(steps, i % units));
          }
        },
        steps, gates, keep, letIn);
  }

  private static double logTime(double steps, int unit) {
    double turned = (unit + 1) / GOLDEN;
    return StrictMath.log(1 + (steps - 2) * (turned - Math.floor(turned)));
  }

  private static void requireSteps(double steps) {
    if (!(steps >= 2 && steps < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("chrono: must be of at least 2 steps, got " + steps);
    }
  }

  private static int whole(double number) {
    if (number != Math.rint(number)) {
      throw new IllegalArgumentException("Initializers: gates are counted in whole numbers, got " + number);
    }
    return (int) number;
  }

  private static int units(String who, Shape shape, int gates) {
    if (shape.count() % gates != 0) {
      throw new IllegalArgumentException(
          who + ": a bias of " + gates + " gates must have a multiple of " + gates + " numbers, got " + shape);
    }
    return shape.count() / gates;
  }

  private static void requireGates(String who, int gates, int last, int first) {
    if (gates < 1 || last >= gates || first < 0) {
      throw new IllegalArgumentException(
          who + ": a gate must have a number from 0 to below that of all gates, got " + last + " of " + gates);
    }
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

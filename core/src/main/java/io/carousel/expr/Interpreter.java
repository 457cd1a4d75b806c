package io.carousel.expr;

import io.carousel.expr.Definitions.Array;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The definition of every expression: evaluates in {@code double}, slowly and obviously.
 *
 * <p>Compiled programs are held to what this class computes. Inputs and parameters are set by name,
 * row-major:
 *
 * <pre>{@code
 * double[] y = Interpreter.of(2, 5, key).set("x", x).set("W", w).set("lengths", lengths).eval(expr);
 * }</pre>
 *
 * Results are kept by node until an input is set anew. The arithmetic of single operations is in
 * {@link Definitions}; leaves and loops are here. Not safe for use by several threads.
 */
public final class Interpreter {
  private final int batch;
  private final int time;
  private final long key;
  private final Map<String, double[]> floats = new HashMap<>();
  private final Map<String, int[]> ints = new HashMap<>();
  private Frame results = new Frame(List.of(), List.of(), List.of());

  private Interpreter(int batch, int time, long key) {
    this.batch = batch;
    this.time = time;
    this.key = key;
  }

  /**
   * An interpreter without inputs.
   *
   * @param batch the number that {@code B} stands for
   * @param time the number that {@code T} stands for
   * @param key the key of this run's random numbers
   */
  public static Interpreter of(int batch, int time, long key) {
    if (batch < 1 || time < 1) {
      throw new IllegalArgumentException(
          "interpreter: B and T must be at least 1, got B=" + batch + ", T=" + time);
    }
    return new Interpreter(batch, time, key);
  }

  /** Sets an input or a parameter, row-major. */
  public Interpreter set(String name, double[] values) {
    floats.put(name, values.clone());
    results = new Frame(List.of(), List.of(), List.of());
    return this;
  }

  /** Sets whole numbers, row-major. */
  public Interpreter set(String name, int[] values) {
    ints.put(name, values.clone());
    results = new Frame(List.of(), List.of(), List.of());
    return this;
  }

  /**
   * The value of an expression, row-major.
   *
   * @throws IllegalStateException if an input was not set
   * @throws IllegalArgumentException if an input has the wrong number of elements, an index lies
   *     outside its table or a length outside 0 to T
   */
  public double[] eval(Expr expr) {
    return evalAll(List.of(expr)).getFirst();
  }

  /** The values of some expressions; see {@link #eval}. */
  public List<double[]> evalAll(List<Expr> exprs) {
    return results.evaluate(exprs).stream().map(value -> value.data().clone()).toList();
  }

  /** The values of one run of a graph: the whole program, or one step of the body of a scan. */
  private final class Frame {
    private final List<Array> elements;
    private final List<Array> states;
    private final List<Array> captured;
    private final Map<Expr, Array> values = new IdentityHashMap<>();
    private final Map<Expr, List<Array>> scans = new IdentityHashMap<>();

    Frame(List<Array> elements, List<Array> states, List<Array> captured) {
      this.elements = elements;
      this.states = states;
      this.captured = captured;
    }

    List<Array> evaluate(List<Expr> roots) {
      for (Expr node : Graph.topological(roots)) {
        if (node.op() instanceof Op.Scan scan) {
          if (!scans.containsKey(node)) {
            scans.put(node, scan(scan, known(node.args())));
          }
        } else if (!values.containsKey(node)) {
          values.put(node, value(node));
        }
      }
      return known(roots);
    }

    private List<Array> known(List<Expr> nodes) {
      List<Array> found = new ArrayList<>();
      for (Expr node : nodes) {
        Array value = values.get(node);
        if (value == null) {
          throw new IllegalArgumentException("interpreter: a scan has no value of its own; take a part() of it");
        }
        found.add(value);
      }
      return found;
    }

    private Array value(Expr node) {
      int[] sizes = node.shape().bind(batch, time);
      return switch (node.op()) {
        case Op.Input input -> new Array(floats(input.word(), input.name(), node.shape()), sizes);
        case Op.Parameter parameter -> new Array(floats(parameter.word(), parameter.name(), node.shape()), sizes);
        case Op.IntInput input -> new Array(ints(input, node.shape()), sizes);
        case Op.Constant constant -> new Array(new double[] {constant.value()}, sizes);
        case Op.Random random -> random(random, node.shape());
        case Op.Index index -> Array.of(sizes, place -> place[index.axis()]);
        case Op.Placeholder placeholder ->
            switch (placeholder.role()) {
              case ELEMENT -> elements.get(placeholder.number());
              case STATE -> states.get(placeholder.number());
              case CAPTURED -> captured.get(placeholder.number());
            };
        case Op.Part part -> java.util.Objects.requireNonNull(scans.get(node.arg(0))).get(part.number());
        default -> Definitions.apply(node.op(), known(node.args()), sizes);
      };
    }
  }

  // ---- leaves ------------------------------------------------------------------------------

  private double[] floats(String what, String name, Shape shape) {
    double[] given = floats.get(name);
    if (given == null) {
      throw missing(what, name, shape, ints.containsKey(name) ? "whole numbers" : null);
    }
    requireCount(what, shape, given.length);
    return given;
  }

  private double[] ints(Op.IntInput input, Shape shape) {
    int[] given = ints.get(input.name());
    if (given == null) {
      throw missing(input.word(), input.name(), shape, floats.containsKey(input.name()) ? "floats" : null);
    }
    requireCount(input.word(), shape, given.length);
    return Arrays.stream(given).asDoubleStream().toArray();
  }

  private static IllegalStateException missing(String what, String name, Shape shape, @Nullable String instead) {
    return new IllegalStateException(
        "interpreter: " + what + " " + shape + " must be set, got " + (instead == null ? "nothing" : instead)
            + "; call set(\"" + name + "\", …)");
  }

  private void requireCount(String what, Shape shape, int received) {
    int expected = shape.count(batch, time);
    if (received != expected) {
      throw new IllegalArgumentException(
          "interpreter: " + what + " " + shape + " must have " + expected + " elements where B=" + batch + " and T="
              + time + ", got " + received);
    }
  }

  /**
   * Uniform numbers by place: the first axis of time, if there is one, gives the step {@code t}, that of
   * size B the row {@code b} (else 0), and all others, row-major, the column:
   *
   * <pre>
   *   uniform(key(key(key(run, stream), t), b), column)      of {@link CounterRandom}
   * </pre>
   */
  private Array random(Op.Random op, Shape shape) {
    long stream = CounterRandom.key(key, op.stream());
    int[] sizes = shape.bind(batch, time);
    return Array.of(
        sizes,
        place -> {
          int t = 0;
          int b = 0;
          int column = 0;
          boolean hasStep = false;
          for (int axis = 0; axis < place.length; axis++) {
            if (shape.size(axis) == Shape.B) {
              b = place[axis];
            } else if (Shape.isTime(shape.size(axis)) && !hasStep) {
              hasStep = true;
              t = place[axis];
            } else {
              column = column * sizes[axis] + place[axis];
            }
          }
          return CounterRandom.uniform(CounterRandom.key(CounterRandom.key(stream, t), b), column);
        });
  }

  // ---- loops -------------------------------------------------------------------------------

  /** All parts of a scan: outputs, last states, histories of the states. */
  private List<Array> scan(Op.Scan scan, List<Array> args) {
    Op.Body body = scan.body();
    int toStates = body.elements().size();
    int toCaptured = toStates + body.states().size();
    int toEnd = toCaptured + body.captured().size();
    List<Array> states = new ArrayList<>(args.subList(toStates, toCaptured));
    int steps = Shape.number(scan.steps(), batch, time);
    Array lengths = scan.masked() ? lengths(args.get(toEnd), steps) : null;
    List<Array> ys = body.ys().stream().map(y -> overSteps(steps, y.shape())).toList();
    List<Array> histories = body.states().stream().map(state -> overSteps(steps, state)).toList();
    for (int step = 0; step < steps; step++) {
      int t = scan.reverse() ? steps - 1 - step : step;
      List<Array> elements = new ArrayList<>();
      for (Array sequence : args.subList(0, toStates)) {
        elements.add(at(sequence, t));
      }
      List<Array> results =
          new Frame(elements, List.copyOf(states), args.subList(toCaptured, toEnd)).evaluate(body.roots());
      for (int i = 0; i < states.size(); i++) {
        put(histories.get(i), t, states.get(i));
        states.set(i, where(lengths, body.states().get(i), t, results.get(i), states.get(i)));
      }
      for (int i = 0; i < ys.size(); i++) {
        Array y = results.get(states.size() + i);
        Array zeros = new Array(new double[y.data().length], y.sizes());
        put(ys.get(i), t, where(lengths, body.ys().get(i).shape(), t, y, zeros));
      }
    }
    List<Array> parts = new ArrayList<>(ys);
    parts.addAll(states);
    parts.addAll(histories);
    return parts;
  }

  private Array lengths(Array lengths, int steps) {
    for (int row = 0; row < batch; row++) {
      if (lengths.data()[row] < 0 || lengths.data()[row] > steps) {
        throw new IllegalArgumentException(
            "scan: lengths must be 0 to T=" + steps + ", got " + (int) lengths.data()[row] + " for row " + row);
      }
    }
    return lengths;
  }

  /** {@code inside} for the rows that have a step {@code t}, {@code outside} for the others. */
  private static Array where(@Nullable Array lengths, Shape shape, int t, Array inside, Array outside) {
    // What has no rows can only be an output kept for the derivative, which has no defined masked value.
    if (lengths == null || shape.rank() == 0 || shape.size(0) != Shape.B) {
      return inside;
    }
    return Array.of(inside.sizes(), place -> (t < lengths.at(place[0]) ? inside : outside).at(place));
  }

  private Array overSteps(int steps, Shape step) {
    int[] sizes = step.insert(0, steps).bind(batch, time);
    return new Array(new double[Array.count(sizes)], sizes);
  }

  private static Array at(Array sequence, int t) {
    int[] sizes = Arrays.copyOfRange(sequence.sizes(), 1, sequence.rank());
    int count = Array.count(sizes);
    return new Array(Arrays.copyOfRange(sequence.data(), t * count, (t + 1) * count), sizes);
  }

  private static void put(Array sequence, int t, Array step) {
    System.arraycopy(step.data(), 0, sequence.data(), t * step.data().length, step.data().length);
  }
}

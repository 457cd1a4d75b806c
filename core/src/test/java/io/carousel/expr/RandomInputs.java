package io.carousel.expr;

import io.carousel.tensor.CounterRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values for all inputs and parameters of some expressions, from a seed.
 *
 * <p>Floats lie in (−1, 1), are exact in single precision, differ from each other and from 0, so that
 * maxima and comparisons are not decided by rounding. Indices fit the tables they are used with;
 * lengths, whatever else is an int input, are 0 to T, and the largest is T.
 */
public final class RandomInputs {
  private final int batch;
  private final int time;
  private final Map<String, double[]> floats = new TreeMap<>();
  private final Map<String, int[]> ints = new TreeMap<>();

  private RandomInputs(int batch, int time) {
    this.batch = batch;
    this.time = time;
  }

  public static RandomInputs of(List<Expr> roots, int batch, int time, long seed) {
    RandomInputs inputs = new RandomInputs(batch, time);
    List<Expr> nodes = Graph.topological(roots);
    int total = 0;
    for (Expr node : nodes) {
      total += isFloat(node) ? node.shape().count(batch, time) : 0;
    }
    int[] order = CounterRandom.permutation(total, CounterRandom.key(seed, "floats"));
    int next = 0;
    for (Expr node : nodes) {
      if (isFloat(node)) {
        double[] values = new double[node.shape().count(batch, time)];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (2 * (order[next++] + 0.3) / total - 1);
        }
        inputs.floats.putIfAbsent(name(node), values);
      } else if (node.op() instanceof Op.IntInput input) {
        long key = CounterRandom.key(seed, input.name());
        int[] values = new int[node.shape().count(batch, time)];
        int bound = bound(node, nodes, time);
        for (int i = 0; i < values.length; i++) {
          values[i] = CounterRandom.below(bound, key, i);
        }
        if (bound == time + 1) {
          values[CounterRandom.below(values.length, key, values.length)] = time;
        }
        inputs.ints.putIfAbsent(input.name(), values);
      }
    }
    return inputs;
  }

  private static boolean isFloat(Expr node) {
    return node.op() instanceof Op.Input || node.op() instanceof Op.Parameter;
  }

  private static String name(Expr node) {
    return node.op() instanceof Op.Input input ? input.name() : ((Op.Parameter) node.op()).name();
  }

  private static int bound(Expr indices, List<Expr> nodes, int time) {
    int bound = time + 1;
    for (Expr node : nodes) {
      if (node.op() instanceof Op.Gather && node.arg(1) == indices) {
        bound = Math.min(bound, node.arg(0).shape().size(0));
      } else if (node.op() instanceof Op.ScatterAdd scatter && node.arg(0) == indices) {
        bound = Math.min(bound, scatter.rows());
      } else if (node.op() instanceof Op.Flip && node.arg(1) == indices) {
        bound = Math.min(bound, node.shape().bind(1, time)[0] + 1);
      } else if (node.op() instanceof Op.Pick && node.arg(1) == indices && node.arg(0).shape().size(-1) > 0) {
        bound = Math.min(bound, node.arg(0).shape().size(-1));
      }
    }
    return bound;
  }

  public int batch() {
    return batch;
  }

  public int time() {
    return time;
  }

  public Map<String, double[]> floats() {
    return floats;
  }

  public Map<String, int[]> ints() {
    return ints;
  }

  /** The values of an input or a parameter; changes to the array change this object. */
  public double[] values(Expr leaf) {
    return java.util.Objects.requireNonNull(floats.get(name(leaf)));
  }

  /** An interpreter with these values. */
  public Interpreter interpreter(long key) {
    Interpreter interpreter = Interpreter.of(batch, time, key);
    floats.forEach(interpreter::set);
    ints.forEach(interpreter::set);
    return interpreter;
  }
}

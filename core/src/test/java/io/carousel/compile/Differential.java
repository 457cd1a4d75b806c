package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Compares compiled programs with the definition, and with each other: all kernels on any number of
 * threads give the same bits.
 */
final class Differential {
  /** Every kind of kernel, whatever this machine's vectors are: wider ones are emulated. */
  static final List<Kernels> KERNELS =
      List.of(Kernels.scalar(), Kernels.vector(128), Kernels.vector(256), Kernels.vector(512));

  /** Relative to the largest element of an output. */
  static final double TOLERANCE = 2e-6;

  private static final int[] THREADS = {1, 2, 3, 7};

  /** A kind of kernels on a number of threads. */
  private record Way(Kernels kernels, int threads) {}

  private static final List<Way> FEW =
      List.of(new Way(Kernels.scalar(), 1), new Way(Kernels.vector(128), 3), new Way(Kernels.vector(512), 2));

  private static final List<Way> WIDTHS =
      List.of(
          new Way(Kernels.scalar(), 1), new Way(Kernels.scalar(), 3), new Way(Kernels.vector(128), 2),
          new Way(Kernels.vector(256), 7), new Way(Kernels.vector(512), 1));

  private static final Map<Integer, Team> TEAMS = new TreeMap<>();

  private Differential() {}

  /** A team that all tests share; its threads are daemons. */
  static synchronized Team team(int threads) {
    return TEAMS.computeIfAbsent(threads, Team::of);
  }

  /** Compares the definition and a few kinds of kernels. */
  static void check(List<Expr> roots, RandomInputs inputs) {
    check(roots, inputs, TOLERANCE, i -> "output " + i, FEW);
  }

  /** Compares the definition and every kind of kernel, on some number of threads or other. */
  static void check(List<Expr> roots, RandomInputs inputs, double tolerance, IntFunction<String> names) {
    check(roots, inputs, tolerance, names, WIDTHS);
  }

  /** Compares the definition and every kind of kernel on any number of threads. */
  static void checkAll(List<Expr> roots, RandomInputs inputs, double tolerance, IntFunction<String> names) {
    List<Way> all = new ArrayList<>();
    for (Kernels kernels : KERNELS) {
      for (int threads : THREADS) {
        all.add(new Way(kernels, threads));
      }
    }
    check(roots, inputs, tolerance, names, all);
  }

  private static void check(
      List<Expr> roots, RandomInputs inputs, double tolerance, IntFunction<String> names, List<Way> ways) {
    List<double[]> expected = inputs.interpreter(KEY).evalAll(roots);
    List<float[]> first = run(roots, ways.getFirst().kernels, ways.getFirst().threads, inputs);
    for (int i = 0; i < roots.size(); i++) {
      String what =
          names.apply(i) + " " + roots.get(i).shape() + ", B=" + inputs.batch() + ", T=" + inputs.time();
      assertClose(what, first.get(i), expected.get(i), tolerance);
    }
    for (Way way : ways.subList(1, ways.size())) {
      List<float[]> found = run(roots, way.kernels, way.threads, inputs);
      for (int i = 0; i < roots.size(); i++) {
        assertSameBits(names.apply(i) + ", " + way, found.get(i), first.get(i));
      }
    }
  }

  /** What random numbers depend on. */
  static final long KEY = 7;

  /** The outputs of one run. */
  static List<float[]> run(List<Expr> roots, Kernels kernels, int threads, RandomInputs inputs) {
    Program program = Compiler.compile(roots, kernels);
    assertThat(program.kernels()).isEqualTo(kernels);
    // Small steps are left to one thread, unless told otherwise: two threads do as users' do, others share all.
    Runner runner = threads == 2 ? program.runner(team(threads)) : program.sharingRunner(team(threads));
    set(runner, inputs);
    runner.run(inputs.batch(), inputs.time(), KEY);
    return outputs(runner, roots.size());
  }

  static void set(Runner runner, RandomInputs inputs) {
    inputs.floats().forEach((name, values) -> runner.set(name, floats(values)));
    inputs.ints().forEach(runner::set);
  }

  static List<float[]> outputs(Runner runner, int count) {
    List<float[]> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outputs.add(runner.output(i));
    }
    return outputs;
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static void assertClose(String what, float[] found, double[] expected, double tolerance) {
    assertThat(found).as(what).hasSize(expected.length);
    double largest = 1;
    for (double value : expected) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    for (int i = 0; i < found.length; i++) {
      boolean same = Double.isFinite(expected[i])
          ? Math.abs(found[i] - expected[i]) <= tolerance * largest
          : Double.compare(found[i], expected[i]) == 0;
      if (!same) {
        throw new AssertionError(
            what + ", element " + i + " of " + found.length + ": expected " + expected[i] + ", found " + found[i]
                + " (largest " + largest + ", off by " + (found[i] - expected[i]) / largest + ")");
      }
    }
  }

  static void assertSameBits(String what, float[] found, float[] expected) {
    assertThat(found).as(what).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      // A NaN is a NaN: which one it is, is the processor's affair.
      if (Float.floatToIntBits(found[i]) != Float.floatToIntBits(expected[i])) {
        throw new AssertionError(
            what + ", element " + i + " of " + found.length + ": expected " + expected[i] + ", found " + found[i]);
      }
    }
  }
}

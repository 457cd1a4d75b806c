package io.carousel.compile;

import io.carousel.expr.Derivative;
import io.carousel.expr.Equations;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.kernel.Kernels;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where there are few rows, threads share the columns of each step of a loop: the bits are those of one
 * thread, in both directions, with rows that end early, begin late or are empty.
 */
final class FewRowsTest {
  private static final int FEATURES = 5;
  /** Several panels of columns and several lines of the cache, none of them full. */
  private static final int UNITS = 70;
  /** Large enough, in both directions, for a matrix to be read to and fro. */
  private static final int LARGE = 520;

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 512})
  void columnsAreSharedWithoutATrace(int bits) {
    Kernels kernels = bits == 0 ? Kernels.scalar() : Kernels.vector(bits);
    List<Expr> roots = gradients(UNITS);
    for (int[] lengths : new int[][] {{7}, {3}, {0}, {7, 2}, {0, 5, 0}, {4, 4, 1}}) {
      compare(roots, kernels, lengths, 7, 2, 3, 7);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 512})
  void aMatrixIsReadToAndFro(int bits) {
    Kernels kernels = bits == 0 ? Kernels.scalar() : Kernels.vector(bits);
    compare(gradients(LARGE), kernels, new int[] {4, 3}, 4, 2);
  }

  private static void compare(List<Expr> roots, Kernels kernels, int[] lengths, int time, int... teams) {
    Runner alone = runner(roots, kernels, 1, lengths, time);
    for (int threads : teams) {
      Runner shared = runner(roots, kernels, threads, lengths, time);
      for (int k = 0; k < roots.size(); k++) {
        Differential.assertSameBits(
            "output " + k + " of " + lengths.length + " rows on " + threads + " threads", shared.output(k),
            alone.output(k));
      }
    }
  }

  private static Runner runner(List<Expr> roots, Kernels kernels, int threads, int[] lengths, int time) {
    Runner runner = Compiler.compile(roots, kernels).sharingRunner(Differential.team(threads));
    for (Expr node : Graph.topological(roots)) {
      if (node.op() instanceof Op.Parameter p) {
        runner.set(p.name(), values(p.name(), node.shape().count()));
      }
    }
    runner.set("x", values("x", time * lengths.length * FEATURES)).set("lengths", lengths);
    runner.run(lengths.length, time, 0);
    return runner;
  }

  private static float[] values(String name, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.3f * (CounterRandom.uniform(CounterRandom.key(5, name), i) - 0.5f);
    }
    return values;
  }

  /** Two layers that run against each other, and the gradient of a number that depends on all they say. */
  private static List<Expr> gradients(int units) {
    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, FEATURES));
    Expr lengths = Expr.intInput("lengths", Shape.of(Shape.B));
    Expr zero = Expr.full(0, Shape.of(Shape.B, units));
    Equations.Run there = Equations.lstm(x, zero, zero, "there.", lengths, false);
    Equations.Run back = Equations.lstm(there.output(), zero, there.c(), "back.", lengths, true);
    Expr loss = back.output().square().sumAll().plus(back.h().sumAll());
    List<Expr> by = new ArrayList<>(List.of(x));
    for (Expr node : Graph.topological(List.of(loss))) {
      if (node.op() instanceof Op.Parameter) {
        by.add(node);
      }
    }
    List<Expr> roots = new ArrayList<>(List.of(back.output(), back.h()));
    roots.addAll(Derivative.gradient(loss, by));
    return roots;
  }
}

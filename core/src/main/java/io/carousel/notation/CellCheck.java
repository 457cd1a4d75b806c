package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.cell.LstmCell;
import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.kernel.Team;
import io.carousel.parameter.Scope;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What there is to know about a cell before one trains with it: its shapes, its derivative as equations, whether
 * that derivative is right, and how fast it runs beside the LSTM.
 */
public final class CellCheck {
  private static final double STEP = 1e-4; // of the differences: their error is about STEP⁴
  private static final int ROWS = 32;
  private static final int STEPS = 50;
  private static final int ROUNDS = 15;
  private static final long WARM_UP = 1_000_000_000L; // nanoseconds for each of the two
  private static final long TURN = 20_000_000L; // nanoseconds

  private CellCheck() {}

  /** The states and the parameters with their shapes, a line each, and the number of parameters. */
  public static String shapes(Cell cell, int features) {
    StringBuilder lines = new StringBuilder();
    lines.append("input   x [B,").append(features).append("]\noutput  [B,").append(cell.units()).append("]\n");
    List<Expr> initials = cell.initials(Shape.of(Shape.B, features));
    for (int i = 0; i < initials.size(); i++) {
      lines.append("state   ").append(cell.stateNames().get(i)).append(' ').append(initials.get(i).shape()).append('\n');
    }
    Scope scope = new Scope("cell", false);
    cell.declare(Shape.of(Shape.B, features), scope);
    long count = 0;
    for (Scope.Declaration each : scope.declared()) {
      lines.append("param   ").append(each.name().substring("cell.".length())).append(' ').append(each.shape()).append('\n');
      count += each.shape().count();
    }
    return lines.append(String.format(Locale.ROOT, "%,d parameters%n", count)).toString();
  }

  /** The equations of one step of any cell, from its expressions. */
  public static String forward(Cell cell, int features) {
    return StepText.forward(cell, features);
  }

  /** The derived equations of one step backward. */
  public static String backward(Cell cell, int features) {
    return StepText.backward(cell, features);
  }

  /**
   * The largest relative difference between the derivative and differences of fourth order in double, over the input
   * and all parameters, each along a random direction, on rows of several lengths.
   */
  public static double gradientError(Cell cell, int features) {
    int batch = 3;
    int time = 4;
    Run run = new Run(cell, features);
    Interpreter interpreter = Interpreter.of(batch, time, 1).set("lengths", new int[] {4, 0, 3});
    List<double[]> values = new ArrayList<>();
    for (Expr leaf : run.inputs()) {
      double[] value = new double[leaf.shape().count(batch, time)];
      double scale = leaf.op() instanceof Op.Input ? 1 : 0.4;
      int stream = values.size();
      Arrays.setAll(value, i -> scale * CounterRandom.normal(17 + stream, i));
      values.add(value);
      interpreter.set(name(leaf), value);
    }
    List<double[]> gradients = interpreter.evalAll(run.results()).subList(1, run.results().size());
    double worst = 0;
    for (int i = 0; i < gradients.size(); i++) {
      double[] at = values.get(i);
      double[] direction = new double[at.length];
      Arrays.setAll(direction, k -> CounterRandom.normal(5, k));
      double along = 0;
      for (int k = 0; k < at.length; k++) {
        along += gradients.get(i)[k] * direction[k];
      }
      double slope = 0;
      double[] weights = {1, -8, 8, -1};
      double[] steps = {-2 * STEP, -STEP, STEP, 2 * STEP};
      for (int side = 0; side < 4; side++) {
        double[] moved = at.clone();
        for (int k = 0; k < moved.length; k++) {
          moved[k] += steps[side] * direction[k];
        }
        interpreter.set(name(run.inputs().get(i)), moved);
        slope += weights[side] * interpreter.eval(run.results().getFirst())[0] / (12 * STEP);
      }
      interpreter.set(name(run.inputs().get(i)), at);
      double error = Math.abs(along - slope) / Math.max(1e-3, Math.max(Math.abs(along), Math.abs(slope)));
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return worst;
  }

  /**
   * How long a forward and a backward pass take beside those of an LSTM with as many outputs, on 32 rows of 50 steps:
   * the quotient of medians, both in turns.
   */
  public static double timeBesideLstm(Cell cell, int features, int threads) {
    try (Team team = Team.of(threads)) {
      Runner own = new Run(cell, features).runner(team);
      Runner lstm = new Run(new LstmCell(cell.units()), features).runner(team);
      turn(own, WARM_UP);
      turn(lstm, WARM_UP);
      double[] ownTimes = new double[ROUNDS];
      double[] lstmTimes = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        ownTimes[i] = turn(own, TURN);
        lstmTimes[i] = turn(lstm, TURN);
      }
      Arrays.sort(ownTimes);
      Arrays.sort(lstmTimes);
      return ownTimes[ROUNDS / 2] / lstmTimes[ROUNDS / 2];
    }
  }

  /** Nanoseconds of a run, of as many as fill some time. */
  private static double turn(Runner runner, long nanoseconds) {
    long start = System.nanoTime();
    int runs = 0;
    long passed = 0;
    while (passed < nanoseconds) {
      runner.parametersChanged();
      runner.run(ROWS, STEPS, 1);
      runs++;
      passed = System.nanoTime() - start;
    }
    return (double) passed / runs;
  }

  private static String name(Expr leaf) {
    return leaf.op() instanceof Op.Parameter p ? p.name() : ((Op.Input) leaf.op()).name();
  }

  /**
   * A cell over time, a loss of its outputs, and the derivative of that.
   *
   * @param inputs what the derivative is by: the input and the parameters
   * @param results the loss, then the derivatives
   */
  private record Run(List<Expr> inputs, List<Expr> results) {
    Run(Cell cell, int features) {
      this(new ArrayList<>(), new ArrayList<>());
      Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, features));
      Cell.Step step = cell.declare(x.shape().drop(0), new Scope("cell", false));
      Expr scan = Scans.scan(
          step.sequences(x), cell.initials(x.shape().drop(0)), Expr.intInput("lengths", Shape.of(Shape.B)), false, step::step);
      Expr y = scan.part(0);
      Expr probe = Expr.index(y.shape(), 2).times(0.37).plus(Expr.index(y.shape(), 0).times(0.11)).plus(0.5);
      Expr loss = y.times(probe.times(1.0 / cell.units())).sumAll();
      for (Expr node : Expr.topological(List.of(loss))) {
        if (node.op() instanceof Op.Input || node.op() instanceof Op.Parameter) {
          inputs.add(node);
        }
      }
      results.add(loss);
      results.addAll(Derivative.gradient(loss, inputs));
    }

    Runner runner(Team team) {
      Runner runner = Compiler.compile(results).runner(team);
      for (Expr leaf : inputs) {
        float[] value = new float[leaf.shape().count(ROWS, STEPS)];
        for (int i = 0; i < value.length; i++) {
          value[i] = (float) (0.1 * CounterRandom.normal(3, i));
        }
        runner.set(name(leaf), value, 0);
      }
      int[] lengths = new int[ROWS];
      Arrays.fill(lengths, STEPS);
      return runner.set("lengths", lengths);
    }
  }
}

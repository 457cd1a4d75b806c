package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The meaning of the operations, by numbers that a person can check. */
final class InterpreterTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static final Expr V = Expr.input("v", Shape.of(4));
  private static final Expr M = Expr.input("m", Shape.of(2, 3));
  private static final double[] M_VALUES = {1, 2, 3, 4, 5, 6};

  private static double[] of(Expr expr, double... v) {
    return Interpreter.of(2, 3, 1).set("v", v).set("m", M_VALUES).eval(expr);
  }

  @Test
  void unary() {
    double[] x = {-1, 0, 0.5, 4};
    assertThat(of(V.negate(), x)).containsExactly(1, -0.0, -0.5, -4);
    assertThat(of(Expr.abs(V), x)).containsExactly(1, 0, 0.5, 4);
    assertThat(of(Expr.exp(V), x)).containsExactly(Arrays.stream(x).map(StrictMath::exp).toArray());
    assertThat(of(Expr.log(V), x)).containsExactly(Double.NaN, -INFINITY, StrictMath.log(0.5), StrictMath.log(4));
    assertThat(of(Expr.sqrt(V), x)).containsExactly(Double.NaN, 0, StrictMath.sqrt(0.5), 2);
    assertThat(of(Expr.tanh(V), x)).containsExactly(Arrays.stream(x).map(StrictMath::tanh).toArray());
    assertThat(of(Expr.sigmoid(V), -1000, 0, 1, 1000)).containsExactly(0, 0.5, 1 / (1 + StrictMath.exp(-1)), 1);
  }

  @Test
  void binary() {
    double[] x = {-1, 2, 3, 5};
    Expr two = Expr.constant(2);
    assertThat(of(V.plus(two), x)).containsExactly(1, 4, 5, 7);
    assertThat(of(V.minus(two), x)).containsExactly(-3, 0, 1, 3);
    assertThat(of(V.times(two), x)).containsExactly(-2, 4, 6, 10);
    assertThat(of(V.over(two), x)).containsExactly(-0.5, 1, 1.5, 2.5);
    assertThat(of(Expr.maximum(V, two), x)).containsExactly(2, 2, 3, 5);
    assertThat(of(Expr.minimum(V, two), x)).containsExactly(-1, 2, 2, 2);
    assertThat(of(V.less(two), x)).containsExactly(1, 0, 0, 0);
    assertThat(of(V.equal(two), x)).containsExactly(0, 1, 0, 0);
    assertThat(of(Expr.select(V.less(two), two, V), x)).containsExactly(2, 2, 3, 5);
  }

  @Test
  void elementwiseOperandsAreRepeated() {
    Expr column = Expr.input("v", Shape.of(2, 1));
    assertThat(of(M.plus(column), 10, 20)).containsExactly(11, 12, 13, 24, 25, 26);
    assertThat(of(M.slice(0, 0, 1).plus(column), 10, 20)).containsExactly(11, 12, 13, 21, 22, 23);
  }

  @Test
  void products() {
    Expr column = Expr.input("v", Shape.of(3, 1));
    assertThat(of(M.matmul(column), 1, 10, 100)).containsExactly(321, 654);
    assertThat(of(Expr.input("v", Shape.of(2)).matmul(M), 1, 10)).containsExactly(41, 52, 63);
    assertThat(of(M.contract(Expr.input("v", Shape.of(2, 1))), 1, 10)).containsExactly(41, 52, 63);
    Expr left = M.reshape(Shape.of(3, 1, 2));
    Expr right = Expr.input("v", Shape.of(3, 2, 1));
    assertThat(of(left.batchMatmul(right), 1, 10, 1, 10, 1, 10)).containsExactly(21, 43, 65);
  }

  @Test
  void movement() {
    assertThat(of(M.transpose())).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(of(M.reshape(Shape.of(3, 2)).transpose())).containsExactly(1, 3, 5, 2, 4, 6);
    Expr cube = Expr.input("v", Shape.of(1, 2, 3));
    assertThat(of(cube.transpose(2, 0, 1), M_VALUES)).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(of(M.slice(1, 1, 3))).containsExactly(2, 3, 5, 6);
    assertThat(of(M.pad(1, 1, 0))).containsExactly(0, 1, 2, 3, 0, 4, 5, 6);
    assertThat(of(M.pad(0, 0, 1))).containsExactly(1, 2, 3, 4, 5, 6, 0, 0, 0);
    assertThat(of(Expr.concat(1, List.of(M, M.slice(1, 0, 1))))).containsExactly(1, 2, 3, 1, 4, 5, 6, 4);
    assertThat(of(Expr.concat(0, List.of(M.slice(0, 1, 2), M)))).containsExactly(4, 5, 6, 1, 2, 3, 4, 5, 6);
    assertThat(of(V.broadcast(Shape.of(2, 4)), 1, 2, 3, 4)).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
    assertThat(of(Expr.full(5, Shape.of(B, 2)))).containsExactly(5, 5, 5, 5);
  }

  @Test
  void tables() {
    Expr ids = Expr.intInput("ids", Shape.of(B));
    Interpreter interpreter = Interpreter.of(3, 1, 0).set("m", M_VALUES).set("ids", new int[] {1, 0, 1});
    assertThat(interpreter.eval(M.gather(ids))).containsExactly(4, 5, 6, 1, 2, 3, 4, 5, 6);
    assertThat(interpreter.eval(Expr.scatterAdd(ids, M.gather(ids), 3))).containsExactly(1, 2, 3, 8, 10, 12, 0, 0, 0);
    assertThat(interpreter.eval(ids.cast())).containsExactly(1, 0, 1);
  }

  @Test
  void reductions() {
    assertThat(of(M.sum(0))).containsExactly(5, 7, 9);
    assertThat(of(M.sum(1))).containsExactly(6, 15);
    assertThat(of(M.sumAll())).containsExactly(21);
    assertThat(of(M.max(0))).containsExactly(4, 5, 6);
    assertThat(of(M.max(-1))).containsExactly(3, 6);
    assertThat(of(Expr.index(M.shape(), 1))).containsExactly(0, 1, 2);
    assertThat(of(M.times(Expr.index(M.shape(), 0)))).containsExactly(0, 0, 0, 4, 5, 6);
  }

  @Test
  void softmaxAndLogSumExpDoNotOverflow() {
    double logThree = StrictMath.log(3);
    assertThat(of(Expr.softmax(V), 1000, 1000 + logThree, -INFINITY, -1000)).containsExactly(
        new double[] {0.25, 0.75, 0, 0}, within(1e-12));
    assertThat(of(Expr.logSumExp(V), -1000, -1000, -1000, -INFINITY)).containsExactly(logThree - 1000);
    Expr share = Derivative.gradient(Expr.logSumExp(V).sumAll(), List.of(V)).getFirst();
    assertThat(of(share, 1000, 1000 + logThree, -INFINITY, -1000)).containsExactly(
        new double[] {0.25, 0.75, 0, 0}, within(1e-12));
    assertThat(of(share, -INFINITY, -INFINITY, -INFINITY, -INFINITY)).containsExactly(0, 0, 0, 0);
    assertThat(of(Expr.softmax(V), -INFINITY, -INFINITY, -INFINITY, -INFINITY)).containsExactly(0, 0, 0, 0);
    assertThat(of(Expr.logSumExp(V), -INFINITY, -INFINITY, -INFINITY, -INFINITY)).containsExactly(-INFINITY);
  }

  @Test
  void randomNumbersDependOnThePlaceAlone() {
    Expr random = Expr.random("dropout", Shape.of(T, B, 2, 3));
    double[] found = Interpreter.of(4, 5, 99).eval(random);
    long key = CounterRandom.key(CounterRandom.key(CounterRandom.key(99, "dropout"), 3), 2);
    for (int column = 0; column < 6; column++) {
      assertThat(found[(3 * 4 + 2) * 6 + column]).isEqualTo(CounterRandom.uniform(key, column));
    }
    // Neither more rows, nor more steps, nor another order of the axes changes a row's numbers.
    double[] small = Interpreter.of(3, 4, 99).eval(random);
    assertThat(Arrays.copyOfRange(small, (3 * 3 + 2) * 6, (3 * 3 + 3) * 6))
        .isEqualTo(Arrays.copyOfRange(found, (3 * 4 + 2) * 6, (3 * 4 + 3) * 6));
    double[] rowsFirst = Interpreter.of(4, 5, 99).eval(Expr.random("dropout", Shape.of(B, T, 6)));
    assertThat(Arrays.copyOfRange(rowsFirst, (2 * 5 + 3) * 6, (2 * 5 + 4) * 6))
        .isEqualTo(Arrays.copyOfRange(found, (3 * 4 + 2) * 6, (3 * 4 + 3) * 6));
    assertThat(Interpreter.of(4, 5, 100).eval(random)).isNotEqualTo(found);
    assertThat(Interpreter.of(4, 5, 99).eval(Expr.random("other", random.shape()))).isNotEqualTo(found);
    assertThat(found).doesNotHaveDuplicates();
    assertThat(Arrays.stream(found).boxed().toList()).allMatch(u -> u >= 0 && u < 1);
  }

  /** A running sum: everything about direction, lengths and histories shows in whole numbers. */
  private static Expr runningSum(boolean masked, boolean reverse) {
    Expr x = Expr.input("x", Shape.of(T, B, 1));
    Expr start = Expr.input("start", Shape.of(B, 1));
    Expr lengths = masked ? Expr.intInput("lengths", Shape.of(B)) : null;
    return Scans.scan(
        List.of(x), List.of(start), lengths, reverse,
        (elements, states) -> {
          Expr sum = states.get(0).plus(elements.get(0));
          return new Scans.Step(List.of(sum), List.of(sum.times(10)));
        });
  }

  private static List<double[]> runSum(boolean masked, boolean reverse) {
    Expr scan = runningSum(masked, reverse);
    return Interpreter.of(3, 3, 0)
        .set("x", new double[] {1, 2, 3, 10, 20, 30, 100, 200, 300})
        .set("start", new double[] {1000, 2000, 3000})
        .set("lengths", new int[] {3, 1, 0})
        .evalAll(List.of(scan.part(0), scan.part(1), scan.part(2)));
  }

  @Test
  void scan() {
    List<double[]> parts = runSum(false, false);
    assertThat(parts.get(0))
        .containsExactly(10010, 20020, 30030, 10110, 20220, 30330, 11110, 22220, 33330);
    assertThat(parts.get(1)).containsExactly(1111, 2222, 3333);
    assertThat(parts.get(2)).containsExactly(1000, 2000, 3000, 1001, 2002, 3003, 1011, 2022, 3033);
  }

  @Test
  void reverseScan() {
    List<double[]> parts = runSum(false, true);
    assertThat(parts.get(0))
        .containsExactly(11110, 22220, 33330, 11100, 22200, 33300, 11000, 22000, 33000);
    assertThat(parts.get(1)).containsExactly(1111, 2222, 3333);
    assertThat(parts.get(2)).containsExactly(1110, 2220, 3330, 1100, 2200, 3300, 1000, 2000, 3000);
  }

  @Test
  void maskedScan() {
    List<double[]> parts = runSum(true, false);
    assertThat(parts.get(0)).containsExactly(10010, 20020, 0, 10110, 0, 0, 11110, 0, 0);
    assertThat(parts.get(1)).containsExactly(1111, 2002, 3000);
    assertThat(parts.get(2)).containsExactly(1000, 2000, 3000, 1001, 2002, 3000, 1011, 2002, 3000);
  }

  @Test
  void maskedReverseScan() {
    List<double[]> parts = runSum(true, true);
    assertThat(parts.get(0)).containsExactly(11110, 20020, 0, 11100, 0, 0, 11000, 0, 0);
    assertThat(parts.get(1)).containsExactly(1111, 2002, 3000);
    assertThat(parts.get(2)).containsExactly(1110, 2000, 3000, 1100, 2000, 3000, 1000, 2000, 3000);
  }

  /** Outputs kept for the derivative need no rows. */
  @Test
  void keptOutputs() {
    Expr scan = runningSum(true, false);
    List<Expr> ys = List.of(
        Scans.of(scan).body().ys().getFirst(), Expr.placeholder(Op.Role.STATE, 0, Shape.of(B, 1)).sum(0));
    Expr kept = Scans.rebuild(scan, scan.args(), Scans.of(scan).body().nexts(), ys, 1);
    Interpreter interpreter = Interpreter.of(2, 1, 0)
        .set("x", new double[] {1, 2}).set("start", new double[] {5, 6}).set("lengths", new int[] {1, 0});
    assertThat(interpreter.eval(kept.part(1))).containsExactly(11);
    assertThat(interpreter.eval(kept.part(0))).containsExactly(60, 0);
  }

  /** A padded batch gives what its sequences give one by one, gradients included. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPaddedBatchIsItsSequencesOneByOne(boolean reverse) {
    Expr x = Expr.input("x", Shape.of(T, B, 2));
    Expr lengths = Expr.intInput("lengths", Shape.of(B));
    Expr zero = Expr.full(0, Shape.of(B, 3));
    Equations.Run padded = Equations.lstm(x, zero, zero, "", lengths, reverse);
    Equations.Run alone = Equations.lstm(x, zero, zero, "", null, reverse);
    Expr gradient = Derivative.gradient(padded.h().square().sumAll(), List.of(x)).getFirst();
    Expr gradientAlone = Derivative.gradient(alone.h().square().sumAll(), List.of(x)).getFirst();
    RandomInputs inputs = RandomInputs.of(List.of(padded.h()), 3, 5, 4);
    int[] steps = {5, 2, 1};
    inputs.ints().put("lengths", steps);
    List<double[]> batch = inputs.interpreter(0).evalAll(List.of(padded.output(), padded.h(), gradient));
    for (int row = 0; row < 3; row++) {
      double[] one = new double[steps[row] * 2];
      for (int t = 0; t < steps[row]; t++) {
        System.arraycopy(inputs.values(x), (t * 3 + row) * 2, one, t * 2, 2);
      }
      Interpreter single = Interpreter.of(1, steps[row], 0).set("x", one);
      inputs.floats().forEach((name, values) -> single.set(name.equals("x") ? "all of x" : name, values));
      List<double[]> expected = single.evalAll(List.of(alone.output(), alone.h(), gradientAlone));
      assertThat(Arrays.copyOfRange(batch.get(1), row * 3, row * 3 + 3)).isEqualTo(expected.get(1));
      for (int t = 0; t < 5; t++) {
        int at = t * 3 + row;
        boolean own = t < steps[row];
        assertThat(Arrays.copyOfRange(batch.get(0), at * 3, at * 3 + 3))
            .isEqualTo(own ? Arrays.copyOfRange(expected.get(0), t * 3, t * 3 + 3) : new double[3]);
        assertThat(Arrays.copyOfRange(batch.get(2), at * 2, at * 2 + 2))
            .isEqualTo(own ? Arrays.copyOfRange(expected.get(2), t * 2, t * 2 + 2) : new double[2]);
      }
    }
  }

  @Test
  void inputsSetAnewCount() {
    Interpreter interpreter = Interpreter.of(1, 1, 0).set("v", new double[] {1, 2, 3, 4});
    assertThat(interpreter.eval(V.sumAll())).containsExactly(10);
    assertThat(interpreter.set("v", new double[4]).eval(V.sumAll())).containsExactly(0);
  }

  @Test
  void whatIsWrongIsSaid() {
    Interpreter interpreter = Interpreter.of(2, 3, 0);
    Expr x = Expr.input("x", Shape.of(T, B, 4));
    Expr ids = Expr.intInput("ids", Shape.of(B));
    assertThatThrownBy(() -> interpreter.eval(x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("interpreter: input x [T,B,4] must be set, got nothing; call set(\"x\", …)");
    assertThatThrownBy(() -> interpreter.set("ids", new double[2]).eval(ids.cast()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("interpreter: int input ids [B] must be set, got floats; call set(\"ids\", …)");
    assertThatThrownBy(() -> interpreter.set("x", new double[23]).eval(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interpreter: input x [T,B,4] must have 24 elements where B=2 and T=3, got 23");
    Expr gather = Expr.parameter("table", Shape.of(5, 1)).gather(ids);
    assertThatThrownBy(
            () -> interpreter.set("table", new double[5]).set("ids", new int[] {4, 5}).eval(gather))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gather: indices must be at least 0 and below the table's 5 rows, got 5 at place [1]");
    Interpreter ready = Interpreter.of(1, 1, 0).set("x", new double[1]).set("start", new double[1]);
    assertThatThrownBy(() -> ready.eval(runningSum(false, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interpreter: a scan has no value of its own; take a part() of it");
    assertThatThrownBy(
            () -> Interpreter.of(1, 2, 0).set("x", new double[2]).set("start", new double[1])
                .set("lengths", new int[] {3}).eval(runningSum(true, false).part(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scan: lengths must be 0 to T=2, got 3 for row 0");
    assertThatThrownBy(() -> Interpreter.of(0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interpreter: B and T must be at least 1, got B=0, T=1");
  }
}

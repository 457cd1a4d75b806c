package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.Scans;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Team;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a runner owes its caller from run to run. */
final class RunnerTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final Expr X = Expr.input("x", Shape.of(B, 3));
  private static final Expr W = Expr.parameter("w", Shape.of(3, 2));

  private static Runner runner(Expr... outputs) {
    return Compiler.compile(List.of(outputs), Kernels.vector(256)).runner(Differential.team(2));
  }

  /** The mean over the rows knows how many there are, though that is made of numbers alone. */
  @Test
  void aNumberThatDependsOnTheBatchIsNotPreparedAhead() {
    Expr rows = Expr.full(1, Shape.of(B, 1)).sumAll();
    Runner runner = runner(X.sumAll().over(rows), Expr.exp(Expr.full(0, Shape.of(T)).plus(1)).sum(0));
    for (int batch : new int[] {2, 5, 1}) {
      float[] x = new float[3 * batch];
      Arrays.fill(x, 2);
      runner.set("x", x).run(batch, batch + 1, 0);
      assertThat(runner.output(0)).containsExactly(6);
      assertThat(runner.output(1)[0] / Math.E).isCloseTo(batch + 1, within(1e-6));
    }
  }

  @Test
  void whatIsMadeOfParametersIsComputedAnewWhenTheyChange() {
    float[] w = {1, 2, 3, 4, 5, 6};
    Runner runner = runner(X.matmul(Expr.tanh(W).times(0).plus(W.times(2))), W.sumAll());
    runner.set("x", new float[] {1, 0, 0}).set("w", w, 0);
    runner.run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(2, 4);
    w[0] = 10;
    runner.parametersChanged().run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(20, 4);
    assertThat(runner.output(1)).containsExactly(30);
  }

  /** A batch that is too large is refused each time it comes, and the next one is computed. */
  @Test
  void aBatchThatDoesNotFitLeavesNothingBehind() {
    Runner runner = runner(Expr.tanh(X.matmul(W)).sumAll());
    runner.set("x", new float[3]).set("w", new float[6], 0).run(1, 1, 0);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> runner.run(1 << 30, 1, 0)).isInstanceOf(RuntimeException.class);
    }
    runner.run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(0);
  }

  @Test
  void arraysMayChangePlaces() {
    Runner runner = runner(X.matmul(W));
    float[] parameters = {0, 0, 1, 2, 3, 4, 5, 6, 7};
    runner.set("x", new float[] {1, 1, 1}).set("w", parameters, 2).run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(9, 12);
    runner.set("w", parameters, 3).run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(12, 15);
    runner.set("x", new float[] {0, 0, 0, 0, 1, 0}, 3).run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(4, 5);
  }

  @Test
  void outputsAreWrittenWhereTheyAreWanted() {
    Runner runner = runner(X.times(2), X.sumAll());
    float[] gradients = new float[10];
    Arrays.fill(gradients, -1);
    runner.set("x", new float[] {1, 2, 3, 4, 5, 6}).bind(0, gradients, 1).run(2, 1, 0);
    assertThat(gradients).containsExactly(-1, 2, 4, 6, 8, 10, 12, -1, -1, -1);
    assertThat(runner.output(0)).containsExactly(2, 4, 6, 8, 10, 12);
    assertThat(runner.output(1)).containsExactly(21);
    runner.bind(0, gradients, 4).run(1, 1, 0);
    assertThat(gradients).containsExactly(-1, 2, 4, 6, 2, 4, 6, -1, -1, -1);
  }

  @Test
  void oneOutputTwiceAndInputsAsOutputs() {
    Expr y = Expr.exp(X);
    Runner runner = runner(y, y, X, Expr.constant(3), W);
    runner.set("x", new float[] {0, 0, 0}).set("w", new float[] {1, 2, 3, 4, 5, 6}).run(1, 1, 0);
    assertThat(runner.output(0)).containsExactly(1, 1, 1);
    assertThat(runner.output(1)).containsExactly(1, 1, 1);
    assertThat(runner.output(2)).containsExactly(0, 0, 0);
    assertThat(runner.output(3)).containsExactly(3);
    assertThat(runner.output(4)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void missingAndShortArraysAreNamed() {
    Runner runner = runner(X.matmul(W));
    assertThatThrownBy(() -> runner.run(2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs").hasMessageContaining("call set");
    runner.set("x", new float[5]).set("w", new float[6]);
    assertThatThrownBy(() -> runner.run(2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run: input x needs 6 values with B=2, T=1, got 5");
    runner.set("x", new float[6]).set("w", new float[6], 1);
    assertThatThrownBy(() -> runner.run(2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run: parameter w needs 6 values with B=2, T=1, got 5");
    assertThatThrownBy(() -> runner.run(0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run: B and T must be at least 1, got B=0, T=1");
  }

  @Test
  void missingWholeNumbersAreNamed() {
    Runner runner = runner(W.gather(Expr.intInput("ids", Shape.of(B))));
    runner.set("w", new float[6]);
    assertThatThrownBy(() -> runner.run(2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run: input ids needs 2 whole numbers with B=2, T=1, got none; call set");
    runner.set("ids", new int[] {1});
    assertThatThrownBy(() -> runner.run(2, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run: input ids needs 2 whole numbers with B=2, T=1, got 1");
  }

  /** A run that failed half way through its preparations must not leave the next one half prepared. */
  @Test
  void afterAFailureTheSameRunFailsAgainAndAGoodOneWorks() {
    Runner runner = runner(X.matmul(W));
    runner.set("x", new float[] {1, 2, 3}).set("w", new float[] {1, 1, 1, 1, 1, 1}).run(1, 1, 0);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> runner.run(4, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
    runner.set("x", new float[] {1, 2, 3, 4, 5, 6}).run(2, 1, 0);
    assertThat(runner.output(0)).containsExactly(6, 6, 15, 15);
  }

  @Test
  void wrongIndicesAndLengthsAreToldAndTheRunnerWorksOn() {
    Expr ids = Expr.intInput("ids", Shape.of(T, B));
    Expr lengths = Expr.intInput("lengths", Shape.of(B));
    Expr x = W.gather(ids);
    Expr scan =
        Scans.scan(
            List.of(x), List.of(Expr.full(0, Shape.of(B, 2))), lengths, false,
            (e, s) -> new Scans.Step(List.of(s.get(0).plus(e.get(0))), List.of()));
    Runner runner = runner(scan.part(0));
    runner.set("w", new float[] {1, 2, 3, 4, 5, 6}).set("lengths", new int[] {2, 1});
    runner.set("ids", new int[] {0, 1, 3, 1});
    assertThatThrownBy(() -> runner.run(2, 2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gather: indices must be from 0 to 2, got 3 at position 2");
    runner.set("ids", new int[] {0, 1, 2, -1});
    assertThatThrownBy(() -> runner.run(2, 2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got -1 at position 3");
    runner.set("ids", new int[] {0, 1, 2, 1}).set("lengths", new int[] {2, 3});
    assertThatThrownBy(() -> runner.run(2, 2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scan: lengths must be from 0 to 2, got 3 in row 1");
    runner.set("lengths", new int[] {2, 1}).run(2, 2, 0);
    assertThat(runner.output(0)).containsExactly(6, 8, 3, 4);
  }

  @Test
  void randomNumbersFollowTheKeyOfEachRun() {
    Runner runner = runner(Expr.random("r", Shape.of(B, 20)));
    runner.run(2, 1, 1);
    float[] first = runner.output(0);
    runner.run(2, 1, 2);
    assertThat(runner.output(0)).isNotEqualTo(first);
    runner.run(2, 1, 1);
    assertThat(runner.output(0)).isEqualTo(first);
    // A row has the same numbers in any batch.
    runner.run(1, 1, 1);
    assertThat(runner.output(0)).isEqualTo(Arrays.copyOf(first, 20));
  }

  @Test
  void outputsAreKnownAfterARunAlone() {
    Runner runner = runner(X);
    assertThatThrownBy(() -> runner.output(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call run first");
  }

  @Test
  void equalProgramsAreCompiledOnce() {
    Kernels kernels = Kernels.scalar();
    Program first = Compiler.compile(List.of(Expr.tanh(Expr.input("x", Shape.of(B, 3)))), kernels);
    assertThat(Compiler.compile(List.of(Expr.tanh(Expr.input("x", Shape.of(B, 3)))), kernels)).isSameAs(first);
    assertThat(Compiler.compile(List.of(Expr.tanh(Expr.input("y", Shape.of(B, 3)))), kernels)).isNotSameAs(first);
    assertThat(Compiler.compile(List.of(Expr.tanh(Expr.input("x", Shape.of(B, 3)))), Kernels.vector(128)))
        .isNotSameAs(first);
  }

  @Test
  void aNameOfTwoSizesIsRefused() {
    Expr y = X.sumAll().plus(Expr.input("x", Shape.of(B, 4)).sumAll());
    assertThatThrownBy(() -> Compiler.compile(List.of(y)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x is used with two different sizes");
  }

  /** Runners of one program share nothing that changes. */
  @Test
  void twoRunnersOfOneProgramAtTheSameTime() throws InterruptedException {
    Expr y = Expr.tanh(X.matmul(W)).matmul(W.transpose()).sum(1);
    Program program = Compiler.compile(List.of(y), Kernels.vector(128));
    boolean[] right = new boolean[3];
    Thread[] threads = new Thread[right.length];
    for (int i = 0; i < threads.length; i++) {
      int number = i;
      threads[i] =
          new Thread(
              () -> {
                RandomInputs inputs = RandomInputs.of(List.of(y), 4 + number, 1, number);
                Runner runner = program.runner(Team.of(1));
                Differential.set(runner, inputs);
                double[] expected = inputs.interpreter(0).eval(y);
                for (int round = 0; round < 20; round++) {
                  runner.run(4 + number, 1, 0);
                  Differential.assertClose("y", runner.output(0), expected, Differential.TOLERANCE);
                }
                right[number] = true;
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(right).containsOnly(true);
  }
}

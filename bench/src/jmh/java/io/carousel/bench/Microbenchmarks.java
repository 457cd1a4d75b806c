package io.carousel.bench;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.expr.Expr;
import io.carousel.kernel.Team;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Single kernels on one thread, each a program of one stage, and the barrier of a team; by JMH. NOTES.md says how
 * to run them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector", "-XX:CompileCommand=quiet",
      "-XX:CompileCommand=CompileThresholdScaling,*KernelCode*::*,0.01",
      "-XX:CompileCommand=BackgroundCompilation,*KernelCode*::*,false",
      "-XX:Tier3BackEdgeThreshold=600000", "-XX:Tier4BackEdgeThreshold=400000", "-XX:Tier3DelayOn=1000000"
    })
public class Microbenchmarks {
  private static final int ROWS = 64;
  private static final int UNITS = 256;
  private static final int STEPS = 100;
  private static final int WORDS = 10_000;
  private static final int BARRIERS = 1000;

  private final Team alone = Team.of(1);
  private final Team all = Team.of(Runtime.getRuntime().availableProcessors());
  private final Runner product;
  private final Runner gates;
  private final Runner contraction;
  private final Runner softmax;

  /** Makes the programs. */
  public Microbenchmarks() {
    Expr h = Expr.input("h", Shape.of(Shape.B, UNITS));
    Expr r = Expr.parameter("R", Shape.of(UNITS, 4 * UNITS));
    product = runner(List.of(h.matmul(r)));
    product.set("h", values(ROWS * UNITS)).set("R", values(4 * UNITS * UNITS));

    Expr z = Expr.input("z", Shape.of(Shape.B, 4 * UNITS));
    Expr c = Expr.input("c", Shape.of(Shape.B, UNITS));
    Expr nextC = sigmoid(gate(z, 1)).times(c).plus(sigmoid(gate(z, 0)).times(tanh(gate(z, 2))));
    gates = runner(List.of(nextC, sigmoid(gate(z, 3)).times(tanh(nextC))));
    gates.set("z", values(4 * ROWS * UNITS)).set("c", values(ROWS * UNITS));

    Expr x = Expr.input("x", Shape.of(Shape.T, Shape.B, UNITS));
    Expr d = Expr.input("d", Shape.of(Shape.T, Shape.B, 4 * UNITS));
    contraction = runner(List.of(x.contract(d)));
    contraction.set("x", values(STEPS * ROWS * UNITS)).set("d", values(STEPS * ROWS * 4 * UNITS));

    softmax = runner(List.of(Expr.softmax(Expr.input("logits", Shape.of(Shape.B, WORDS)))));
    softmax.set("logits", values(ROWS * WORDS));
  }

  /** h [64,256] · R [256,1024], the weights packed before: 33.6·10⁶ operations. */
  @Benchmark
  public void productTile() {
    product.run(ROWS, 1, 0);
  }

  /** The elementwise part of an LSTM's step: z [64,1024] and c [64,256] to the next c and h. */
  @Benchmark
  public void lstmGates() {
    gates.run(ROWS, 1, 0);
  }

  /** The gradient of weights over all steps: x [6400,256], d [6400,1024] to xᵀ·d, 3.36·10⁹ operations. */
  @Benchmark
  public void contraction() {
    contraction.run(ROWS, STEPS, 0);
  }

  /** Softmax of 64 rows of 10,000. */
  @Benchmark
  public void softmax() {
    softmax.run(ROWS, 1, 0);
  }

  /** One barrier of a team with a thread for each processor. */
  @Benchmark
  @OperationsPerInvocation(BARRIERS)
  public void teamBarrier() {
    all.run(
        (thread, threads) -> {
          for (int i = 0; i < BARRIERS; i++) {
            all.barrier();
          }
        });
  }

  /**
   * Packs what is packed once, and has the gates compiled on single rows: in the interpreter a call for all rows
   * takes half a second, so that the warm-up would end before it.
   */
  @Setup
  public void prepares() {
    productTile();
    for (int i = 0; i < 1000; i++) {
      gates.run(1, 1, 0);
    }
  }

  /** Ends the threads. */
  @TearDown
  public void ends() {
    alone.close();
    all.close();
  }

  private static Expr gate(Expr z, int gate) {
    return z.slice(1, gate * UNITS, (gate + 1) * UNITS);
  }

  private Runner runner(List<Expr> outputs) {
    return Compiler.compile(outputs).runner(alone);
  }

  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = CounterRandom.uniform(MadeUp.SEED, i) - 0.5f;
    }
    return values;
  }
}

package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.kernel.Functions;
import io.carousel.kernel.Kernels;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Emitted functions are {@link Functions}, bit for bit, whatever is put in. */
final class ElementwiseTest {
  private static final int COLUMNS = 35; // with a remainder for every width
  private static final int ROWS = 200;

  private static final float[] SPECIAL = {
    0f, -0f, 1f, -1f, Float.NaN, Float.intBitsToFloat(0xFFC00000), Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, -Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL), Float.MAX_VALUE, -Float.MAX_VALUE, Functions.EXP_HIGH,
    Math.nextUp(Functions.EXP_HIGH), Math.nextDown(Functions.EXP_HIGH), Functions.EXP_LOW,
    Math.nextDown(Functions.EXP_LOW), Math.nextUp(Functions.EXP_LOW), 87f, -87f, 88f, -88f, Functions.TANH_BOUND,
    -Functions.TANH_BOUND, Math.nextUp(Functions.TANH_BOUND), Functions.SQRT_HALF, Math.nextUp(1f),
    Math.nextDown(1f), 16f, -16f, 1e10f, -1e10f
  };

  private static final float[] NUMBERS = new float[COLUMNS * ROWS];

  static {
    for (int i = 0; i < NUMBERS.length; i++) {
      long key = CounterRandom.key(3, i);
      float uniform = 2 * CounterRandom.uniform(key, 0) - 1;
      // A third near 0, a third within ±100, a third any bits but those of NaNs with a payload.
      float any = Float.intBitsToFloat((int) CounterRandom.bits(key, 1));
      NUMBERS[i] =
          i < SPECIAL.length ? SPECIAL[i]
              : i % 3 == 0 ? uniform * 4
              : i % 3 == 1 ? uniform * 100
              : Float.isNaN(any) ? Float.NaN : any;
    }
  }

  private static float function(Op.Unary op, float x) {
    return switch (op) {
      case NEGATE -> -x;
      case EXP -> Functions.exp(x);
      case LOG -> Functions.log(x);
      case TANH -> Functions.tanh(x);
      case SIGMOID -> Functions.sigmoid(x);
      case SQRT -> (float) StrictMath.sqrt(x);
      case ABS -> Math.abs(x);
    };
  }

  @ParameterizedTest
  @EnumSource(Op.Unary.class)
  void functions(Op.Unary op) {
    float[] expected = new float[NUMBERS.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = function(op, NUMBERS[i]);
    }
    Expr y = Expr.unary(op, Expr.input("x", Shape.of(Shape.B, COLUMNS)));
    for (Kernels kernels : Differential.KERNELS) {
      assertSameNumbers(op + " " + kernels, run(y, kernels), expected);
    }
  }

  private static float binary(Op.Binary op, float a, float b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case LESS -> a < b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
    };
  }

  /** With NaN, infinities and zeros of both signs on both sides. */
  @ParameterizedTest
  @EnumSource(Op.Binary.class)
  void operations(Op.Binary op) {
    int n = SPECIAL.length;
    float[] expected = new float[n * n];
    float[] found = new float[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        expected[i * n + j] = binary(op, SPECIAL[i], SPECIAL[j]);
      }
    }
    Expr column = Expr.input("column", Shape.of(Shape.B, 1));
    Expr row = Expr.input("row", Shape.of(n));
    for (Kernels kernels : Differential.KERNELS) {
      Runner runner =
          Compiler.compile(List.of(Expr.binary(op, column, row)), kernels).runner(Differential.team(1));
      runner.set("column", SPECIAL).set("row", SPECIAL).bind(0, found, 0).run(n, 1, 0);
      assertSameNumbers(op + " " + kernels, found, expected);
    }
  }

  /** A comparison inside a selection is one instruction less, and must mean the same. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void selections(boolean fused) {
    int n = SPECIAL.length;
    Expr column = Expr.input("column", Shape.of(Shape.B, 1));
    Expr row = Expr.input("row", Shape.of(n));
    Expr less = column.less(row);
    Expr equal = column.equal(row);
    Expr chosen = Expr.select(less, Expr.constant(1), Expr.select(equal, Expr.constant(2), Expr.constant(3)));
    List<Expr> roots = fused ? List.of(chosen) : List.of(chosen, less, equal, Expr.select(column, row, column));
    for (Kernels kernels : Differential.KERNELS) {
      Runner runner = Compiler.compile(roots, kernels).runner(Differential.team(1));
      runner.set("column", SPECIAL).set("row", SPECIAL).run(n, 1, 0);
      List<float[]> found = Differential.outputs(runner, roots.size());
      for (int i = 0; i < n * n; i++) {
        float a = SPECIAL[i / n];
        float b = SPECIAL[i % n];
        check(kernels, a, b, found.get(0)[i], a < b ? 1 : a == b ? 2 : 3);
        if (!fused) {
          check(kernels, a, b, found.get(1)[i], a < b ? 1 : 0);
          check(kernels, a, b, found.get(2)[i], a == b ? 1 : 0);
          check(kernels, a, b, found.get(3)[i], a != 0 ? b : a);
        }
      }
    }
  }

  private static void check(Kernels kernels, float a, float b, float found, float expected) {
    if (Float.floatToIntBits(found) != Float.floatToIntBits(expected)) {
      throw new AssertionError(kernels + ": " + a + " and " + b + " give " + found + ", expected " + expected);
    }
  }

  /** a·b + c is rounded once, wherever the product stands and whatever the width. */
  @ParameterizedTest
  @ValueSource(strings = {"a + x·y", "x·y + a", "a − x·y", "x·y − a", "x·y + z·a"})
  void fusedSums(String form) {
    Expr[] leaves = new Expr[4];
    float[][] values = new float[4][COLUMNS * ROWS];
    for (int k = 0; k < leaves.length; k++) {
      leaves[k] = Expr.input("v" + k, Shape.of(Shape.B, COLUMNS));
      for (int i = 0; i < values[k].length; i++) {
        values[k][i] = 2 * CounterRandom.uniform(CounterRandom.key(9, k), i) - 1;
      }
    }
    Expr product = leaves[0].times(leaves[1]);
    Expr y =
        switch (form) {
          case "a + x·y" -> leaves[2].plus(product);
          case "x·y + a" -> product.plus(leaves[2]);
          case "a − x·y" -> leaves[2].minus(product);
          case "x·y − a" -> product.minus(leaves[2]);
          default -> product.plus(leaves[3].times(leaves[2]));
        };
    float[] expected = new float[COLUMNS * ROWS];
    for (int i = 0; i < expected.length; i++) {
      float x = values[0][i];
      float z = values[1][i];
      float a = values[2][i];
      expected[i] =
          switch (form) {
            case "a + x·y", "x·y + a" -> Math.fma(x, z, a);
            case "a − x·y" -> Math.fma(-x, z, a);
            case "x·y − a" -> Math.fma(x, z, -a);
            default -> Math.fma(values[3][i], a, x * z);
          };
    }
    for (Kernels kernels : Differential.KERNELS) {
      Runner runner = Compiler.compile(List.of(y), kernels).runner(Differential.team(1));
      for (int k = 0; k < leaves.length; k++) {
        runner.set("v" + k, values[k]);
      }
      runner.run(ROWS, 1, 0);
      assertSameNumbers(form + " " + kernels, runner.output(0), expected);
    }
  }

  private static float[] run(Expr y, Kernels kernels) {
    Runner runner = Compiler.compile(List.of(y), kernels).runner(Differential.team(2));
    runner.set("x", NUMBERS).run(ROWS, 1, 0);
    return runner.output(0);
  }

  /** Same bits; of the largest and smallest of zeros of two signs, either will do. */
  private static void assertSameNumbers(String what, float[] found, float[] expected) {
    float[] a = found.clone();
    float[] b = expected.clone();
    for (int i = 0; i < a.length; i++) {
      if (what.startsWith("M") && a[i] == 0 && b[i] == 0) {
        a[i] = 0f;
        b[i] = 0f;
      }
    }
    Differential.assertSameBits(what, a, b);
  }
}

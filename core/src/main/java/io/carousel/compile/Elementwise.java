package io.carousel.compile;

import io.carousel.compile.Lane.Compare;
import io.carousel.compile.Lane.Operand;
import io.carousel.kernel.Functions;
import java.lang.classfile.CodeBuilder;

/**
 * The functions that take more than one instruction, spelled out in {@link Lane} operations, step by
 * step as {@link Functions} computes them: the bits must be the same.
 *
 * <p>Each method takes the local variable of its operand and leaves the result on the stack.
 */
final class Elementwise {
  private final CodeBuilder code;
  private final Lane lane;

  Elementwise(CodeBuilder code, Lane lane) {
    this.code = code;
    this.lane = lane;
  }

  private Operand local(int slot) {
    return () -> code.loadLocal(lane.kind(), slot);
  }

  private Operand number(float value) {
    return () -> lane.constant(code, value);
  }

  /** The top of the stack into a new local variable. */
  int keep() {
    int slot = code.allocateLocal(lane.kind());
    code.storeLocal(lane.kind(), slot);
    return slot;
  }

  /** The larger (a where not a &lt; b) and the like: a NaN in {@code a} stays visible, one in {@code b} does not. */
  void maximum(Operand a, Operand b) {
    lane.choose(code, Compare.LESS, a, b, b, a);
  }

  void minimum(Operand a, Operand b) {
    lane.choose(code, Compare.LESS, b, a, b, a);
  }

  void exp(int x) {
    expInRange(x); // beyond the range whatever comes out is replaced
    int y = keep();
    lane.choose(code, Compare.LESS, number(Functions.EXP_HIGH), local(x), number(Float.POSITIVE_INFINITY), local(y));
    int high = keep();
    lane.choose(code, Compare.LESS, local(x), number(Functions.EXP_LOW), number(0), local(high));
  }

  private void expInRange(int x) {
    local(x).push();
    lane.constant(code, Functions.LOG2_E);
    lane.constant(code, Functions.ROUND);
    lane.fma(code);
    int shifted = keep();
    local(shifted).push();
    lane.constant(code, Functions.ROUND);
    lane.arithmetic(code, "sub");
    int n = keep();
    local(n).push();
    lane.constant(code, Functions.MINUS_LN2_LOW);
    local(n).push();
    lane.constant(code, Functions.MINUS_LN2_HIGH);
    local(x).push();
    lane.fma(code);
    lane.fma(code);
    int r = keep();
    polynomial(Functions.EXP, r);
    local(r).push();
    local(r).push();
    lane.arithmetic(code, "mul");
    local(r).push();
    lane.fma(code);
    lane.constant(code, 1f);
    lane.arithmetic(code, "add");
    local(shifted).push();
    lane.addExponent(code);
  }

  void sigmoid(int x) {
    local(x).push();
    lane.negate(code);
    int minus = keep();
    minimum(local(minus), number(Functions.SIGMOID_BOUND));
    int c = keep();
    maximum(local(c), number(-Functions.SIGMOID_BOUND));
    expInRange(keep());
    lane.constant(code, 1f);
    lane.arithmetic(code, "add");
    int below = keep();
    lane.constant(code, 1f);
    local(below).push();
    lane.arithmetic(code, "div");
  }

  void tanh(int x) {
    minimum(local(x), number(Functions.TANH_BOUND));
    int upper = keep();
    maximum(local(upper), number(-Functions.TANH_BOUND));
    int c = keep();
    local(c).push();
    local(c).push();
    lane.arithmetic(code, "mul");
    int square = keep();
    local(c).push();
    polynomial(Functions.TANH_P, square);
    lane.arithmetic(code, "mul");
    polynomial(Functions.TANH_Q, square);
    lane.arithmetic(code, "div");
  }

  void log(int x) {
    int bits = Float.floatToRawIntBits(Functions.SQRT_HALF);
    local(x).push();
    lane.exponent(code, bits);
    int e = keep();
    local(x).push();
    lane.mantissa(code, bits);
    lane.constant(code, 1f);
    lane.arithmetic(code, "sub");
    int f = keep();
    local(f).push();
    local(f).push();
    lane.arithmetic(code, "mul");
    int square = keep();
    polynomial(Functions.LOG, f);
    local(f).push();
    lane.arithmetic(code, "mul");
    local(square).push();
    local(e).push();
    lane.constant(code, Functions.LN2_LOW);
    lane.arithmetic(code, "mul");
    lane.fma(code);
    int y = keep();
    local(square).push();
    lane.constant(code, -0.5f);
    local(y).push();
    lane.fma(code);
    local(f).push();
    lane.arithmetic(code, "add");
    int z = keep();
    local(e).push();
    lane.constant(code, Functions.LN2_HIGH);
    local(z).push();
    lane.fma(code);
    int w = keep();
    lane.choose(code, Compare.LESS, local(x), number(0), number(Float.NaN), number(Float.NEGATIVE_INFINITY));
    int small = keep();
    lane.choose(code, Compare.LESS, local(x), number(Float.MIN_NORMAL), local(small), local(w));
    int normal = keep();
    // Infinity stays, and so does NaN, which is not less than infinity.
    lane.choose(code, Compare.LESS, local(x), number(Float.POSITIVE_INFINITY), local(normal), local(x));
  }

  /** p[0]·xⁿ + … + p[n] by Horner's rule. */
  private void polynomial(float[] p, int x) {
    lane.constant(code, p[0]);
    for (int i = 1; i < p.length; i++) {
      local(x).push();
      lane.constant(code, p[i]);
      lane.fma(code);
    }
  }
}

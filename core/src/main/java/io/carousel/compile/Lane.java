package io.carousel.compile;

import io.carousel.kernel.Kernels;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * What one elementwise operation is in bytecode: the same operation on a vector of floats or on one
 * float. Operands are on the stack; vector masks and scalar booleans play the same part.
 *
 * <p>Everything is emitted in line: methods that take or return vectors stop being inlined by
 * the JIT in large kernels.
 */
sealed interface Lane permits Lane.Scalar, Lane.Vector {
  ClassDesc FLOAT = ConstantDescs.CD_float;
  ClassDesc INT = ConstantDescs.CD_int;
  ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();

  static Lane of(Kernels kernels) {
    return kernels.isVector() ? new Vector(kernels.bits()) : new Scalar();
  }

  /** Floats worked on at once. */
  int width();

  TypeKind kind();

  /** array, offset → value; masked if {@code mask} is a local variable and not −1. */
  void load(CodeBuilder code, int mask);

  /** value, array, offset → (stored); the value comes from a local variable. */
  void store(CodeBuilder code, int value, Runnable arrayAndOffset, int mask);

  /** array, offset → the one float there in all lanes. */
  void loadOne(CodeBuilder code);

  void constant(CodeBuilder code, float value);

  /** a, b → a op b; op is one of add, sub, mul, div. */
  void arithmetic(CodeBuilder code, String op);

  /** a, b, c → a·b + c, rounded once. */
  void fma(CodeBuilder code);

  void negate(CodeBuilder code);

  void abs(CodeBuilder code);

  void sqrt(CodeBuilder code);

  /** b, a, (a &lt; b or a = b) as given by the three → a where the comparison holds, else b. */
  void choose(CodeBuilder code, Compare compare, Operand x, Operand y, Operand then, Operand otherwise);

  enum Compare {
    LESS,
    EQUAL,
    NOT_EQUAL
  }

  /** Puts a value on the stack. */
  interface Operand {
    void push();
  }

  /** x, y → exponent trick: the bits of x plus the bits of y shifted left by 23. */
  void addExponent(CodeBuilder code);

  /** x → (bits(x) − c) &gt;&gt; 23 as a float. */
  void exponent(CodeBuilder code, int c);

  /** x → the float of bits ((bits(x) − c) &amp; 0x7FFFFF) + c. */
  void mantissa(CodeBuilder code, int c);

  // ------------------------------------------------------------------------------------------

  /** One float at a time. */
  record Scalar() implements Lane {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc FLOAT_BOX = ConstantDescs.CD_Float;

    @Override
    public int width() {
      return 1;
    }

    @Override
    public TypeKind kind() {
      return TypeKind.FLOAT;
    }

    @Override
    public void load(CodeBuilder code, int mask) {
      code.faload();
    }

    @Override
    public void store(CodeBuilder code, int value, Runnable arrayAndOffset, int mask) {
      arrayAndOffset.run();
      code.fload(value).fastore();
    }

    @Override
    public void loadOne(CodeBuilder code) {
      code.faload();
    }

    @Override
    public void constant(CodeBuilder code, float value) {
      code.loadConstant(value);
    }

    @Override
    public void arithmetic(CodeBuilder code, String op) {
      switch (op) {
        case "add" -> code.fadd();
        case "sub" -> code.fsub();
        case "mul" -> code.fmul();
        case "div" -> code.fdiv();
        default -> throw new IllegalArgumentException(op);
      }
    }

    @Override
    public void fma(CodeBuilder code) {
      code.invokestatic(MATH, "fma", MethodTypeDesc.of(FLOAT, FLOAT, FLOAT, FLOAT));
    }

    @Override
    public void negate(CodeBuilder code) {
      code.fneg();
    }

    @Override
    public void abs(CodeBuilder code) {
      code.invokestatic(MATH, "abs", MethodTypeDesc.of(FLOAT, FLOAT));
    }

    @Override
    public void sqrt(CodeBuilder code) {
      code.f2d().invokestatic(MATH, "sqrt", MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double)).d2f();
    }

    @Override
    public void choose(
        CodeBuilder code, Compare compare, Operand x, Operand y, Operand then, Operand otherwise) {
      var no = code.newLabel();
      var end = code.newLabel();
      x.push();
      y.push();
      switch (compare) {
        case LESS -> code.fcmpg().ifge(no); // a NaN compares as "greater": not less
        case EQUAL -> code.fcmpg().ifne(no);
        case NOT_EQUAL -> code.fcmpg().ifeq(no);
      }
      then.push();
      code.goto_(end);
      code.labelBinding(no);
      otherwise.push();
      code.labelBinding(end);
    }

    @Override
    public void addExponent(CodeBuilder code) {
      toBits(code);
      code.bipush(23).ishl().swap();
      toBits(code);
      code.iadd();
      fromBits(code);
    }

    @Override
    public void exponent(CodeBuilder code, int c) {
      toBits(code);
      code.loadConstant(c).isub().bipush(23).ishr().i2f();
    }

    @Override
    public void mantissa(CodeBuilder code, int c) {
      toBits(code);
      code.loadConstant(c).isub().loadConstant(0x7FFFFF).iand().loadConstant(c).iadd();
      fromBits(code);
    }

    private static void toBits(CodeBuilder code) {
      code.invokestatic(FLOAT_BOX, "floatToRawIntBits", MethodTypeDesc.of(INT, FLOAT));
    }

    private static void fromBits(CodeBuilder code) {
      code.invokestatic(FLOAT_BOX, "intBitsToFloat", MethodTypeDesc.of(FLOAT, INT));
    }
  }

  // ------------------------------------------------------------------------------------------

  /** A vector of {@code bits} bits. */
  record Vector(int bits) implements Lane {
    static final ClassDesc FLOAT_VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    static final ClassDesc INT_VECTOR = ClassDesc.of("jdk.incubator.vector.IntVector");
    static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
    static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
    static final ClassDesc UNARY = ClassDesc.of("jdk.incubator.vector.VectorOperators$Unary");
    static final ClassDesc BINARY = ClassDesc.of("jdk.incubator.vector.VectorOperators$Binary");
    static final ClassDesc COMPARISON = ClassDesc.of("jdk.incubator.vector.VectorOperators$Comparison");
    static final ClassDesc CONVERSION = ClassDesc.of("jdk.incubator.vector.VectorOperators$Conversion");

    @Override
    public int width() {
      return bits / 32;
    }

    @Override
    public TypeKind kind() {
      return TypeKind.REFERENCE;
    }

    void species(CodeBuilder code) {
      code.getstatic(FLOAT_VECTOR, "SPECIES_" + bits, SPECIES);
    }

    /** from, to → the mask of the lanes whose number is below to − from. */
    void mask(CodeBuilder code, Operand from, Operand to) {
      species(code);
      from.push();
      to.push();
      code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, INT, INT));
    }

    @Override
    public void load(CodeBuilder code, int mask) {
      // The species goes first: the stack holds array and offset already.
      int offset = code.allocateLocal(TypeKind.INT);
      int array = code.allocateLocal(TypeKind.REFERENCE);
      code.istore(offset).astore(array);
      load(code, () -> code.aload(array).iload(offset), mask);
    }

    void load(CodeBuilder code, Runnable arrayAndOffset, int mask) {
      species(code);
      arrayAndOffset.run();
      if (mask < 0) {
        code.invokestatic(FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, INT));
      } else {
        code.aload(mask)
            .invokestatic(FLOAT_VECTOR, "fromArray", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, INT, MASK));
      }
    }

    @Override
    public void store(CodeBuilder code, int value, Runnable arrayAndOffset, int mask) {
      code.aload(value);
      arrayAndOffset.run();
      if (mask < 0) {
        code.invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, INT));
      } else {
        code.aload(mask)
            .invokevirtual(FLOAT_VECTOR, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, FLOATS, INT, MASK));
      }
    }

    @Override
    public void loadOne(CodeBuilder code) {
      code.faload();
      broadcast(code);
    }

    @Override
    public void constant(CodeBuilder code, float value) {
      code.loadConstant(value);
      broadcast(code);
    }

    /** float → a vector of it. */
    void broadcast(CodeBuilder code) {
      int one = code.allocateLocal(TypeKind.FLOAT);
      code.fstore(one);
      species(code);
      code.fload(one)
          .invokestatic(FLOAT_VECTOR, "broadcast", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOAT));
    }

    /** A new local variable with the lanes of {@code value} that are in the mask, and {@code outside} elsewhere. */
    int within(CodeBuilder code, int value, int mask, float outside) {
      constant(code, outside);
      code.aload(value).aload(mask)
          .invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
      int chosen = code.allocateLocal(TypeKind.REFERENCE);
      code.astore(chosen);
      return chosen;
    }

    /** One lane of a local variable. */
    void extract(CodeBuilder code, int value, int number) {
      code.aload(value).loadConstant(number)
          .invokevirtual(FLOAT_VECTOR, "lane", MethodTypeDesc.of(FLOAT, INT));
    }

    @Override
    public void arithmetic(CodeBuilder code, String op) {
      code.invokevirtual(FLOAT_VECTOR, op, MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
    }

    @Override
    public void fma(CodeBuilder code) {
      code.invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
    }

    @Override
    public void negate(CodeBuilder code) {
      code.invokevirtual(FLOAT_VECTOR, "neg", MethodTypeDesc.of(FLOAT_VECTOR));
    }

    @Override
    public void abs(CodeBuilder code) {
      code.invokevirtual(FLOAT_VECTOR, "abs", MethodTypeDesc.of(FLOAT_VECTOR));
    }

    @Override
    public void sqrt(CodeBuilder code) {
      code.invokevirtual(FLOAT_VECTOR, "sqrt", MethodTypeDesc.of(FLOAT_VECTOR));
    }

    @Override
    public void choose(
        CodeBuilder code, Compare compare, Operand x, Operand y, Operand then, Operand otherwise) {
      otherwise.push();
      then.push();
      x.push();
      code.getstatic(
          OPERATORS, compare == Compare.LESS ? "LT" : compare == Compare.EQUAL ? "EQ" : "NE", COMPARISON);
      y.push();
      code.invokevirtual(FLOAT_VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
      code.invokevirtual(FLOAT_VECTOR, "blend", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK));
    }

    @Override
    public void addExponent(CodeBuilder code) {
      toBits(code);
      shift(code, "LSHL", 23);
      code.swap();
      toBits(code);
      code.invokevirtual(INT_VECTOR, "add", MethodTypeDesc.of(INT_VECTOR, VECTOR));
      fromBits(code);
    }

    @Override
    public void exponent(CodeBuilder code, int c) {
      toBits(code);
      code.loadConstant(c).invokevirtual(INT_VECTOR, "sub", MethodTypeDesc.of(INT_VECTOR, INT));
      shift(code, "ASHR", 23);
      code.getstatic(OPERATORS, "I2F", CONVERSION).iconst_0()
          .invokevirtual(INT_VECTOR, "convert", MethodTypeDesc.of(VECTOR, CONVERSION, INT))
          .checkcast(FLOAT_VECTOR);
    }

    @Override
    public void mantissa(CodeBuilder code, int c) {
      toBits(code);
      code.loadConstant(c).invokevirtual(INT_VECTOR, "sub", MethodTypeDesc.of(INT_VECTOR, INT));
      code.loadConstant(0x7FFFFF).invokevirtual(INT_VECTOR, "and", MethodTypeDesc.of(INT_VECTOR, INT));
      code.loadConstant(c).invokevirtual(INT_VECTOR, "add", MethodTypeDesc.of(INT_VECTOR, INT));
      fromBits(code);
    }

    private static void shift(CodeBuilder code, String op, int by) {
      int value = code.allocateLocal(TypeKind.REFERENCE);
      code.astore(value).aload(value).getstatic(OPERATORS, op, BINARY).loadConstant(by)
          .invokevirtual(INT_VECTOR, "lanewise", MethodTypeDesc.of(INT_VECTOR, BINARY, INT));
    }

    private static void toBits(CodeBuilder code) {
      code.invokevirtual(FLOAT_VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
    }

    private static void fromBits(CodeBuilder code) {
      code.invokevirtual(INT_VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(FLOAT_VECTOR));
    }
  }
}

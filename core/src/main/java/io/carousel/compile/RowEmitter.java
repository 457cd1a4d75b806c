package io.carousel.compile;

import io.carousel.compile.Lane.Compare;
import io.carousel.kernel.Kernels;
import io.carousel.kernel.Rows;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits the reductions of rows: partial results by position, and a tree over them. Of sums there are
 * sixteen, as {@link Rows} says, in as many vectors as that takes; the largest does not depend on their
 * number. What is left over at the end of a row is masked.
 */
final class RowEmitter {
  private static final MethodTypeDesc REDUCE =
      MethodTypeDesc.of(ConstantDescs.CD_float, Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int);
  private static final MethodTypeDesc SUM_EXP =
      MethodTypeDesc.of(
          ConstantDescs.CD_float, Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_float);
  private static final MethodTypeDesc SHARES =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_float, ConstantDescs.CD_float,
          Lane.FLOATS, ConstantDescs.CD_int);

  private static final MethodTypeDesc ADD_ROWS =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int, Lane.FLOATS,
          ConstantDescs.CD_int, ConstantDescs.CD_int);

  /** Vectors of columns added up side by side. */
  private static final int COLUMNS = 2;

  /** Vectors of partial maxima: with one, each comparison waits for the one before. */
  private static final int MAXIMA = 4;

  private final Lane.Vector lane;

  private RowEmitter(Lane.Vector lane) {
    this.lane = lane;
  }

  /** The kernel for all rows. */
  static RowKernel kernel(Kernels kernels) {
    return kernels.isVector()
        ? ClassMaker.kernel(
            RowKernel.class, Integer.toString(kernels.bits()),
            builder -> new RowEmitter(new Lane.Vector(kernels.bits())).emit(builder))
        : new ScalarRows();
  }

  private void emit(ClassBuilder builder) {
    builder.withMethodBody(
        "max", REDUCE, ClassFile.ACC_PUBLIC,
        code -> {
          reduce(code, MAXIMA, Float.NEGATIVE_INFINITY, -1, RowEmitter::larger);
          code.fconst_0().fadd().freturn(); // of −0 and 0 none is larger: 0
        });
    int sums = Rows.LANES / lane.width();
    builder.withMethodBody(
        "sum", REDUCE, ClassFile.ACC_PUBLIC,
        code -> {
          reduce(code, sums, 0f, -1, RowEmitter::add);
          code.freturn();
        });
    builder.withMethodBody(
        "sumExp", SUM_EXP, ClassFile.ACC_PUBLIC,
        code -> {
          reduce(code, sums, 0f, spread(code, 4), RowEmitter::add);
          code.freturn();
        });
    builder.withMethodBody("shares", SHARES, ClassFile.ACC_PUBLIC, this::shares);
    builder.withMethodBody("addRows", ADD_ROWS, ClassFile.ACC_PUBLIC, this::addRows);
    builder.withMethodBody("addWide", ADD_ROWS, ClassFile.ACC_STATIC, code -> addColumns(code, COLUMNS, false));
    builder.withMethodBody("addNarrow", ADD_ROWS, ClassFile.ACC_STATIC, code -> addColumns(code, 1, true));
  }

  /** Some vectors of columns at a time, then one at a time; each in a method of its own, which keeps them off the heap. */
  private void addRows(CodeBuilder code) {
    int j = code.allocateLocal(TypeKind.INT);
    var wide = code.newLabel();
    var rest = code.newLabel();
    var done = code.newLabel();
    code.iconst_0().istore(j);
    code.labelBinding(wide).iload(j).iload(7).loadConstant(COLUMNS * lane.width()).isub().if_icmpgt(rest);
    columns(code, "addWide", j);
    code.iinc(j, COLUMNS * lane.width()).goto_(wide);
    code.labelBinding(rest).iload(j).iload(7).if_icmpge(done);
    columns(code, "addNarrow", j);
    code.iinc(j, lane.width()).goto_(rest);
    code.labelBinding(done).return_();
  }

  private static void columns(CodeBuilder code, String method, int j) {
    code.aload(1).iload(2).iload(j).iadd().iload(3).iload(4).aload(5).iload(6).iload(j).iadd().iload(7).iload(j).isub();
    code.invokestatic(TileEmitter.self(RowKernel.class), method, ADD_ROWS);
  }

  /** The first columns of the rows, their sums in registers while all rows are added. */
  private void addColumns(CodeBuilder code, int vectors, boolean masked) {
    int mask = -1;
    if (masked) {
      lane.mask(code, code::iconst_0, () -> code.iload(6));
      mask = keep(code, lane);
    }
    int[] sums = new int[vectors];
    for (int v = 0; v < vectors; v++) {
      int column = v * lane.width();
      lane.load(code, () -> code.aload(4).iload(5).loadConstant(column).iadd(), mask);
      sums[v] = keep(code, lane);
    }
    int row = code.allocateLocal(TypeKind.INT);
    var loop = code.newLabel();
    var end = code.newLabel();
    code.iconst_0().istore(row);
    code.labelBinding(loop).iload(row).iload(3).if_icmpge(end);
    for (int v = 0; v < vectors; v++) {
      int column = v * lane.width();
      code.aload(sums[v]);
      lane.load(code, () -> code.aload(0).iload(1).loadConstant(column).iadd(), mask);
      lane.arithmetic(code, "add");
      code.astore(sums[v]);
    }
    code.iload(1).iload(2).iadd().istore(1).iinc(row, 1).goto_(loop).labelBinding(end);
    for (int v = 0; v < vectors; v++) {
      int column = v * lane.width();
      lane.store(code, sums[v], () -> code.aload(4).iload(5).loadConstant(column).iadd(), mask);
    }
    code.return_();
  }

  // ---- how two partial results become one --------------------------------------------------------

  /** Pushes what becomes of two local variables. */
  private interface Join {
    void push(CodeBuilder code, Lane lane, int a, int b);
  }

  private static void add(CodeBuilder code, Lane lane, int a, int b) {
    code.loadLocal(lane.kind(), a).loadLocal(lane.kind(), b);
    lane.arithmetic(code, "add");
  }

  private static void larger(CodeBuilder code, Lane lane, int a, int b) {
    Lane.Operand first = () -> code.loadLocal(lane.kind(), a);
    Lane.Operand second = () -> code.loadLocal(lane.kind(), b);
    lane.choose(code, Compare.LESS, first, second, second, first);
    int larger = keep(code, lane);
    lane.choose(code, Compare.NOT_EQUAL, second, second, second, () -> code.loadLocal(lane.kind(), larger));
  }

  // ---- passes over a row -------------------------------------------------------------------------

  /** Pushes the elements reduced, or exp(element − largest) if {@code largest} is a local variable and not −1. */
  private void reduce(CodeBuilder code, int vectors, float start, int largest, Join join) {
    int[] partial = new int[vectors];
    for (int p = 0; p < partial.length; p++) {
      lane.constant(code, start);
      partial[p] = keep(code, lane);
    }
    pass(
        code,
        vectors,
        (part, at, mask) -> {
          int value = element(code, at, mask, largest);
          if (mask >= 0) {
            value = lane.within(code, value, mask, start);
          }
          join.push(code, lane, partial[part], value);
          code.astore(partial[part]);
        });
    for (int half = partial.length / 2; half > 0; half /= 2) {
      for (int p = 0; p < half; p++) {
        join.push(code, lane, partial[p], partial[p + half]);
        code.astore(partial[p]);
      }
    }
    Lane scalar = new Lane.Scalar();
    int[] last = new int[lane.width()];
    for (int j = 0; j < last.length; j++) {
      lane.extract(code, partial[0], j);
      last[j] = keep(code, scalar);
    }
    for (int half = last.length / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        join.push(code, scalar, last[j], last[j + half]);
        code.fstore(last[j]);
      }
    }
    code.fload(last[0]);
  }

  private void shares(CodeBuilder code) {
    int largest = spread(code, 4);
    int total = spread(code, 5);
    pass(
        code,
        1,
        (part, at, mask) -> {
          code.aload(element(code, at, mask, largest)).aload(total);
          lane.arithmetic(code, "div");
          lane.store(code, keep(code, lane), () -> code.aload(6).iload(7).iload(at).iadd(), mask);
        });
    code.return_();
  }

  /** What is done with the vector of elements from {@code at} on, which belong to partial results {@code part}. */
  private interface Body {
    void emit(int part, int at, int mask);
  }

  /** So many vectors at a time, then what is left; the row is x, offset and n in the variables 1 to 3. */
  private void pass(CodeBuilder code, int vectors, Body body) {
    int i = code.allocateLocal(TypeKind.INT);
    var loop = code.newLabel();
    var rest = code.newLabel();
    var done = code.newLabel();
    code.iconst_0().istore(i);
    code.labelBinding(loop).iload(i).iload(3).loadConstant(vectors * lane.width()).isub().if_icmpgt(rest);
    for (int v = 0; v < vectors; v++) {
      body.emit(v, i, -1);
      code.iinc(i, lane.width());
    }
    code.goto_(loop).labelBinding(rest);
    for (int v = 0; v < vectors; v++) {
      code.iload(i).iload(3).if_icmpge(done);
      lane.mask(code, () -> code.iload(i), () -> code.iload(3));
      int mask = keep(code, lane);
      body.emit(v, i, mask);
      code.iinc(i, lane.width());
    }
    code.labelBinding(done);
  }

  /** A local variable with the elements at {@code at}, or the exponentials of them. */
  private int element(CodeBuilder code, int at, int mask, int largest) {
    lane.load(code, () -> code.aload(1).iload(2).iload(at).iadd(), mask);
    if (largest >= 0) {
      code.aload(largest);
      lane.arithmetic(code, "sub");
      int difference = keep(code, lane);
      new Elementwise(code, lane).exp(difference);
    }
    return keep(code, lane);
  }

  /** A local variable with a float argument in all lanes. */
  private int spread(CodeBuilder code, int argument) {
    code.fload(argument);
    lane.broadcast(code);
    return keep(code, lane);
  }

  private static int keep(CodeBuilder code, Lane lane) {
    int slot = code.allocateLocal(lane.kind());
    code.storeLocal(lane.kind(), slot);
    return slot;
  }

  /** The same without vectors. */
  private record ScalarRows() implements RowKernel {
    @Override
    public float max(float[] x, int offset, int n) {
      return Rows.max(x, offset, 1, n);
    }

    @Override
    public float sum(float[] x, int offset, int n) {
      return Rows.sum(x, offset, 1, n);
    }

    @Override
    public float sumExp(float[] x, int offset, int n, float largest) {
      return Rows.sumExp(x, offset, n, largest);
    }

    @Override
    public void addRows(float[] x, int offset, int step, int rows, float[] sums, int at, int n) {
      for (int row = 0; row < rows; row++) {
        Rows.add(x, offset + row * step, sums, at, n);
      }
    }

    @Override
    public void shares(float[] x, int offset, int n, float largest, float total, float[] y, int out) {
      Rows.shares(x, offset, n, largest, total, y, out);
    }
  }
}

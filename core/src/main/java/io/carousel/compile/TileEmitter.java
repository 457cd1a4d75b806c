package io.carousel.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits one register tile of a product: {@code c[r][j] = start + Σₖ a(r,k) · b(k,j)}, with the k in
 * sequence and one {@code fma} a term, so that the bits do not depend on the tile's shape.
 *
 * @param rows rows of the tile
 * @param vectors vectors of the tile, the last of which may be partial
 * @param lastLanes how many lanes of the last vector count; the lane count if all
 * @param panel floats from one k to the next in b
 * @param aRow step from row to row in a
 * @param aTerm step from k to k in a
 * @param cRow step from row to row in c
 * @param startRow step from row to row in start, or −1 to start from zero
 * @param terms the number of terms, or 0 if it is an argument
 */
record TileEmitter(
    Lane.Vector lane, int rows, int vectors, int lastLanes, int panel, int aRow, int aTerm, int cRow,
    int startRow, int terms) {

  /** a, aOffset, b, bOffset, c, cOffset, start, startOffset, terms. */
  static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS,
          ConstantDescs.CD_int, Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int);

  void emit(CodeBuilder code) {
    int[][] sums = new int[rows][vectors];
    int mask = -1;
    if (lastLanes < lane.width()) {
      mask = code.allocateLocal(TypeKind.REFERENCE);
      lane.mask(code, code::iconst_0, () -> code.loadConstant(lastLanes));
      code.astore(mask);
    }
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        sums[r][v] = code.allocateLocal(TypeKind.REFERENCE);
        if (startRow < 0) {
          lane.species(code);
          code.invokestatic(
              Lane.Vector.FLOAT_VECTOR, "zero", MethodTypeDesc.of(Lane.Vector.FLOAT_VECTOR, Lane.Vector.SPECIES));
        } else {
          int at = r * startRow + v * lane.width();
          lane.load(code, () -> code.aload(6).iload(7).loadConstant(at).iadd(), maskOf(v, mask));
        }
        code.astore(sums[r][v]);
      }
    }
    int k = code.allocateLocal(TypeKind.INT);
    int[] columns = new int[vectors];
    for (int v = 0; v < vectors; v++) {
      columns[v] = code.allocateLocal(TypeKind.REFERENCE);
    }
    int factor = code.allocateLocal(TypeKind.REFERENCE);
    var loop = code.newLabel();
    var done = code.newLabel();
    code.iconst_0().istore(k);
    code.labelBinding(loop).iload(k);
    if (terms > 0) {
      code.loadConstant(terms);
    } else {
      code.iload(8);
    }
    code.if_icmpge(done);
    for (int v = 0; v < vectors; v++) {
      int at = v * lane.width();
      lane.load(
          code, () -> code.aload(2).iload(3).iload(k).loadConstant(panel).imul().iadd().loadConstant(at).iadd(), -1);
      code.astore(columns[v]);
    }
    for (int r = 0; r < rows; r++) {
      lane.species(code);
      code.aload(0).iload(1).iload(k);
      if (aTerm != 1) {
        code.loadConstant(aTerm).imul();
      }
      code.iadd().loadConstant(r * aRow).iadd().faload();
      code.invokestatic(
          Lane.Vector.FLOAT_VECTOR,
          "broadcast",
          MethodTypeDesc.of(Lane.Vector.FLOAT_VECTOR, Lane.Vector.SPECIES, ConstantDescs.CD_float));
      code.astore(factor);
      for (int v = 0; v < vectors; v++) {
        code.aload(columns[v]).aload(factor).aload(sums[r][v]);
        lane.fma(code);
        code.astore(sums[r][v]);
      }
    }
    code.iinc(k, 1).goto_(loop).labelBinding(done);
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        int at = r * cRow + v * lane.width();
        lane.store(code, sums[r][v], () -> code.aload(4).iload(5).loadConstant(at).iadd(), maskOf(v, mask));
      }
    }
    code.return_();
  }

  private int maskOf(int vector, int mask) {
    return vector == vectors - 1 ? mask : -1;
  }

  static ClassDesc self(Class<?> kernel) {
    return ClassDesc.of(TileEmitter.class.getPackageName(), kernel.getSimpleName() + "Code");
  }
}

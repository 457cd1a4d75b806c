package io.carousel.compile;

import io.carousel.kernel.Kernels;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits products whose sizes depend on B or T: the register tiles of {@link TileEmitter}, with the strides as
 * arguments. One class serves all products with panels of one width.
 *
 * @param tile the shape of the tile
 */
record BatchEmitter(Tile tile) {
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int,
          Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int,
          ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int);

  /** The arguments of a tile: those of the kernel but the number of rows. */
  private static final MethodTypeDesc TILE = RUN.dropParameterTypes(9, 10);

  BatchKernel kernel(Kernels kernels) {
    return ClassMaker.kernel(
        BatchKernel.class, kernels.bits() + " " + this, builder -> emit(builder, new Lane.Vector(kernels.bits())));
  }

  private void emit(ClassBuilder builder, Lane.Vector lane) {
    for (int rows = 1; rows <= tile.rows(); rows++) {
      int height = rows;
      builder.withMethodBody("tile" + rows, TILE, ClassFile.ACC_STATIC, code -> tile(code, lane, height, false));
      builder.withMethodBody("part" + rows, TILE, ClassFile.ACC_STATIC, code -> tile(code, lane, height, true));
    }
    builder.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::rows);
  }

  /** All rows, in tiles as even as may be. */
  private void rows(CodeBuilder code) {
    int left = 10;
    int height = code.allocateLocal(TypeKind.INT);
    var loop = code.newLabel();
    var done = code.newLabel();
    code.labelBinding(loop).iload(left).ifle(done);
    // height = ⌈left / ⌈left / tile rows⌉⌉
    code.iload(left).loadConstant(tile.rows() - 1).iadd().loadConstant(tile.rows()).idiv().istore(height);
    code.iload(left).iload(height).iadd().iconst_1().isub().iload(height).idiv().istore(height);
    var next = code.newLabel();
    var part = code.newLabel();
    code.iload(12).loadConstant(tile.panel()).if_icmplt(part);
    tiles(code, "tile", height, next);
    code.labelBinding(part);
    tiles(code, "part", height, next);
    code.labelBinding(next);
    code.iload(2).iload(height).iload(3).imul().iadd().istore(2);
    code.iload(8).iload(height).iload(9).imul().iadd().istore(8);
    code.iload(left).iload(height).isub().istore(left);
    code.goto_(loop).labelBinding(done).return_();
  }

  private void tiles(CodeBuilder code, String name, int height, java.lang.classfile.Label next) {
    for (int h = 1; h <= tile.rows(); h++) {
      var other = code.newLabel();
      code.iload(height).loadConstant(h).if_icmpne(other);
      code.aload(1).iload(2).iload(3).iload(4).aload(5).iload(6).aload(7).iload(8).iload(9).iload(11).iload(12);
      code.invokestatic(TileEmitter.self(BatchKernel.class), name + h, TILE);
      code.goto_(next).labelBinding(other);
    }
    code.goto_(next);
  }

  /** One tile; of a part the columns beyond the last are computed, since b has zeros there, but not stored. */
  private void tile(CodeBuilder code, Lane.Vector lane, int rows, boolean part) {
    int[][] sums = new int[rows][tile.vectors()];
    int[] aAt = new int[rows];
    for (int r = 0; r < rows; r++) {
      aAt[r] = code.allocateLocal(TypeKind.INT);
      code.iload(1).loadConstant(r).iload(2).imul().iadd().istore(aAt[r]);
      for (int v = 0; v < tile.vectors(); v++) {
        sums[r][v] = code.allocateLocal(TypeKind.REFERENCE);
        lane.constant(code, 0f);
        code.astore(sums[r][v]);
      }
    }
    int[] columns = new int[tile.vectors()];
    for (int v = 0; v < columns.length; v++) {
      columns[v] = code.allocateLocal(TypeKind.REFERENCE);
    }
    int k = code.allocateLocal(TypeKind.INT);
    int term = code.allocateLocal(TypeKind.INT); // k · aTerm
    int factor = code.allocateLocal(TypeKind.REFERENCE);
    var loop = code.newLabel();
    var done = code.newLabel();
    code.iconst_0().istore(k).iconst_0().istore(term);
    code.labelBinding(loop).iload(k).iload(9).if_icmpge(done);
    for (int v = 0; v < columns.length; v++) {
      int at = v * lane.width();
      lane.load(
          code,
          () -> code.aload(4).iload(5).iload(k).loadConstant(tile.panel()).imul().iadd().loadConstant(at).iadd(), -1);
      code.astore(columns[v]);
    }
    for (int r = 0; r < rows; r++) {
      code.aload(0).iload(aAt[r]).iload(term).iadd();
      lane.loadOne(code);
      code.astore(factor);
      for (int v = 0; v < columns.length; v++) {
        code.aload(columns[v]).aload(factor).aload(sums[r][v]);
        lane.fma(code);
        code.astore(sums[r][v]);
      }
    }
    code.iload(term).iload(3).iadd().istore(term);
    code.iinc(k, 1).goto_(loop).labelBinding(done);
    for (int v = 0; v < columns.length; v++) {
      int at = v * lane.width();
      int mask = -1;
      if (part) {
        mask = code.allocateLocal(TypeKind.REFERENCE);
        lane.mask(code, () -> code.loadConstant(at), () -> code.iload(10));
        code.astore(mask);
      }
      for (int r = 0; r < rows; r++) {
        int row = r;
        lane.store(
            code, sums[r][v],
            () -> code.aload(6).iload(7).loadConstant(row).iload(8).imul().iadd().loadConstant(at).iadd(), mask);
      }
    }
    code.return_();
  }
}

package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.kernel.Panels;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits a product of rows with a packed matrix, all sizes and strides but the number of rows being
 * constants of the code.
 *
 * @param lines K, the lines of the matrix
 * @param depth the terms added to each sum: K, or fewer if the product is done in blocks of lines
 * @param columns N
 * @param aRow step from row to row in a
 * @param cRow step from row to row in c
 * @param startRow step from row to row in what the sums start from (0: the same for all), or −1
 */
record ProductEmitter(int lines, int depth, int columns, int aRow, int cRow, int startRow) {

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS,
          ConstantDescs.CD_int, Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int,
          ConstantDescs.CD_int);

  ProductKernel kernel(Kernels kernels) {
    if (!kernels.isVector()) {
      return new ScalarProduct(this, Tile.product(columns, kernels).panel());
    }
    return ClassMaker.kernel(ProductKernel.class, kernels.bits() + " " + this, builder -> emit(builder, kernels));
  }

  private void emit(ClassBuilder builder, Kernels kernels) {
    Tile tile = Tile.product(columns, kernels);
    ClassDesc self = TileEmitter.self(ProductKernel.class);
    int panel = tile.panel();
    int panels = Panels.count(columns, panel);
    int last = columns - (panels - 1) * panel; // columns of the last panel
    boolean partial = last < panel;
    Lane.Vector lane = new Lane.Vector(kernels.bits());
    for (int rows = 1; rows <= tile.rows(); rows++) {
      int height = rows;
      if (panels > 1 || !partial) {
        builder.withMethodBody(
            "tile" + rows, TileEmitter.TYPE, ClassFile.ACC_STATIC,
            code -> new TileEmitter(
                lane, height, tile.vectors(), lane.width(), panel, aRow, 1, cRow, startRow, depth).emit(code));
      }
      if (partial) {
        int vectors = (last + lane.width() - 1) / lane.width();
        int lanes = last - (vectors - 1) * lane.width();
        builder.withMethodBody(
            "last" + rows, TileEmitter.TYPE, ClassFile.ACC_STATIC,
            code -> new TileEmitter(
                lane, height, vectors, lanes, panel, aRow, 1, cRow, startRow, depth).emit(code));
      }
    }
    int whole = partial ? panels - 1 : panels;
    builder.withMethodBody(
        "run", RUN, ClassFile.ACC_PUBLIC,
        code -> {
          code.iload(4).iload(10).loadConstant(lines * panel).imul().iadd().istore(4);
          code.iload(6).iload(10).loadConstant(panel).imul().iadd().istore(6);
          code.iload(8).iload(10).loadConstant(panel).imul().iadd().istore(8);
          if (whole > 0) {
            var loop = code.newLabel();
            var done = code.newLabel();
            code.labelBinding(loop).iload(10).iload(11).if_icmpge(done);
            if (partial) {
              code.iload(10).loadConstant(whole).if_icmpge(done);
            }
            rows(code, self, "tile", tile);
            code.iload(4).loadConstant(lines * panel).iadd().istore(4);
            code.iload(6).loadConstant(panel).iadd().istore(6);
            code.iload(8).loadConstant(panel).iadd().istore(8);
            code.iinc(10, 1).goto_(loop).labelBinding(done);
          }
          if (partial) {
            var none = code.newLabel();
            code.iload(10).iload(11).if_icmpge(none);
            rows(code, self, "last", tile);
            code.labelBinding(none);
          }
          code.return_();
        });
  }

  /** All rows of one panel, in tiles as even as may be. */
  private void rows(CodeBuilder code, ClassDesc self, String name, Tile tile) {
    int row = code.allocateLocal(TypeKind.INT);
    int left = code.allocateLocal(TypeKind.INT);
    int height = code.allocateLocal(TypeKind.INT);
    var loop = code.newLabel();
    var done = code.newLabel();
    code.iconst_0().istore(row).iload(9).istore(left);
    code.labelBinding(loop).iload(left).ifle(done);
    // height = ⌈left / ⌈left / tile rows⌉⌉
    code.iload(left).loadConstant(tile.rows() - 1).iadd().loadConstant(tile.rows()).idiv().istore(height);
    code.iload(left).iload(height).iadd().iconst_1().isub().iload(height).idiv().istore(height);
    var next = code.newLabel();
    for (int h = 1; h <= tile.rows(); h++) {
      var other = code.newLabel();
      code.iload(height).loadConstant(h).if_icmpne(other);
      code.aload(1).iload(2).iload(row).loadConstant(aRow).imul().iadd();
      code.aload(3).iload(4);
      code.aload(5).iload(6).iload(row).loadConstant(cRow).imul().iadd();
      code.aload(7).iload(8).iload(row).loadConstant(Math.max(startRow, 0)).imul().iadd();
      code.iconst_0().invokestatic(self, name + h, TileEmitter.TYPE);
      code.goto_(next).labelBinding(other);
    }
    code.labelBinding(next);
    code.iload(row).iload(height).iadd().istore(row);
    code.iload(left).iload(height).isub().istore(left);
    code.goto_(loop).labelBinding(done);
  }

  /** The same without vectors: the inner loop runs over columns, which the JIT may do in vectors. */
  private record ScalarProduct(ProductEmitter sizes, int panel) implements ProductKernel {
    @Override
    public void run(
        float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, float[] init, int initOffset,
        int rows, int from, int to) {
      for (int p = from; p < to; p++) {
        int n = Math.min(panel, sizes.columns - p * panel);
        for (int r = 0; r < rows; r++) {
          int out = cOffset + r * sizes.cRow + p * panel;
          int start = initOffset + r * Math.max(sizes.startRow, 0) + p * panel;
          for (int j = 0; j < n; j++) {
            c[out + j] = sizes.startRow < 0 ? 0f : init[start + j];
          }
          for (int k = 0; k < sizes.depth; k++) {
            line(a[aOffset + r * sizes.aRow + k], b, bOffset + (p * sizes.lines + k) * panel, c, out, n);
          }
        }
      }
    }

    private static void line(float a, float[] b, int in, float[] c, int out, int n) {
      for (int j = 0; j < n; j++) {
        c[out + j] = Math.fma(a, b[in + j], c[out + j]);
      }
    }
  }
}

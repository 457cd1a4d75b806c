package io.carousel.compile;

import io.carousel.kernel.Kernels;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits the tiles of aᵀ·b, the sum over rows of outer products.
 *
 * @param lines K, the columns of a and lines of the result
 * @param columns N, the columns of b and of the result
 * @param aRow step from row to row in a
 */
record ContractEmitter(int lines, int columns, int aRow) {

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS, ConstantDescs.CD_int, Lane.FLOATS,
          ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int);

  ContractKernel kernel(Kernels kernels) {
    if (!kernels.isVector()) {
      return new ScalarContract(this, Tile.contract(columns, kernels).panel());
    }
    return ClassMaker.kernel(ContractKernel.class, kernels.bits() + " " + this, builder -> emit(builder, kernels));
  }

  private void emit(ClassBuilder builder, Kernels kernels) {
    Tile tile = Tile.contract(columns, kernels);
    Lane.Vector lane = new Lane.Vector(kernels.bits());
    int[] heights = heights(tile.rows());
    int[] widths = widths(tile.panel());
    for (int height : heights) {
      for (int width : widths) {
        int vectors = (width + lane.width() - 1) / lane.width();
        int lanes = width - (vectors - 1) * lane.width();
        builder.withMethodBody(
            "tile" + height + "x" + width, TileEmitter.TYPE, ClassFile.ACC_STATIC,
            code -> new TileEmitter(
                lane, height, vectors, lanes, tile.panel(), 1, aRow, columns, columns, 0).emit(code));
      }
    }
    builder.withMethodBody(
        "run", RUN, ClassFile.ACC_PUBLIC,
        code -> {
          for (int height : heights) {
            for (int width : widths) {
              var other = code.newLabel();
              code.iload(8).loadConstant(height).if_icmpne(other);
              code.iload(9).loadConstant(width).if_icmpne(other);
              code.aload(1).iload(2).aload(3).iload(4).aload(5).iload(6).aload(5).iload(6).iload(7);
              code.invokestatic(TileEmitter.self(ContractKernel.class), "tile" + height + "x" + width, TileEmitter.TYPE);
              code.return_().labelBinding(other);
            }
          }
          code.return_();
        });
  }

  private int[] heights(int full) {
    return sizes(lines, full);
  }

  private int[] widths(int full) {
    return sizes(columns, full);
  }

  /** The sizes of pieces when {@code n} is cut in pieces of {@code full}. */
  private static int[] sizes(int n, int full) {
    return n % full == 0 ? new int[] {full} : n < full ? new int[] {n} : new int[] {full, n % full};
  }

  /** The same without vectors. */
  private record ScalarContract(ContractEmitter sizes, int panel) implements ContractKernel {
    @Override
    public void run(
        float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, int rows, int lines, int columns) {
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < lines; i++) {
          line(
              a[aOffset + row * sizes.aRow + i], b, bOffset + row * panel, c, cOffset + i * sizes.columns, columns);
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

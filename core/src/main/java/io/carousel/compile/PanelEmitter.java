package io.carousel.compile;

import io.carousel.kernel.Kernels;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/**
 * Emits what brings rows into panels. It takes emitted code because the JIT makes no vectors of loops as
 * short as a panel is wide.
 *
 * @param columns N, the columns of the matrix
 * @param row step from row to row in it
 */
record PanelEmitter(int columns, int row) {
  private static final MethodTypeDesc PACK =
      MethodTypeDesc.of(
          ConstantDescs.CD_void,
          Lane.FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int,
          Lane.FLOATS, ConstantDescs.CD_int);

  PanelKernel kernel(Kernels kernels) {
    Tile tile = Tile.contract(columns, kernels);
    if (!kernels.isVector()) {
      return new ScalarPanels(this, tile.panel());
    }
    return ClassMaker.kernel(
        PanelKernel.class, kernels.bits() + " " + this,
        builder -> emit(builder, tile, new Lane.Vector(kernels.bits())));
  }

  /** The columns of the last panel. */
  private int narrow(int panel) {
    return columns - (columns - 1) / panel * panel;
  }

  private void emit(ClassBuilder builder, Tile tile, Lane.Vector lane) {
    builder.withMethodBody("pack", PACK, ClassFile.ACC_PUBLIC, code -> pack(code, tile, lane));
  }

  private void pack(CodeBuilder code, Tile tile, Lane.Vector lane) {
    int r = code.allocateLocal(TypeKind.INT);
    int p = code.allocateLocal(TypeKind.INT);
    int in = code.allocateLocal(TypeKind.INT);
    int out = code.allocateLocal(TypeKind.INT);
    int whole = code.allocateLocal(TypeKind.INT);
    int mask = narrow(tile.panel()) % lane.width() == 0 ? -1 : mask(code, tile, lane);
    code.iload(4).iload(5).isub().istore(whole);
    var rows = code.newLabel();
    var end = code.newLabel();
    code.iconst_0().istore(r);
    code.labelBinding(rows).iload(r).iload(3).if_icmpge(end);
    code.iload(2).iload(r).loadConstant(row).imul().iadd().istore(in);
    code.iload(r).loadConstant(tile.panel()).imul().istore(out);
    var panels = code.newLabel();
    var rest = code.newLabel();
    code.iconst_0().istore(p);
    code.labelBinding(panels).iload(p).iload(whole).if_icmpge(rest);
    copy(code, lane, in, out, tile.panel(), -1);
    code.iload(in).loadConstant(tile.panel()).iadd().istore(in);
    code.iload(out).iload(7).iadd().istore(out);
    code.iinc(p, 1).goto_(panels).labelBinding(rest);
    var next = code.newLabel();
    code.iload(5).ifeq(next);
    copy(code, lane, in, out, narrow(tile.panel()), mask);
    code.labelBinding(next).iinc(r, 1).goto_(rows).labelBinding(end).return_();
  }

  private static void copy(CodeBuilder code, Lane.Vector lane, int in, int out, int width, int mask) {
    for (int from = 0; from < width; from += lane.width()) {
      int at = from;
      int own = from + lane.width() > width ? mask : -1;
      lane.load(code, () -> code.aload(1).iload(in).loadConstant(at).iadd(), own);
      int value = code.allocateLocal(TypeKind.REFERENCE);
      code.astore(value);
      lane.store(code, value, () -> code.aload(6).iload(out).loadConstant(at).iadd(), own);
    }
  }

  private int mask(CodeBuilder code, Tile tile, Lane.Vector lane) {
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    lane.mask(code, code::iconst_0, () -> code.loadConstant(narrow(tile.panel()) % lane.width()));
    code.astore(mask);
    return mask;
  }

  /** The same without vectors. */
  private record ScalarPanels(PanelEmitter sizes, int width) implements PanelKernel {
    @Override
    public void pack(float[] b, int bOffset, int rows, int panels, int last, float[] out, int step) {
      for (int r = 0; r < rows; r++) {
        for (int p = 0; p < panels; p++) {
          int n = last == 1 && p == panels - 1 ? sizes.narrow(width) : width;
          System.arraycopy(b, bOffset + r * sizes.row + p * width, out, p * step + r * width, n);
        }
      }
    }
  }
}

package io.carousel.compile;

import io.carousel.compile.Lane.Compare;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Printer;
import io.carousel.expr.Simplify;
import io.carousel.kernel.Kernels;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Emits a fused elementwise loop.
 *
 * <p>The operands that vary along a row are loaded a vector at a time, the others once a row. What
 * is left over at the end of the rows is a second, masked pass, which is not emitted where the width
 * is a multiple of the vector's. All loads come before all stores, so that an output may lie on an
 * input. A sum with a product is one {@code fma} where nobody else takes the product.
 */
final class MapEmitter {
  private static final ClassDesc FLOATS = Lane.FLOATS;
  private static final ClassDesc INTS = ConstantDescs.CD_int.arrayType();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          ConstantDescs.CD_void, FLOATS.arrayType(), INTS, INTS, ConstantDescs.CD_int, ConstantDescs.CD_int);

  private final MapBody body;
  private final Lane lane;
  private final Map<Expr, Integer> uses;

  private MapEmitter(MapBody body, Lane lane) {
    this.body = body;
    this.lane = lane;
    this.uses = Graph.uses(body.roots());
  }

  /**
   * What one elementwise loop computes.
   *
   * @param varies for each input, whether it varies along a row (step 1) or not (step 0)
   * @param roots elementwise expressions over the placeholders {@code element0 …}, one an output
   * @param width the elements of a row, or 0 if that is known only at run time
   */
  record MapBody(List<Boolean> varies, List<Expr> roots, int width) {
    String key() {
      return varies + " width " + width + "\n" + Printer.print(roots);
    }
  }

  /** The kernel for a loop body. */
  static MapKernel kernel(MapBody body, Kernels kernels) {
    return ClassMaker.kernel(
        MapKernel.class,
        kernels.bits() + " " + body.key(),
        builder -> new MapEmitter(body, Lane.of(kernels)).emit(builder));
  }

  private void emit(ClassBuilder builder) {
    ClassDesc self = ClassDesc.of(MapEmitter.class.getPackageName(), "MapKernelCode");
    boolean tail = lane.width() > 1 && (body.width() == 0 || body.width() % lane.width() != 0);
    boolean main = body.width() == 0 || body.width() >= lane.width();
    builder.withMethodBody(
        "run",
        RUN,
        ClassFile.ACC_PUBLIC,
        code -> {
          if (main) {
            pass(code, self, "main");
          }
          if (tail) {
            pass(code, self, "tail");
          }
          code.return_();
        });
    if (main) {
      builder.withMethodBody("main", RUN, ClassFile.ACC_STATIC, code -> loop(code, false));
    }
    if (tail) {
      builder.withMethodBody("tail", RUN, ClassFile.ACC_STATIC, code -> loop(code, true));
    }
  }

  private static void pass(CodeBuilder code, ClassDesc self, String method) {
    code.aload(1).aload(2).aload(3).iload(4).iload(5).invokestatic(self, method, RUN);
  }

  /** One pass over all rows: whole vectors, or what is left over of each row. */
  private void loop(CodeBuilder code, boolean tail) {
    int operands = body.varies().size() + body.roots().size();
    int[] arrays = new int[operands];
    int[] offsets = new int[operands];
    int[] strides = new int[operands];
    for (int k = 0; k < operands; k++) {
      arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
      offsets[k] = code.allocateLocal(TypeKind.INT);
      strides[k] = code.allocateLocal(TypeKind.INT);
      code.aload(0).loadConstant(k).aaload().astore(arrays[k]);
      code.aload(1).loadConstant(k).iaload().istore(offsets[k]);
      code.aload(2).loadConstant(k).iaload().istore(strides[k]);
    }
    int width = 4;
    if (body.width() > 0) {
      code.loadConstant(body.width()).istore(width);
    }
    int i = code.allocateLocal(TypeKind.INT);
    int mask = -1;
    if (tail) {
      code.iload(width).iload(width).loadConstant(lane.width()).irem().isub().istore(i);
      var none = code.newLabel();
      code.iload(i).iload(width).if_icmplt(none).return_().labelBinding(none);
      mask = code.allocateLocal(TypeKind.REFERENCE);
      ((Lane.Vector) lane).mask(code, () -> code.iload(i), () -> code.iload(width));
      code.astore(mask);
    }
    var rowLoop = code.newLabel();
    var rowsDone = code.newLabel();
    code.labelBinding(rowLoop).iload(3).ifle(rowsDone);
    Map<Integer, Integer> once = new HashMap<>();
    for (int k = 0; k < body.varies().size(); k++) {
      if (!body.varies().get(k)) {
        code.aload(arrays[k]).iload(offsets[k]);
        lane.loadOne(code);
        int slot = code.allocateLocal(lane.kind());
        code.storeLocal(lane.kind(), slot);
        once.put(k, slot);
      }
    }
    if (tail) {
      step(code, arrays, offsets, i, mask, once);
    } else {
      var loop = code.newLabel();
      var done = code.newLabel();
      code.iconst_0().istore(i);
      code.labelBinding(loop);
      code.iload(i).iload(width).loadConstant(lane.width()).isub().if_icmpgt(done);
      step(code, arrays, offsets, i, -1, once);
      code.iinc(i, lane.width()).goto_(loop).labelBinding(done);
    }
    for (int k = 0; k < operands; k++) {
      code.iload(offsets[k]).iload(strides[k]).iadd().istore(offsets[k]);
    }
    code.iinc(3, -1).goto_w(rowLoop).labelBinding(rowsDone).return_();
  }

  private void step(CodeBuilder code, int[] arrays, int[] offsets, int i, int mask, Map<Integer, Integer> once) {
    Map<Expr, Integer> slots = new IdentityHashMap<>();
    Elementwise functions = new Elementwise(code, lane);
    List<Expr> order = Graph.topological(body.roots());
    for (Expr node : order) {
      if (node.op() instanceof Op.Placeholder p && Simplify.value(node) == null) {
        if (once.get(p.number()) instanceof Integer slot) {
          slots.put(node, slot);
        } else {
          int k = p.number();
          if (lane instanceof Lane.Vector vector) {
            vector.load(code, () -> code.aload(arrays[k]).iload(offsets[k]).iload(i).iadd(), mask);
          } else {
            code.aload(arrays[k]).iload(offsets[k]).iload(i).iadd();
            lane.load(code, mask);
          }
          slots.put(node, functions.keep());
        }
      }
    }
    for (Expr node : order) {
      if (node.op().isElementwise() && !isFused(node)) {
        value(code, functions, slots, node);
        slots.put(node, functions.keep());
      }
    }
    for (int r = 0; r < body.roots().size(); r++) {
      int k = body.varies().size() + r;
      Expr root = body.roots().get(r);
      Integer slot = slots.get(root);
      if (slot == null) {
        push(code, slots, root);
        slot = functions.keep();
      }
      lane.store(code, slot, () -> code.aload(arrays[k]).iload(offsets[k]).iload(i).iadd(), mask);
    }
  }

  private void value(CodeBuilder code, Elementwise functions, Map<Expr, Integer> slots, Expr node) {
    switch (node.op()) {
      case Op.Unary op -> {
        int x = slot(code, functions, slots, node.arg(0));
        switch (op) {
          case NEGATE -> {
            code.loadLocal(lane.kind(), x);
            lane.negate(code);
          }
          case ABS -> {
            code.loadLocal(lane.kind(), x);
            lane.abs(code);
          }
          case SQRT -> {
            code.loadLocal(lane.kind(), x);
            lane.sqrt(code);
          }
          case EXP -> functions.exp(x);
          case LOG -> functions.log(x);
          case TANH -> functions.tanh(x);
          case SIGMOID -> functions.sigmoid(x);
        }
      }
      case Op.Binary op -> {
        Lane.Operand a = () -> push(code, slots, node.arg(0));
        Lane.Operand b = () -> push(code, slots, node.arg(1));
        switch (op) {
          case ADD, SUBTRACT -> sum(code, slots, node, op == Op.Binary.SUBTRACT);
          case MULTIPLY -> arithmetic(code, a, b, "mul");
          case DIVIDE -> arithmetic(code, a, b, "div");
          case MAXIMUM, MINIMUM -> extreme(code, functions, slots, node, op == Op.Binary.MAXIMUM);
          case LESS -> lane.choose(code, Compare.LESS, a, b, number(code, 1), number(code, 0));
          case EQUAL -> lane.choose(code, Compare.EQUAL, a, b, number(code, 1), number(code, 0));
        }
      }
      case Op.Select s -> {
        Expr condition = node.arg(0);
        Lane.Operand a = () -> push(code, slots, node.arg(1));
        Lane.Operand b = () -> push(code, slots, node.arg(2));
        if (isFused(condition)) {
          lane.choose(
              code,
              condition.op() == Op.Binary.LESS ? Compare.LESS : Compare.EQUAL,
              () -> push(code, slots, condition.arg(0)),
              () -> push(code, slots, condition.arg(1)),
              a,
              b);
        } else {
          lane.choose(code, Compare.NOT_EQUAL, () -> push(code, slots, condition), number(code, 0), a, b);
        }
      }
      default -> throw new IllegalStateException("compile: " + node.op().word() + " is not elementwise");
    }
  }

  /** The larger or smaller of two; NaN if one of them is. A constant goes second, for it is none. */
  private void extreme(
      CodeBuilder code, Elementwise functions, Map<Expr, Integer> slots, Expr node, boolean larger) {
    boolean swap = Simplify.value(node.arg(0)) != null;
    Expr second = node.arg(swap ? 0 : 1);
    Lane.Operand a = () -> push(code, slots, node.arg(swap ? 1 : 0));
    Lane.Operand b = () -> push(code, slots, second);
    if (larger) {
      functions.maximum(a, b);
    } else {
      functions.minimum(a, b);
    }
    if (Simplify.value(second) == null) {
      int chosen = functions.keep();
      lane.choose(code, Compare.NOT_EQUAL, b, b, b, () -> code.loadLocal(lane.kind(), chosen));
    }
  }

  private void arithmetic(CodeBuilder code, Lane.Operand a, Lane.Operand b, String op) {
    a.push();
    b.push();
    lane.arithmetic(code, op);
  }

  private Lane.Operand number(CodeBuilder code, float value) {
    return () -> lane.constant(code, value);
  }

  private void sum(CodeBuilder code, Map<Expr, Integer> slots, Expr node, boolean minus) {
    Expr a = node.arg(0);
    Expr b = node.arg(1);
    if (isFused(b)) { // a ± x·y
      push(code, slots, b.arg(0));
      if (minus) {
        lane.negate(code);
      }
      push(code, slots, b.arg(1));
      push(code, slots, a);
      lane.fma(code);
    } else if (isFused(a)) { // x·y ± b
      push(code, slots, a.arg(0));
      push(code, slots, a.arg(1));
      push(code, slots, b);
      if (minus) {
        lane.negate(code);
      }
      lane.fma(code);
    } else {
      push(code, slots, a);
      push(code, slots, b);
      lane.arithmetic(code, minus ? "sub" : "add");
    }
  }

  /**
   * True for a node that exists only within its one user: a product in a sum, a comparison in a
   * selection. Of a sum of two products, the second is fused.
   */
  private boolean isFused(Expr node) {
    boolean product = node.op() == Op.Binary.MULTIPLY;
    boolean comparison = node.op() == Op.Binary.LESS || node.op() == Op.Binary.EQUAL;
    if ((!product && !comparison) || uses.getOrDefault(node, 0) != 1) {
      return false;
    }
    Expr user = users().get(node);
    if (user == null) {
      return false;
    }
    return comparison
        ? user.op() instanceof Op.Select && user.arg(0) == node
        : (user.op() == Op.Binary.ADD || user.op() == Op.Binary.SUBTRACT)
            && (user.arg(1) == node || !isFused(user.arg(1)));
  }

  private Map<Expr, Expr> users = Map.of();

  private Map<Expr, Expr> users() {
    if (users.isEmpty()) {
      users = new IdentityHashMap<>();
      for (Expr node : Graph.topological(body.roots())) {
        for (Expr arg : node.args()) {
          users.put(arg, node);
        }
      }
    }
    return users;
  }

  private int slot(CodeBuilder code, Elementwise functions, Map<Expr, Integer> slots, Expr node) {
    Integer slot = slots.get(node);
    if (slot == null) {
      push(code, slots, node);
      slot = functions.keep();
    }
    return slot;
  }

  private void push(CodeBuilder code, Map<Expr, Integer> slots, Expr node) {
    Integer slot = slots.get(node);
    if (slot != null) {
      code.loadLocal(lane.kind(), slot);
    } else if (Simplify.value(node) instanceof Double number) {
      lane.constant(code, number.floatValue());
    } else {
      throw new IllegalStateException("compile: " + node.op().word() + " has no value yet");
    }
  }
}

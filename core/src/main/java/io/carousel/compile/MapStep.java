package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a fused elementwise loop: collapses its axes to as few as may be, the last for the kernel's lanes. */
final class MapStep extends Step {
  /** What an element costs, in elements moved: a guess for an expression of average size. */
  private static final int OPERATION = 4;

  private final List<Place> places = new ArrayList<>();
  private final MapEmitter.MapBody body;
  private final Kernels kernels;
  private final MapKernel kernel;
  private @Nullable MapKernel anyWidth; // for parts of the columns
  /** The axes walked here, outermost first, as lists of the shape's axes; the last is the kernel's rows. */
  private final List<List<Integer>> axes = new ArrayList<>();
  /** The axes that the kernel's lanes run over. */
  private final List<Integer> lanes;
  private final boolean dynamic;
  private final Shape shape;

  private float[][] arrays = {};
  private int[][] steps = {}; // [axis][operand]
  private int[] sizes = {};
  private int[] laneSteps = {};
  private int width;
  private int[][] offsets = {}; // [thread][operand]

  MapStep(Stage.Elementwise stage, boolean inLoop, Kernels choice) {
    shape = stage.roots().getFirst().shape();
    kernels = isNarrow(shape) ? Kernels.scalar() : choice;
    for (View view : stage.inputs()) {
      places.add(place(view));
    }
    for (View view : stage.outputs()) {
      places.add(place(view));
    }
    List<List<Integer>> collapsed = collapse(inLoop);
    boolean last = !collapsed.isEmpty() && steady(collapsed.getLast(), stage.inputs().size());
    boolean fixed = last && shape.size(collapsed.getLast().getFirst()) > 0;
    dynamic = last && !fixed && (!inLoop || collapsed.size() > 1); // a loop gives rows, not parts of one
    lanes = fixed || dynamic ? collapsed.removeLast() : List.of();
    axes.addAll(collapsed);
    int staticWidth = 1;
    for (int axis : lanes) {
      staticWidth *= dynamic ? 0 : shape.size(axis);
    }
    List<Boolean> varies = new ArrayList<>();
    for (View view : stage.inputs()) {
      varies.add(!lanes.isEmpty() && !view.step(lanes.getLast()).equals(Extent.ZERO));
    }
    body = new MapEmitter.MapBody(varies, neutral(stage), staticWidth);
    kernel = MapEmitter.kernel(body, kernels);
  }

  /**
   * True for one number a row, such as a loss: too few for vectors to gain, and called so rarely that vector code
   * would stay in the interpreter, where it is thousands of times slower, for a hundred steps. The bits are the same.
   */
  private static boolean isNarrow(Shape shape) {
    int symbols = 0;
    for (int size : shape.sizes()) {
      if (size > 1) {
        return false;
      }
      symbols += size < 0 ? 1 : 0;
    }
    return symbols < 2;
  }

  /** Shapes do not matter to the kernel: all leaves get the same one, so that equal loops share code. */
  private static List<io.carousel.expr.Expr> neutral(Stage.Elementwise stage) {
    return io.carousel.expr.Graph.rewrite(
        stage.roots(),
        node ->
            node.op() instanceof io.carousel.expr.Op.Placeholder p
                ? io.carousel.expr.Expr.placeholder(p.role(), p.number(), Shape.SCALAR)
                : io.carousel.expr.Simplify.value(node) instanceof Double v
                    ? io.carousel.expr.Expr.constant(v)
                    : switch (node.op()) {
                      case io.carousel.expr.Op.Unary u -> io.carousel.expr.Expr.unary(u, node.arg(0));
                      case io.carousel.expr.Op.Binary b -> io.carousel.expr.Expr.binary(b, node.arg(0), node.arg(1));
                      case io.carousel.expr.Op.Select s ->
                          io.carousel.expr.Expr.select(node.arg(0), node.arg(1), node.arg(2));
                      default -> node;
                    });
  }

  /**
   * Neighboring axes, all fixed or all symbolic, that every operand walks as if they were one. In a loop
   * the rows stay alone, since a thread has some of them.
   */
  private List<List<Integer>> collapse(boolean inLoop) {
    List<List<Integer>> result = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.size(axis) == 1) {
        continue;
      }
      List<Integer> before = result.isEmpty() ? List.of() : result.getLast();
      boolean rows = inLoop && !before.isEmpty() && before.getFirst() == 0;
      if (!before.isEmpty() && !rows && joins(before.getLast(), axis)) {
        result.getLast().add(axis);
      } else {
        result.add(new ArrayList<>(List.of(axis)));
      }
    }
    return result;
  }

  private boolean joins(int first, int second) {
    if (shape.size(first) > 0 != shape.size(second) > 0) {
      return false;
    }
    for (Place place : places) {
      if (!place.view().step(first).equals(place.view().step(second).times(shape.size(second)))) {
        return false;
      }
    }
    return true;
  }

  private boolean steady(List<Integer> group, int inputs) {
    for (int k = 0; k < places.size(); k++) {
      Extent step = places.get(k).view().step(group.getLast());
      if (!step.equals(Extent.ONE) && (k >= inputs || !step.equals(Extent.ZERO))) {
        return false;
      }
    }
    return true;
  }

  @Override
  void bind(Binding binding) {
    int n = places.size();
    arrays = new float[n][];
    offsets = new int[binding.threads()][n];
    steps = new int[axes.size()][n];
    sizes = new int[axes.size()];
    laneSteps = new int[n];
    for (int k = 0; k < n; k++) {
      Place place = places.get(k);
      place.bind(binding);
      arrays[k] = place.array;
      for (int a = 0; a < axes.size(); a++) {
        steps[a][k] = place.steps[axes.get(a).getLast()];
      }
      laneSteps[k] = lanes.isEmpty() ? 0 : place.steps[lanes.getLast()];
    }
    int[] all = shape.bind(binding.batch(), binding.time());
    for (int a = 0; a < axes.size(); a++) {
      sizes[a] = product(all, axes.get(a));
    }
    width = lanes.isEmpty() ? 1 : product(all, lanes);
  }

  private static int product(int[] sizes, List<Integer> axes) {
    int product = 1;
    for (int axis : axes) {
      product *= sizes[axis];
    }
    return product;
  }

  @Override
  int extent() {
    return sizes.length > 0 ? sizes[0] : dynamic ? width : 1;
  }

  @Override
  long cost() {
    return (long) OPERATION * count(sizes, 0, sizes.length) * width;
  }

  @Override
  void run(Moment m, int from, int to) {
    int[] at = offsets[m.thread];
    for (int k = 0; k < at.length; k++) {
      at[k] = places.get(k).at(m);
    }
    if (sizes.length == 0) {
      move(at, laneSteps, dynamic ? from : 0);
      kernel.run(arrays, at, laneSteps, 1, dynamic ? to - from : width);
    } else {
      move(at, steps[0], from);
      walk(kernel, at, 0, to - from, width);
    }
  }

  @Override
  void shareColumns() {
    if (sizes.length > 0 && body.width() > 1) {
      anyWidth = MapEmitter.kernel(new MapEmitter.MapBody(body.varies(), body.roots(), 0), kernels);
    }
  }

  /** Columns are shared by whole cache lines. */
  @Override
  void runColumns(Moment m, int rows, int threads) {
    if (anyWidth == null) {
      super.runColumns(m, rows, threads);
      return;
    }
    int lines = (width + Layout.ALIGN - 1) / Layout.ALIGN;
    int from = lines * m.thread / threads * Layout.ALIGN;
    int to = Math.min(width, lines * (m.thread + 1) / threads * Layout.ALIGN);
    if (from < to) {
      int[] at = offsets[m.thread];
      for (int k = 0; k < at.length; k++) {
        at[k] = places.get(k).at(m) + from * laneSteps[k];
      }
      walk(anyWidth, at, 0, rows, to - from);
    }
  }

  private void walk(MapKernel code, int[] at, int axis, int count, int n) {
    if (axis == sizes.length - 1) {
      code.run(arrays, at, steps[axis], count, n);
      return;
    }
    for (int i = 0; i < count; i++) {
      walk(code, at, axis + 1, sizes[axis + 1], n);
      move(at, steps[axis], 1);
    }
    move(at, steps[axis], -count);
  }

  private static void move(int[] at, int[] steps, int by) {
    for (int k = 0; k < at.length; k++) {
      at[k] += by * steps[k];
    }
  }
}

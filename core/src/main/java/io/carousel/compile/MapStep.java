package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a fused elementwise loop: collapses its axes to as few as may be, the last for the kernel's lanes.
 *
 * <p>Sums over what it computes are made a few rows at a time, while these are in the nearest cache; roots that
 * are only summed are written to lines of the thread's own, again and again. Threads share the rows, and for sums
 * of columns the columns.
 */
final class MapStep extends Step {
  /** What an element costs, in elements moved: a guess for an expression of average size. */
  private static final int OPERATION = 4;

  /** The numbers of a root that are summed at a time. */
  private static final int BLOCK = 8192;

  /** Inputs, outputs and where sums go; null for roots that are only summed. */
  private final List<@Nullable Place> places = new ArrayList<>();
  private final int operands; // of the kernel: all places but those of sums
  private final List<Stage.Total> totals;
  private final int inputs;
  private final boolean columns; // sums of columns
  private final MapEmitter.MapBody body;
  private final Kernels kernels;
  private final MapKernel kernel;
  private final RowKernel rowKernel;
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
  private int[] rowSteps = {}; // of the kernel's rows
  private int[] laneSteps = {};
  private int width;
  private int line; // the step between the lines of a root that is only summed
  private int block; // rows that are summed at a time
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
    inputs = stage.inputs().size();
    operands = inputs + stage.roots().size();
    while (places.size() < operands) {
      places.add(null);
    }
    totals = stage.totals();
    totals.forEach(total -> places.add(place(total.out())));
    columns = !totals.isEmpty() && totals.getFirst().columns();
    rowKernel = RowEmitter.kernel(choice);
    List<List<Integer>> collapsed = collapse(inLoop);
    boolean last = !collapsed.isEmpty() && steady(collapsed.getLast());
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
    if (columns) {
      shareColumns();
    }
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
      boolean summed = !totals.isEmpty() && axis == shape.rank() - 1; // stays alone, for the sake of the others
      if (!before.isEmpty() && !rows && !summed && joins(before.getLast(), axis)) {
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
    for (Place place : columns ? places.subList(0, operands) : places) {
      if (place != null && !place.view().step(first).equals(place.view().step(second).times(shape.size(second)))) {
        return false;
      }
    }
    return true;
  }

  private boolean steady(List<Integer> group) {
    for (int k = 0; k < operands; k++) {
      Place place = places.get(k);
      Extent step = place == null ? Extent.ONE : place.view().step(group.getLast());
      if (!step.equals(Extent.ONE) && (k >= inputs || !step.equals(Extent.ZERO))) {
        return false;
      }
    }
    return true;
  }

  @Override
  void bind(Binding binding) {
    int[] all = shape.bind(binding.batch(), binding.time());
    sizes = new int[axes.size()];
    for (int a = 0; a < axes.size(); a++) {
      sizes[a] = product(all, axes.get(a));
    }
    width = lanes.isEmpty() ? 1 : product(all, lanes);
    line = Layout.aligned(width);
    block = Math.max(1, BLOCK / line);
    int n = places.size();
    arrays = new float[n][];
    offsets = new int[binding.threads()][n];
    steps = new int[axes.size()][n];
    laneSteps = new int[n];
    for (int k = 0; k < n; k++) {
      Place place = places.get(k);
      if (place == null) {
        arrays[k] = new float[binding.threads() * block * line];
        laneSteps[k] = 1;
        continue;
      }
      place.bind(binding);
      arrays[k] = place.array;
      for (int a = 0; a < axes.size(); a++) {
        steps[a][k] = columns && k >= operands ? 0 : place.steps[axes.get(a).getLast()];
      }
      laneSteps[k] = lanes.isEmpty() ? 0 : place.steps[lanes.getLast()];
    }
    rowSteps = axes.isEmpty() ? new int[n] : steps[axes.size() - 1].clone();
    for (int k = 0; k < n; k++) {
      if (places.get(k) == null) {
        rowSteps[k] = line;
      }
    }
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
    return columns ? lines() : sizes.length > 0 ? sizes[0] : dynamic ? width : 1;
  }

  /** Columns are shared by whole cache lines. */
  private int lines() {
    return (width + Layout.ALIGN - 1) / Layout.ALIGN;
  }

  @Override
  long cost() {
    return (long) OPERATION * count(sizes, 0, sizes.length) * width;
  }

  @Override
  void run(Moment m, int from, int to) {
    if (columns) {
      columns(m, sizes[0], from, to);
      return;
    }
    int[] at = start(m);
    if (sizes.length == 0) {
      move(at, laneSteps, dynamic ? from : 0);
      kernel.run(arrays, at, laneSteps, 1, dynamic ? to - from : width);
    } else {
      move(at, steps[0], from);
      walk(kernel, at, 0, to - from, width);
    }
  }

  /** Where a thread finds the operands. */
  private int[] start(Moment m) {
    int[] at = offsets[m.thread];
    for (int k = 0; k < at.length; k++) {
      Place place = places.get(k);
      at[k] = place == null ? m.thread * block * line : place.at(m);
    }
    return at;
  }

  @Override
  void shareColumns() {
    if (!axes.isEmpty() && body.width() > 1 && (columns || totals.isEmpty())) {
      anyWidth = MapEmitter.kernel(new MapEmitter.MapBody(body.varies(), body.roots(), 0), kernels);
    }
  }

  @Override
  void runColumns(Moment m, int rows, int threads) {
    if (anyWidth == null) {
      super.runColumns(m, rows, threads);
    } else {
      columns(m, rows, lines() * m.thread / threads, lines() * (m.thread + 1) / threads);
    }
  }

  /** All rows of some cache lines of columns. */
  private void columns(Moment m, int rows, int fromLine, int toLine) {
    int from = fromLine * Layout.ALIGN;
    int n = Math.min(width, toLine * Layout.ALIGN) - from;
    if (n > 0) {
      int[] at = start(m);
      for (int k = 0; k < at.length; k++) {
        at[k] += places.get(k) == null ? 0 : from * laneSteps[k];
        if (k >= operands) {
          Arrays.fill(arrays[k], at[k], at[k] + n, 0f);
        }
      }
      walk(n == width ? kernel : Objects.requireNonNull(anyWidth), at, 0, rows, n);
    }
  }

  private void walk(MapKernel code, int[] at, int axis, int count, int n) {
    if (axis < sizes.length - 1) {
      for (int i = 0; i < count; i++) {
        walk(code, at, axis + 1, sizes[axis + 1], n);
        move(at, steps[axis], 1);
      }
      move(at, steps[axis], -count);
    } else if (totals.isEmpty()) {
      code.run(arrays, at, rowSteps, count, n);
    } else {
      for (int row = 0; row < count; row += block) {
        int rows = Math.min(block, count - row);
        code.run(arrays, at, rowSteps, rows, n);
        for (int i = 0; i < totals.size(); i++) {
          sum(at, inputs + totals.get(i).root(), operands + i, rows, n);
        }
        move(at, steps[axis], rows);
      }
      move(at, steps[axis], -count);
    }
  }

  /** Sums some rows of a root that have just been computed. */
  private void sum(int[] at, int root, int out, int rows, int n) {
    if (columns) {
      rowKernel.addRows(arrays[root], at[root], rowSteps[root], rows, arrays[out], at[out], n);
      return;
    }
    for (int row = 0; row < rows; row++) {
      arrays[out][at[out] + row * rowSteps[out]] =
          rowKernel.sum(arrays[root], at[root] + row * rowSteps[root], n);
    }
  }

  private static void move(int[] at, int[] steps, int by) {
    for (int k = 0; k < at.length; k++) {
      at[k] += by * steps[k];
    }
  }
}

package io.carousel.compile;

import io.carousel.kernel.Kernels;
import io.carousel.kernel.Rows;
import java.util.Arrays;
import java.util.Objects;

/** Sums, maxima, and the functions of whole rows that are made of them. */
final class ReductionSteps {
  private ReductionSteps() {}

  /**
   * Sums over axes. If the last axis stays, rows are added up in order; if it goes, sixteen partial
   * sums and a fixed tree. Either way the order depends on nothing but the shape.
   */
  static final class Sum extends RowSteps.InOut {
    private final boolean[] reduced;
    private final boolean columns;
    private final int adjacent; // from this axis on all are reduced and lie together; the rank if there are others
    private final int split; // the axis that threads share: one that stays, or −1
    private final RowKernel kernel;
    private float[][] partial = {};

    Sum(Stage.Sum stage, Kernels kernels) {
      super(stage.in(), stage.out());
      kernel = RowEmitter.kernel(kernels);
      int rank = stage.in().shape().rank();
      reduced = new boolean[rank];
      for (int axis : stage.axes()) {
        reduced[axis] = true;
      }
      columns = rank > 1 && !reduced[rank - 1] && stage.in().step(-1).equals(Extent.ONE);
      int first = rank - stage.axes().size();
      adjacent = stage.axes().stream().allMatch(axis -> axis >= first) && liesTogether(stage.in(), first)
          ? first : rank;
      int kept = -1;
      for (int axis = rank - 1; axis >= 0; axis--) {
        if (!reduced[axis] && stage.in().shape().size(axis) != 1) {
          kept = axis;
        }
      }
      split = kept;
    }

    private static boolean liesTogether(View view, int first) {
      Extent step = Extent.ONE;
      for (int axis = view.shape().rank() - 1; axis >= first; axis--) {
        if (view.shape().size(axis) != 1 && !view.step(axis).equals(step)) {
          return false;
        }
        step = step.times(view.shape().size(axis));
      }
      return true;
    }

    @Override
    void bind(Binding binding) {
      super.bind(binding);
      partial = new float[binding.threads()][16];
    }

    @Override
    int extent() {
      return split < 0 ? 1 : out.sizes[split];
    }

    @Override
    void run(Moment m, int from, int to) {
      walk(m, 0, in.at(m), out.at(m), from, to);
    }

    /** Walks the axes that stay; the last of them, if its elements lie together, is summed as rows. */
    private void walk(Moment m, int axis, int inAt, int outAt, int from, int to) {
      int rank = in.sizes.length;
      if (columns && axis == rank - 1) {
        int first = split == axis ? from : 0;
        int n = (split == axis ? to : in.sizes[axis]) - first;
        Arrays.fill(out.array, outAt + first, outAt + first + n, 0f);
        rows(0, inAt + first, outAt + first, n);
      } else if (axis == rank) {
        Arrays.fill(partial[m.thread], 0f);
        elements(0, inAt, partial[m.thread], 0);
        out.array[outAt] = Rows.tree(partial[m.thread]);
      } else if (axis == adjacent) {
        out.array[outAt] = kernel.sum(in.array, inAt, count(in.sizes, axis, rank));
      } else if (reduced[axis]) {
        walk(m, axis + 1, inAt, outAt, from, to);
      } else {
        int first = split == axis ? from : 0;
        int last = split == axis ? to : in.sizes[axis];
        for (int i = first; i < last; i++) {
          walk(m, axis + 1, inAt + i * in.steps[axis], outAt + i * out.steps[axis], from, to);
        }
      }
    }

    private void rows(int axis, int inAt, int outAt, int n) {
      if (axis == in.sizes.length - 1) {
        Rows.add(in.array, inAt, out.array, outAt, n);
      } else if (!reduced[axis]) {
        rows(axis + 1, inAt, outAt, n);
      } else if (axis == in.sizes.length - 2) {
        kernel.addRows(in.array, inAt, in.steps[axis], in.sizes[axis], out.array, outAt, n);
      } else {
        for (int i = 0; i < in.sizes[axis]; i++) {
          rows(axis + 1, inAt + i * in.steps[axis], outAt, n);
        }
      }
    }

    /** Adds up all elements in order, the i-th to partial sum i mod 16; answers the next i. */
    private int elements(int axis, int inAt, float[] sums, int i) {
      if (axis == in.sizes.length) {
        sums[i & 15] += in.array[inAt];
        return i + 1;
      }
      if (!reduced[axis]) {
        return elements(axis + 1, inAt, sums, i);
      }
      int next = i;
      for (int j = 0; j < in.sizes[axis]; j++) {
        next = elements(axis + 1, inAt + j * in.steps[axis], sums, next);
      }
      return next;
    }
  }

  /** The largest along one axis: of rows, if their elements lie together, else element by element. */
  static final class Max extends RowSteps.InOut {
    private final int axis;
    private final boolean rows;
    private final boolean adjacent;
    private final RowKernel kernel;

    Max(Stage.Max stage, Kernels kernels) {
      super(stage.in(), stage.out());
      kernel = RowEmitter.kernel(kernels);
      axis = stage.axis();
      int last = stage.in().shape().rank() - 1;
      boolean together = stage.in().step(-1).equals(Extent.ONE);
      rows = axis < last && together && stage.out().step(-1).equals(Extent.ONE);
      adjacent = axis == last && together;
    }

    private int split() {
      return axis == 0 ? 1 : 0;
    }

    @Override
    int extent() {
      return out.sizes.length == 1 ? 1 : out.sizes[split()];
    }

    @Override
    void run(Moment m, int from, int to) {
      walk(0, in.at(m), out.at(m), from, to);
    }

    private void walk(int a, int inAt, int outAt, int from, int to) {
      boolean shared = a == split();
      if (a == in.sizes.length) {
        out.array[outAt] =
            adjacent ? kernel.max(in.array, inAt, in.sizes[axis])
                : Rows.max(in.array, inAt, in.steps[axis], in.sizes[axis]);
      } else if (a == axis) {
        walk(a + 1, inAt, outAt, from, to);
      } else if (rows && a == in.sizes.length - 1) {
        int first = shared ? from : 0;
        Rows.max(
            in.array, inAt + first, in.steps[axis], in.sizes[axis], out.array, outAt + first,
            (shared ? to : in.sizes[a]) - first);
      } else {
        for (int i = shared ? from : 0; i < (shared ? to : in.sizes[a]); i++) {
          walk(a + 1, inAt + i * in.steps[a], outAt + i * out.steps[a], from, to);
        }
      }
    }
  }

  /** A function of whole rows: softmax or log-sum-exp over the last axis. */
  static final class RowFunction extends RowSteps.InOut {
    private final Extent inStep;
    private final Extent outStep;
    private final boolean softmax;
    private final boolean inLoop;
    private final RowKernel kernel;
    private int inRow;
    private int outRow;

    RowFunction(View in, View out, boolean softmax, boolean inLoop, Kernels kernels) {
      super(in, out);
      inStep = Objects.requireNonNull(in.lineStep());
      outStep = Objects.requireNonNull(out.lineStep());
      this.softmax = softmax;
      this.inLoop = inLoop;
      kernel = RowEmitter.kernel(kernels);
    }

    @Override
    void bind(Binding binding) {
      super.bind(binding);
      inRow = binding.number(inStep);
      outRow = binding.number(outStep);
    }

    @Override
    int extent() {
      return count(in.sizes, 0, in.sizes.length - 1);
    }

    @Override
    void run(Moment m, int from, int to) {
      int unit = inLoop ? count(in.sizes, 1, in.sizes.length - 1) : 1;
      int n = in.sizes[in.sizes.length - 1];
      for (int r = from * unit; r < to * unit; r++) {
        int inAt = in.at(m) + r * inRow;
        int outAt = out.at(m) + r * outRow;
        if (softmax) {
          kernel.softmax(in.array, inAt, out.array, outAt, n);
        } else {
          out.array[outAt] = kernel.logSumExp(in.array, inAt, n);
        }
      }
    }
  }
}

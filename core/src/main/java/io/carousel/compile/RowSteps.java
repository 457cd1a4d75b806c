package io.carousel.compile;

import io.carousel.kernel.Rows;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Moves, tables and random numbers. */
final class RowSteps {
  private RowSteps() {}

  /** A step from one view to another. */
  abstract static class InOut extends Step {
    final Place in;
    final Place out;

    InOut(View in, View out) {
      this.in = place(in);
      this.out = place(out);
    }

    @Override
    void bind(Binding binding) {
      in.bind(binding);
      out.bind(binding);
    }

    @Override
    int extent() {
      return out.sizes.length == 0 ? 1 : out.sizes[0];
    }

    @Override
    long cost() {
      return count(in.sizes, 0, in.sizes.length);
    }
  }

  /** Copies elements, whatever their steps are. */
  static final class Copy extends InOut {
    Copy(Stage.Copy stage) {
      super(stage.in(), stage.out());
    }

    @Override
    void run(Moment m, int from, int to) {
      copy(in, in.at(m), out, out.at(m), from, to);
    }
  }

  /** Copies the positions {@code from} to {@code to} of the first axis. */
  static void copy(Step.Place in, int inAt, Step.Place out, int outAt, int from, int to) {
    if (out.sizes.length == 0) {
      out.array[outAt] = in.array[inAt];
      return;
    }
    walk(in, inAt + from * in.steps[0], out, outAt + from * out.steps[0], 0, to - from);
  }

  private static void walk(Step.Place in, int inAt, Step.Place out, int outAt, int axis, int count) {
    int inStep = in.steps[axis];
    int outStep = out.steps[axis];
    if (axis == out.sizes.length - 1) {
      if (inStep == 1 && outStep == 1) {
        System.arraycopy(in.array, inAt, out.array, outAt, count);
      } else {
        for (int i = 0; i < count; i++) {
          out.array[outAt + i * outStep] = in.array[inAt + i * inStep];
        }
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      walk(in, inAt + i * inStep, out, outAt + i * outStep, axis + 1, out.sizes[axis + 1]);
    }
  }

  /** The steps of each row in the opposite order within its length, zeros beyond. */
  static final class Flip extends InOut {
    private final Place lengths;

    Flip(Stage.Flip stage) {
      super(stage.in(), stage.out());
      lengths = place(stage.lengths());
    }

    @Override
    void bind(Binding binding) {
      super.bind(binding);
      lengths.bind(binding);
    }

    @Override
    void run(Moment m, int from, int to) {
      int steps = out.sizes[0];
      boolean wide = out.sizes.length > 2;
      int inBegin = in.at(m);
      int outBegin = out.at(m);
      int lengthsBegin = lengths.at(m);
      for (int t = from; t < to; t++) {
        for (int b = 0; b < out.sizes[1]; b++) {
          int length = lengths.ints[lengthsBegin + b];
          if (length < 0 || length > steps) {
            throw new IllegalArgumentException(
                "flip: lengths must be from 0 to " + steps + ", got " + length + " in row " + b);
          }
          int outAt = outBegin + t * out.steps[0] + b * out.steps[1];
          int inAt = inBegin + (length - 1 - t) * in.steps[0] + b * in.steps[1];
          if (!wide) {
            out.array[outAt] = t < length ? in.array[inAt] : 0f;
          } else if (t < length) {
            walk(in, inAt, out, outAt, 2, out.sizes[2]);
          } else {
            set(out, outAt, 0f, 2, out.sizes[2]);
          }
        }
      }
    }
  }

  /** Sets the positions {@code from} to {@code to} of the first axis. */
  static void fill(Step.Place out, int at, float value, int from, int to) {
    if (out.sizes.length == 0) {
      out.array[at] = value;
      return;
    }
    set(out, at + from * out.steps[0], value, 0, to - from);
  }

  private static void set(Step.Place out, int at, float value, int axis, int count) {
    int step = out.steps[axis];
    if (axis < out.sizes.length - 1) {
      for (int i = 0; i < count; i++) {
        set(out, at + i * step, value, axis + 1, out.sizes[axis + 1]);
      }
    } else if (step == 1) {
      Arrays.fill(out.array, at, at + count, value);
    } else {
      for (int i = 0; i < count; i++) {
        out.array[at + i * step] = value;
      }
    }
  }

  /** One number everywhere. */
  static final class Fill extends Step {
    private final Place out;
    private final float value;

    Fill(Stage.Fill stage) {
      out = place(stage.out());
      value = (float) stage.value();
    }

    @Override
    void bind(Binding binding) {
      out.bind(binding);
    }

    @Override
    int extent() {
      return out.sizes.length == 0 ? 1 : out.sizes[0];
    }

    @Override
    long cost() {
      return count(out.sizes, 0, out.sizes.length);
    }

    @Override
    void run(Moment m, int from, int to) {
      fill(out, out.at(m), value, from, to);
    }
  }

  /** Whole numbers as floats. */
  static final class Cast extends InOut {
    Cast(Stage.Cast stage) {
      super(stage.in(), stage.out());
    }

    @Override
    void run(Moment m, int from, int to) {
      int row = count(out.sizes, 1, out.sizes.length);
      for (int i = from * row; i < to * row; i++) {
        out.array[out.at(m) + i] = in.ints[in.at(m) + i];
      }
    }
  }

  /** max(0, ⌊(x + more) / by⌋) of whole numbers. */
  static final class Steps extends InOut {
    private final int more;
    private final int by;

    Steps(Stage.Steps stage) {
      super(stage.in(), stage.out());
      more = stage.more();
      by = stage.by();
    }

    @Override
    void run(Moment m, int from, int to) {
      int row = count(out.sizes, 1, out.sizes.length);
      for (int i = from * row; i < to * row; i++) {
        out.ints[out.at(m) + i] = Math.max(0, Math.floorDiv(in.ints[in.at(m) + i] + more, by));
      }
    }
  }

  /** 0, 1, 2 … along an axis. */
  static final class Index extends Step {
    private final Place out;
    private final int axis;

    Index(Stage.Index stage) {
      out = place(stage.out());
      axis = stage.axis();
    }

    @Override
    void bind(Binding binding) {
      out.bind(binding);
    }

    @Override
    int extent() {
      return 1;
    }

    @Override
    void run(Moment m, int from, int to) {
      for (int i = 0; i < out.sizes[axis]; i++) {
        out.array[out.at(m) + i] = i;
      }
    }
  }

  /** Rows of a table. */
  static final class Gather extends Step {
    private final Place table;
    private final Place indices;
    private final Place out;
    private final Extent tableStep;
    private final Extent outStep;
    private int tableRow;
    private int outRow;

    Gather(Stage.Gather stage) {
      table = place(stage.table());
      indices = place(stage.indices());
      out = place(stage.out());
      tableStep = java.util.Objects.requireNonNull(stage.table().lineStep());
      outStep = java.util.Objects.requireNonNull(stage.out().lineStep());
    }

    @Override
    void bind(Binding binding) {
      table.bind(binding);
      indices.bind(binding);
      out.bind(binding);
      tableRow = binding.number(tableStep);
      outRow = binding.number(outStep);
    }

    @Override
    int extent() {
      return count(indices.sizes, 0, indices.sizes.length);
    }

    @Override
    void run(Moment m, int from, int to) {
      Rows.gather(
          table.array, table.at(m), tableRow, table.sizes[0], indices.ints, indices.at(m), from, to, out.array,
          out.at(m), outRow, table.sizes[1]);
    }
  }

  /** Rows added up by index. */
  static final class ScatterAdd extends Step {
    private final Place indices;
    private final Place rows;
    private final Place out;
    private final Extent step;
    private int row;

    ScatterAdd(Stage.ScatterAdd stage) {
      indices = place(stage.indices());
      rows = place(stage.rows());
      out = place(stage.out());
      step = java.util.Objects.requireNonNull(stage.rows().lineStep());
    }

    @Override
    void bind(Binding binding) {
      indices.bind(binding);
      rows.bind(binding);
      out.bind(binding);
      row = binding.number(step);
    }

    @Override
    int extent() {
      return Rows.PARTS;
    }

    @Override
    void run(Moment m, int from, int to) {
      Rows.scatterAdd(
          indices.ints, indices.at(m), count(indices.sizes, 0, indices.sizes.length), rows.array, rows.at(m), row,
          out.array, out.at(m), out.sizes[0], out.sizes[1], from, to);
    }
  }

  /** One number of each row by index. */
  static final class Pick extends Step {
    private final Place in;
    private final Place indices;
    private final Place out;
    private final Extent step;
    private int row;

    Pick(Stage.Pick stage) {
      in = place(stage.in());
      indices = place(stage.indices());
      out = place(stage.out());
      step = java.util.Objects.requireNonNull(stage.in().lineStep());
    }

    @Override
    void bind(Binding binding) {
      in.bind(binding);
      indices.bind(binding);
      out.bind(binding);
      row = binding.number(step);
    }

    @Override
    int extent() {
      return count(indices.sizes, 0, indices.sizes.length);
    }

    @Override
    long cost() {
      return extent();
    }

    @Override
    void run(Moment m, int from, int to) {
      Rows.pick(
          in.array, in.at(m), row, in.sizes[in.sizes.length - 1], indices.ints, indices.at(m), from, to, out.array,
          out.at(m));
    }
  }

  /** Uniform numbers by place: see {@link io.carousel.expr.Op.Random}. */
  static final class Random extends Step {
    private final Place out;
    private final String stream;
    private final int timeAxis;
    private final int batchAxis;
    private final int lead; // the axes before the columns, or −1 if time and batch are not in front in this order
    private long key;

    Random(Stage.Random stage) {
      out = place(stage.out());
      stream = stage.stream();
      List<Integer> sizes = Arrays.stream(stage.out().shape().sizes()).boxed().toList();
      timeAxis = sizes.stream().filter(Shape::isTime).map(sizes::indexOf).findFirst().orElse(-1);
      batchAxis = sizes.indexOf(Shape.B);
      int front = Math.max(timeAxis, batchAxis) + 1;
      boolean inFront = front == (timeAxis < 0 ? 0 : 1) + (batchAxis < 0 ? 0 : 1);
      lead = inFront && (batchAxis < 0 || timeAxis < batchAxis) ? front : -1;
    }

    @Override
    void bind(Binding binding) {
      out.bind(binding);
      key(binding.key());
    }

    void key(long runKey) {
      key = CounterRandom.key(runKey, stream);
    }

    @Override
    int extent() {
      return count(out.sizes, 0, lead < 0 ? out.sizes.length : lead);
    }

    @Override
    void run(Moment m, int from, int to) {
      if (lead < 0) {
        for (int i = from; i < to; i++) {
          element(i, out.at(m) + i);
        }
        return;
      }
      int batch = batchAxis < 0 ? 1 : out.sizes[batchAxis];
      int n = count(out.sizes, lead, out.sizes.length);
      for (int place = from; place < to; place++) {
        Rows.uniform(key, place / batch, place % batch, out.array, out.at(m) + place * n, 0, n);
      }
    }

    /** The element {@code i} in row-major order, wherever time and batch are among the axes. */
    private void element(int i, int at) {
      int t = 0;
      int b = 0;
      int column = 0;
      int columns = 1;
      int rest = i;
      for (int axis = out.sizes.length - 1; axis >= 0; axis--) {
        int position = rest % out.sizes[axis];
        rest /= out.sizes[axis];
        if (axis == timeAxis) {
          t = position;
        } else if (axis == batchAxis) {
          b = position;
        } else {
          column += position * columns;
          columns *= out.sizes[axis];
        }
      }
      out.array[at] = CounterRandom.uniform(CounterRandom.key(CounterRandom.key(key, t), b), column);
    }
  }
}

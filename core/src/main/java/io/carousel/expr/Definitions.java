package io.carousel.expr;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What each operation means, on arrays of known size: the arithmetic of {@link Interpreter}.
 *
 * <p>Written to be read. Each result is said element by element, as a function of its place; sums
 * run in the order of the places.
 */
final class Definitions {
  private Definitions() {}

  /** Numbers and their sizes, slowest axis first. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Array(double[] data, int[] sizes) {

    /** An array whose element at each place is what {@code element} says. */
    static Array of(int[] sizes, ToDoubleFunction<int[]> element) {
      double[] data = new double[count(sizes)];
      for (int i = 0; i < data.length; i++) {
        data[i] = element.applyAsDouble(place(i, sizes));
      }
      return new Array(data, sizes);
    }

    static int count(int[] sizes) {
      int count = 1; // no stream: most of the interpreter's arrays are small
      for (int size : sizes) {
        count = Math.multiplyExact(count, size);
      }
      return count;
    }

    /** The place of the element that stands at {@code flat} in row-major order. */
    static int[] place(int flat, int[] sizes) {
      int[] place = new int[sizes.length];
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        place[axis] = flat % sizes[axis];
        flat /= sizes[axis];
      }
      return place;
    }

    int flat(int[] place) {
      int flat = 0;
      for (int axis = 0; axis < sizes.length; axis++) {
        flat = flat * sizes[axis] + place[axis];
      }
      return flat;
    }

    double at(int... place) {
      return data[flat(place)];
    }

    int rank() {
      return sizes.length;
    }

    /** The size of the last axis. */
    int width() {
      return sizes[sizes.length - 1];
    }

    /** The number of rows of {@link #width} elements. */
    int rows() {
      return count(Arrays.copyOf(sizes, sizes.length - 1));
    }
  }

  /** The result of an operation that is neither a leaf nor a scan nor a part of one. */
  static Array apply(Op op, List<Array> args, int[] sizes) {
    return switch (op) {
      case Op.Unary u -> elementwise(sizes, i -> unary(u, args.get(0).data[i]));
      case Op.Binary b -> elementwise(sizes, i -> binary(b, args.get(0).data[i], args.get(1).data[i]));
      case Op.Select s -> elementwise(sizes, i -> args.get(args.get(0).data[i] != 0 ? 1 : 2).data[i]);
      case Op.Cast c -> args.get(0);
      case Op.Steps s ->
          elementwise(sizes, i -> Math.max(0, Math.floor((args.get(0).data[i] + s.more()) / s.by())));
      case Op.Matmul m -> matmul(args.get(0), args.get(1), sizes);
      case Op.Contract c -> contract(args.get(0), args.get(1), sizes);
      case Op.BatchMatmul b -> batchMatmul(args.get(0), args.get(1), sizes);
      case Op.Reshape r -> new Array(args.get(0).data, sizes);
      case Op.Transpose t -> transpose(t, args.get(0), sizes);
      case Op.Slice s -> Array.of(sizes, p -> args.get(0).at(moved(p, s.axis(), s.from())));
      case Op.Pad p -> pad(p, args.get(0), sizes);
      case Op.Every e -> Array.of(sizes, p -> args.get(0).at(moved(p, e.axis(), p[e.axis()] * (e.by() - 1))));
      case Op.Spread s -> Array.of(sizes, p -> {
        int at = p[s.axis()];
        return at % s.by() != 0 ? 0 : args.get(0).at(moved(p, s.axis(), at / s.by() - at));
      });
      case Op.Derived d -> args.get(0);
      case Op.Flip f -> flip(args.get(0), args.get(1), sizes);
      case Op.Concat c -> concat(c, args, sizes);
      case Op.Broadcast b -> broadcast(args.get(0), sizes);
      case Op.Gather g -> gather(args.get(0), args.get(1), sizes);
      case Op.ScatterAdd s -> scatterAdd(args.get(0), args.get(1), sizes);
      case Op.Pick p -> pick(args.get(0), args.get(1), sizes);
      case Op.Sum s -> sum(s, args.get(0), sizes);
      case Op.Max m -> max(m, args.get(0), sizes);
      case Op.Softmax s -> softmax(args.get(0), sizes);
      case Op.LogSumExp l -> elementwise(sizes, row -> logSumExp(args.get(0), row));
      default -> throw new IllegalArgumentException("interpreter: " + op.word() + " is no operation on arrays");
    };
  }

  private interface Element {
    double at(int flat);
  }

  private static Array elementwise(int[] sizes, Element element) {
    double[] data = new double[Array.count(sizes)];
    for (int i = 0; i < data.length; i++) {
      data[i] = element.at(i);
    }
    return new Array(data, sizes);
  }

  private static double unary(Op.Unary op, double x) {
    return switch (op) {
      case NEGATE -> -x;
      case EXP -> StrictMath.exp(x);
      case LOG -> StrictMath.log(x);
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case SQRT -> StrictMath.sqrt(x);
      case ABS -> StrictMath.abs(x);
    };
  }

  private static double binary(Op.Binary op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MAXIMUM -> StrictMath.max(a, b);
      case MINIMUM -> StrictMath.min(a, b);
      case LESS -> a < b ? 1 : 0;
      case EQUAL -> a == b ? 1 : 0;
    };
  }

  // ---- products ----------------------------------------------------------------------------

  private static Array matmul(Array a, Array b, int[] sizes) {
    int depth = a.width();
    int width = b.width();
    Array result = new Array(new double[Array.count(sizes)], sizes);
    for (int row = 0; row < a.rows(); row++) {
      for (int n = 0; n < width; n++) {
        double sum = 0;
        for (int k = 0; k < depth; k++) {
          sum += a.data[row * depth + k] * b.data[k * width + n];
        }
        result.data[row * width + n] = sum;
      }
    }
    return result;
  }

  private static Array contract(Array a, Array b, int[] sizes) {
    Array result = new Array(new double[Array.count(sizes)], sizes);
    for (int row = 0; row < a.rows(); row++) {
      for (int k = 0; k < a.width(); k++) {
        for (int n = 0; n < b.width(); n++) {
          result.data[k * b.width() + n] += a.data[row * a.width() + k] * b.data[row * b.width() + n];
        }
      }
    }
    return result;
  }

  private static Array batchMatmul(Array a, Array b, int[] sizes) {
    int last = sizes.length - 1;
    return Array.of(
        sizes,
        place -> {
          int[] left = place.clone();
          int[] right = place.clone();
          double sum = 0;
          for (int k = 0; k < a.width(); k++) {
            left[last] = k;
            right[last - 1] = k;
            sum += a.at(left) * b.at(right);
          }
          return sum;
        });
  }

  // ---- movement ----------------------------------------------------------------------------

  private static int[] moved(int[] place, int axis, int by) {
    place[axis] += by;
    return place;
  }

  private static Array transpose(Op.Transpose op, Array x, int[] sizes) {
    return Array.of(
        sizes,
        place -> {
          int[] from = new int[place.length];
          for (int axis = 0; axis < place.length; axis++) {
            from[op.order().get(axis)] = place[axis];
          }
          return x.at(from);
        });
  }

  private static Array pad(Op.Pad op, Array x, int[] sizes) {
    return Array.of(
        sizes,
        place -> {
          int inner = place[op.axis()] - op.before();
          return inner < 0 || inner >= x.sizes[op.axis()] ? 0 : x.at(moved(place, op.axis(), -op.before()));
        });
  }

  private static Array flip(Array x, Array lengths, int[] sizes) {
    return Array.of(
        sizes,
        place -> {
          int length = (int) lengths.at(place[1]);
          if (length < 0 || length > sizes[0]) {
            throw new IllegalArgumentException(
                "flip: lengths must be from 0 to " + sizes[0] + ", got " + length + " for row " + place[1]);
          }
          return place[0] >= length ? 0 : x.at(moved(place, 0, length - 1 - 2 * place[0]));
        });
  }

  private static Array concat(Op.Concat op, List<Array> parts, int[] sizes) {
    return Array.of(
        sizes,
        place -> {
          int part = 0;
          while (place[op.axis()] >= parts.get(part).sizes[op.axis()]) {
            place[op.axis()] -= parts.get(part++).sizes[op.axis()];
          }
          return parts.get(part).at(place);
        });
  }

  private static Array broadcast(Array x, int[] sizes) {
    int extra = sizes.length - x.rank();
    return Array.of(
        sizes,
        place -> {
          int[] from = new int[x.rank()];
          for (int axis = 0; axis < from.length; axis++) {
            from[axis] = x.sizes[axis] == 1 ? 0 : place[extra + axis];
          }
          return x.at(from);
        });
  }

  // ---- tables ------------------------------------------------------------------------------

  private static Array gather(Array table, Array indices, int[] sizes) {
    int width = table.width();
    return elementwise(
        sizes, i -> table.data[row("gather", indices, i / width, table.sizes[0]) * width + i % width]);
  }

  private static Array scatterAdd(Array indices, Array rows, int[] sizes) {
    int width = rows.width();
    Array table = new Array(new double[Array.count(sizes)], sizes);
    for (int i = 0; i < rows.data.length; i++) {
      table.data[row("scatteradd", indices, i / width, sizes[0]) * width + i % width] += rows.data[i];
    }
    return table;
  }

  private static Array pick(Array x, Array indices, int[] sizes) {
    int width = x.width();
    return elementwise(
        sizes,
        i -> {
          int column = (int) indices.data[i];
          if (column < 0 || column >= width) {
            throw new IllegalArgumentException(
                "pick: indices must be at least 0 and below the row's " + width + " numbers, got " + column
                    + " at place " + Arrays.toString(Array.place(i, indices.sizes)));
          }
          return x.data[i * width + column];
        });
  }

  private static int row(String who, Array indices, int at, int rows) {
    int row = (int) indices.data[at];
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException(
          who + ": indices must be at least 0 and below the table's " + rows + " rows, got " + row + " at place "
              + Arrays.toString(Array.place(at, indices.sizes)));
    }
    return row;
  }

  // ---- reductions --------------------------------------------------------------------------

  private static Array sum(Op.Sum op, Array x, int[] sizes) {
    Array total = new Array(new double[Array.count(sizes)], sizes);
    for (int i = 0; i < x.data.length; i++) {
      int[] place = Array.place(i, x.sizes);
      op.axes().forEach(axis -> place[axis] = 0);
      total.data[total.flat(place)] += x.data[i];
    }
    return total;
  }

  private static Array max(Op.Max op, Array x, int[] sizes) {
    return Array.of(
        sizes,
        place -> {
          double largest = Double.NEGATIVE_INFINITY;
          for (place[op.axis()] = 0; place[op.axis()] < x.sizes[op.axis()]; place[op.axis()]++) {
            largest = StrictMath.max(largest, x.at(place));
          }
          return largest;
        });
  }

  private static Array softmax(Array x, int[] sizes) {
    return elementwise(
        sizes,
        i -> {
          double logSum = logSumExp(x, i / x.width());
          // A row of −∞ alone, all of it masked, has nothing to give a share to.
          return logSum == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(x.data[i] - logSum);
        });
  }

  private static double logSumExp(Array x, int row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = row * x.width(); i < (row + 1) * x.width(); i++) {
      largest = StrictMath.max(largest, x.data[i]);
    }
    if (Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (int i = row * x.width(); i < (row + 1) * x.width(); i++) {
      sum += StrictMath.exp(x.data[i] - largest);
    }
    return largest + StrictMath.log(sum);
  }
}

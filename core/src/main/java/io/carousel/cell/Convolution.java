package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Windows over neighboring axes of an array, and what is made of them: convolutions, largest values, sums.
 *
 * <pre>
 *   y[t] = Σₖ x[t · stride + k · dilation − before] W[k]        over one axis, and so over several
 * </pre>
 *
 * Written as slices of the padded input, one for each place k of the window, so that a convolution is a sum of matrix
 * products and a depthwise one a sum of elementwise products. Forward and backward, one product of all places side by
 * side takes as long or longer in a layer, for all that it copies, but a fifth to two fifths less in a cell.
 *
 * <p>Over an axis of time the output has ⌈T / stride⌉ steps, of which {@link #steps} belong to a row. There {@link
 * Padding#SAME} puts (window − stride) / 2 zeros before, whatever the row's length, so that padding cannot matter;
 * Keras does so where the length is a multiple of the stride, and at other lengths moves the windows.
 *
 * @param window the size of the window along each axis
 * @param strides the step from window to window along each axis
 * @param dilation the step within a window, along all axes
 * @param padding what stands around the input
 */
public record Convolution(List<Integer> window, List<Integer> strides, int dilation, Padding padding) {
  /** What stands around the input. */
  public enum Padding {
    /** Zeros on both sides: ⌈n / stride⌉ outputs. */
    SAME,
    /** Zeros before alone: an output sees nothing that comes after it. */
    CAUSAL,
    /** Nothing: ⌊(n − window) / stride⌋ + 1 outputs. */
    VALID;

    /** Its name in model files, {@code same}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Convolution {
    window = List.copyOf(window);
    strides = List.copyOf(strides);
    boolean sizes = window.stream().allMatch(size -> size > 0) && strides.stream().allMatch(size -> size > 0);
    if (!sizes || window.isEmpty() || window.size() != strides.size() || dilation < 1) {
      throw new IllegalArgumentException(
          "Convolution: window, strides and dilation must be at least 1, got " + window + ", " + strides + ", "
              + dilation);
    }
  }

  /** Windows next to each other along one axis, with zeros on both sides. */
  public static Convolution same(int... window) {
    List<Integer> sizes = java.util.Arrays.stream(window).boxed().toList();
    return new Convolution(sizes, Collections.nCopies(sizes.size(), 1), 1, Padding.SAME);
  }

  /** Windows of the same size with step 1 and zeros around: the output has the size of the input. */
  Convolution around() {
    return same(window.stream().mapToInt(Integer::intValue).toArray());
  }

  /** States [B,…,units] that begin at zero, at each place that the windows over an input [B,…,c] give. */
  List<Expr> states(int count, int units, Shape input) {
    return Collections.nCopies(count, Expr.full(0, output(input, 1).with(-1, units)));
  }

  /**
   * The channels of the input of a cell with such windows.
   *
   * @throws IllegalArgumentException if it has another number of axes, or is too small
   */
  int channels(Cell cell, Shape input) {
    if (input.rank() != window.size() + 2) {
      throw new IllegalArgumentException(
          cell + ": each step must be " + (window.size() == 1 ? "[B,n,c]" : "[B,h,w,c]") + ", got " + input
              + "; add a Reshape before it");
    }
    output(input, 1);
    return input.size(-1);
  }

  /** The places of a window. */
  public int places() {
    return window.stream().reduce(1, Math::multiplyExact);
  }

  /** The shape after the windows, where their axes begin at {@code axis}. */
  public Shape output(Shape input, int axis) {
    Shape output = input;
    for (int i = 0; i < window.size(); i++) {
      output = output.with(axis + i, outputs(input.size(axis + i), i));
    }
    return output;
  }

  /** The lengths of rows after windows over time, of their lengths before. */
  public Expr steps(Expr lengths) {
    int stride = strides.getFirst();
    return lengths.steps(padding == Padding.VALID ? stride - span(0) : stride - 1, stride);
  }

  private int span(int i) {
    return (window.get(i) - 1) * dilation + 1;
  }

  private int outputs(int size, int i) {
    int covered = padding == Padding.VALID && !Shape.isTime(size) ? size - span(i) + 1 : size;
    if (covered < 1 && !Shape.isTime(size)) {
      throw new IllegalArgumentException(
          "Convolution: a window over " + span(i) + " places does not fit into " + size
              + "; use a smaller one, or padding");
    }
    return Shape.part(covered, strides.get(i));
  }

  private int before(int size, int i) {
    int rest = Shape.isTime(size) ? 0 : size - (outputs(size, i) - 1) * strides.get(i) - strides.get(i);
    return switch (padding) {
      case CAUSAL -> span(i) - 1;
      case VALID -> 0;
      case SAME -> Math.max(0, span(i) - strides.get(i) - rest) / 2;
    };
  }

  /** The input at each place of the window, for all windows at once; the places of the last axis follow each other. */
  private List<Expr> places(Expr x, int axis) {
    List<Expr> parts = List.of(x);
    for (int i = 0; i < window.size(); i++) {
      List<Expr> wider = new ArrayList<>();
      for (Expr part : parts) {
        wider.addAll(places(part, axis + i, i));
      }
      parts = wider;
    }
    return parts;
  }

  private List<Expr> places(Expr x, int axis, int i) {
    int size = x.shape().size(axis);
    int stride = strides.get(i);
    int before = before(size, i);
    int outputs = outputs(size, i);
    // As many zeros after it as the last window needs.
    int more = Math.max(0, span(i) - before - (Shape.isTime(size) ? 1 : size - (outputs - 1) * stride));
    Expr wide = x.pad(axis, before, more);
    List<Expr> parts = new ArrayList<>();
    for (int k = 0; k < window.get(i); k++) {
      int from = k * dilation;
      if (Shape.isTime(size)) {
        parts.add(wide.slice(axis, from, from - before - more).every(axis, stride));
      } else {
        parts.add(wide.slice(axis, from, from + (outputs - 1) * stride + 1).every(axis, stride));
      }
    }
    return parts;
  }

  /**
   * The convolution of x […,c], whose window begins at {@code axis}.
   *
   * @param w [places · c, n], the places of the window one after the other
   * @return […,n]
   */
  public Expr of(Expr x, int axis, Expr w) {
    List<Expr> parts = places(x, axis);
    int channels = x.shape().size(-1);
    Expr sum = parts.getFirst().matmul(w.slice(0, 0, channels));
    for (int k = 1; k < parts.size(); k++) {
      sum = sum.plus(parts.get(k).matmul(w.slice(0, k * channels, (k + 1) * channels)));
    }
    return sum;
  }

  /** The same, {@link #of}, as one product of all places side by side: faster in a cell. */
  Expr sideBySide(Expr x, int axis, Expr w) {
    return Expr.concat(-1, places(x, axis)).matmul(w);
  }

  /**
   * A convolution of each channel with windows of its own.
   *
   * @param d [places, c · m]: the windows of channel j are the columns jm to (j+1)m
   * @return […,c · m]
   */
  public Expr depthwise(Expr x, int axis, Expr d) {
    int channels = x.shape().size(-1);
    int outputs = d.shape().size(1);
    Expr repeated = x;
    if (outputs > channels) {
      Shape wide = x.shape().insert(x.shape().rank(), outputs / channels);
      repeated = x.reshape(wide.with(-1, 1)).broadcast(wide).reshape(x.shape().with(-1, outputs));
    }
    boolean rows = axis == 1;
    Shape ofRow = Shape.of(places(), outputs);
    Expr weights = rows ? d.reshape(ofRow.insert(0, 1)).broadcast(ofRow.insert(0, Shape.B)) : d;
    Expr sum = weighted(places(repeated, axis), weights);
    boolean shifts = strides.stream().allMatch(stride -> stride == 1) && !hasTime(x.shape(), axis);
    return !shifts ? sum
        : sum.derived(List.of(repeated, weights), (of, dy) -> pullBack(of.get(0), of.get(1), axis, dy));
  }

  /** Each place of a window times its row of the weights, [places,c], or [B,places,c] for rows in a loop. */
  private static Expr weighted(List<Expr> parts, Expr weights) {
    Shape shape = parts.getFirst().shape();
    int[] sizes = new int[shape.rank()];
    Arrays.fill(sizes, 1);
    sizes[0] = weights.shape().rank() == 3 ? Shape.B : 1;
    sizes[sizes.length - 1] = shape.size(-1);
    Shape row = Shape.of(sizes);
    Expr sum = parts.getFirst().times(weights.slice(-2, 0, 1).reshape(row));
    for (int k = 1; k < parts.size(); k++) {
      sum = sum.plus(parts.get(k).times(weights.slice(-2, k, k + 1).reshape(row)));
    }
    return sum;
  }

  /**
   * The derivatives of a convolution of each channel with steps of 1: by x a convolution again, with the windows turned
   * round, where the derivatives of its parts would be as many padded arrays as a window has places.
   */
  private List<Expr> pullBack(Expr x, Expr weights, int axis, Expr dy) {
    List<Expr> turned = turned(dy, x.shape(), axis);
    boolean rows = weights.shape().rank() == 3;
    int[] summed = IntStream.range(rows ? 1 : 0, x.shape().rank() - 1).toArray();
    Shape each = weights.shape().with(-2, 1);
    List<Expr> byWeights =
        places(x, axis).stream().map(part -> part.times(dy).sum(summed).reshape(each)).toList();
    return List.of(weighted(turned, weights), Expr.concat(-2, byWeights));
  }

  /** The places of dy that each place of x went into, in the order of the places of a window. */
  private List<Expr> turned(Expr dy, Shape x, int axis) {
    List<Expr> turned = List.of(dy);
    for (int i = 0; i < window.size(); i++) {
      int size = x.size(axis + i);
      int before = before(size, i);
      int last = span(i) - 1;
      List<Expr> wider = new ArrayList<>();
      for (Expr part : turned) {
        Expr wide = part.pad(axis + i, last - before, size - outputs(size, i) + before);
        for (int k = 0; k < window.get(i); k++) {
          int from = last - k * dilation;
          wider.add(wide.slice(axis + i, from, from + size));
        }
      }
      turned = wider;
    }
    return turned;
  }

  private boolean hasTime(Shape shape, int axis) {
    return IntStream.range(axis, axis + window.size()).anyMatch(i -> Shape.isTime(shape.size(i)));
  }

  /** The sum over each window. */
  public Expr sum(Expr x, int axis) {
    return places(x, axis).stream().reduce(Expr::plus).orElseThrow();
  }

  /** The options as layers and cells print them: {@code window=3x3, stride=2, valid}. */
  @Override
  public String toString() {
    int stride = strides.getFirst();
    return "window=" + window.stream().map(String::valueOf).collect(Collectors.joining("x"))
        + (stride == 1 ? "" : ", stride=" + stride) + (dilation == 1 ? "" : ", dilation=" + dilation)
        + (padding == Padding.SAME ? "" : ", " + padding.word());
  }

  /**
   * The largest over each window of what lies inside, or the least float where nothing does.
   *
   * @param inside of the rank of x: 1 at what counts, 0 at what does not
   */
  public Expr max(Expr x, Expr inside, int axis) {
    List<Expr> values = places(x, axis);
    List<Expr> counts = places(inside, axis);
    List<Expr> own = new ArrayList<>();
    for (int k = 0; k < values.size(); k++) {
      own.add(Expr.select(counts.get(k), values.get(k), Expr.constant(-Float.MAX_VALUE)));
    }
    return own.stream().reduce(Expr::maximum).orElseThrow();
  }
}

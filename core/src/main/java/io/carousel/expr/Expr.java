package io.carousel.expr;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A node of an expression: an operation, its operands and the shape of its result.
 *
 * <p>The one intermediate representation for cells, layers, losses, derivatives and whole models.
 * Nodes are immutable and may be shared, so that an expression is a directed acyclic graph; two
 * nodes are equal only if they are the same. Shapes are checked when a node is built. Elementwise
 * methods broadcast their operands in the usual manner: shapes are aligned at the last axis, and an
 * axis of size 1, or a missing one, is repeated.
 */
public final class Expr {
  private final Op op;
  private final List<Expr> args;
  private final Shape shape;

  private Expr(Op op, List<Expr> args, Shape shape) {
    this.op = op;
    this.args = List.copyOf(args);
    this.shape = shape;
  }

  /** The same operation on other operands of the same shapes; for rewriting passes. */
  public Expr withArgs(List<Expr> changed) {
    return changed.equals(args) ? this : new Expr(op, changed, shape);
  }

  public Op op() {
    return op;
  }

  public List<Expr> args() {
    return args;
  }

  public Expr arg(int i) {
    return args.get(i);
  }

  public Shape shape() {
    return shape;
  }

  /** True for whole numbers: indices, lengths, labels. */
  public boolean isInt() {
    return op instanceof Op.IntInput || op instanceof Op.Steps;
  }

  // ---- leaves ------------------------------------------------------------------------------

  public static Expr input(String name, Shape shape) {
    return new Expr(new Op.Input(name), List.of(), shape);
  }

  public static Expr intInput(String name, Shape shape) {
    return new Expr(new Op.IntInput(name), List.of(), shape);
  }

  public static Expr parameter(String name, Shape shape) {
    if (!shape.isStatic()) {
      throw new IllegalArgumentException("parameter " + name + ": must have a fixed shape, got " + shape);
    }
    return new Expr(new Op.Parameter(name), List.of(), shape);
  }

  public static Expr constant(double value) {
    return new Expr(new Op.Constant(value), List.of(), Shape.SCALAR);
  }

  /** A constant repeated to a shape. */
  public static Expr full(double value, Shape shape) {
    return constant(value).broadcast(shape);
  }

  /** Uniform numbers in [0, 1); streams of different names are independent. */
  public static Expr random(String stream, Shape shape) {
    return new Expr(new Op.Random(stream), List.of(), shape);
  }

  /** The position along {@code axis} of {@code shape}, shaped to broadcast against it. */
  public static Expr index(Shape shape, int axis) {
    int[] sizes = new int[shape.rank()];
    Arrays.fill(sizes, 1);
    sizes[shape.axis(axis)] = shape.size(axis);
    return new Expr(new Op.Index(shape.axis(axis)), List.of(), Shape.of(sizes));
  }

  /** For {@link Scans}: a stand-in within a body. */
  static Expr placeholder(Op.Role role, int number, int scope, Shape shape) {
    return new Expr(new Op.Placeholder(role, number, scope), List.of(), shape);
  }

  /** A placeholder of a closed body. */
  public static Expr placeholder(Op.Role role, int number, Shape shape) {
    return placeholder(role, number, 0, shape);
  }

  /** For {@link Scans}: the loop itself, whose results are taken by {@link #part}. */
  static Expr scan(Op.Scan scan, List<Expr> args) {
    return new Expr(scan, args, Shape.SCALAR);
  }

  /** One result of this scan. */
  public Expr part(int number) {
    return new Expr(new Op.Part(number), List.of(this), Scans.shapeOfPart(this, number));
  }

  // ---- elementwise -------------------------------------------------------------------------

  public Expr plus(Expr other) {
    return binary(Op.Binary.ADD, this, other);
  }

  public Expr plus(double other) {
    return plus(constant(other));
  }

  public Expr minus(Expr other) {
    return binary(Op.Binary.SUBTRACT, this, other);
  }

  public Expr times(Expr other) {
    return binary(Op.Binary.MULTIPLY, this, other);
  }

  public Expr times(double other) {
    return times(constant(other));
  }

  public Expr over(Expr other) {
    return binary(Op.Binary.DIVIDE, this, other);
  }

  public Expr negate() {
    return unary(Op.Unary.NEGATE, this);
  }

  /** 1 − this. */
  public Expr complement() {
    return constant(1).minus(this);
  }

  public Expr square() {
    return times(this);
  }

  /** 1 where this &lt; other, else 0. */
  public Expr less(Expr other) {
    return binary(Op.Binary.LESS, this, other);
  }

  /** 1 where this = other, else 0. */
  public Expr equal(Expr other) {
    return binary(Op.Binary.EQUAL, this, other);
  }

  /** The larger of two. Where they are equal, the derivative is that of b. */
  public static Expr maximum(Expr a, Expr b) {
    return binary(Op.Binary.MAXIMUM, a, b);
  }

  /** The smaller of two. Where they are equal, the derivative is that of b. */
  public static Expr minimum(Expr a, Expr b) {
    return binary(Op.Binary.MINIMUM, a, b);
  }

  /** Rectified linear unit, max(x, 0); its derivative at 0 is 0. */
  public static Expr relu(Expr x) {
    return maximum(x, constant(0));
  }

  public static Expr sigmoid(Expr x) {
    return unary(Op.Unary.SIGMOID, x);
  }

  public static Expr tanh(Expr x) {
    return unary(Op.Unary.TANH, x);
  }

  public static Expr exp(Expr x) {
    return unary(Op.Unary.EXP, x);
  }

  public static Expr log(Expr x) {
    return unary(Op.Unary.LOG, x);
  }

  public static Expr sqrt(Expr x) {
    return unary(Op.Unary.SQRT, x);
  }

  /** |x|; its derivative at 0 is 0. */
  public static Expr abs(Expr x) {
    return unary(Op.Unary.ABS, x);
  }

  /** {@code a} where {@code condition} is not 0, else {@code b}. */
  public static Expr select(Expr condition, Expr a, Expr b) {
    Shape shape = common(common(condition.shape, a.shape, "select"), b.shape, "select");
    List<Expr> args =
        List.of(condition.broadcast(shape), a.broadcast(shape), b.broadcast(shape));
    requireFloats("select", args);
    return new Expr(new Op.Select(), args, shape);
  }

  /** Whole numbers as floats. */
  public Expr cast() {
    if (!isInt()) {
      throw new IllegalArgumentException("cast: needs whole numbers, got " + op.word());
    }
    return new Expr(new Op.Cast(), List.of(this), shape);
  }

  /** Of whole numbers of steps, max(0, ⌊(this + more) / by⌋). */
  public Expr steps(int more, int by) {
    if (!isInt() || by < 1) {
      throw new IllegalArgumentException("steps: needs whole numbers and a step from 1, got " + op.word() + ", " + by);
    }
    return more == 0 && by == 1 ? this : new Expr(new Op.Steps(more, by), List.of(this), shape);
  }

  public static Expr unary(Op.Unary op, Expr x) {
    requireFloats(op.word(), List.of(x));
    return new Expr(op, List.of(x), x.shape);
  }

  public static Expr binary(Op.Binary op, Expr a, Expr b) {
    requireFloats(op.word(), List.of(a, b));
    Shape shape = common(a.shape, b.shape, op.word());
    return new Expr(op, List.of(a.broadcast(shape), b.broadcast(shape)), shape);
  }

  // ---- products ----------------------------------------------------------------------------

  /** Rows times a matrix: this […,K] · matrix [K,N] → […,N]. */
  public Expr matmul(Expr matrix) {
    requireFloats("matmul", List.of(this, matrix));
    if (shape.rank() < 1 || matrix.shape.rank() != 2 || shape.size(-1) != matrix.shape.size(0)) {
      throw new IllegalArgumentException(
          "matmul: needs […,K] and [K,N], got " + shape + " and " + matrix.shape);
    }
    return new Expr(new Op.Matmul(), List.of(this, matrix), shape.with(-1, matrix.shape.size(1)));
  }

  /** Sum over all leading axes of outer products: this […,K], other […,N] → [K,N]. */
  public Expr contract(Expr other) {
    requireFloats("contract", List.of(this, other));
    if (shape.rank() < 2 || !shape.drop(-1).equals(other.shape.drop(-1))) {
      throw new IllegalArgumentException(
          "contract: needs […,K] and […,N] with equal leading axes, got " + shape + " and " + other.shape);
    }
    return new Expr(
        new Op.Contract(), List.of(this, other), Shape.of(shape.size(-1), other.shape.size(-1)));
  }

  /** A matrix product for each place of the leading axes: this […,M,K] · other […,K,N] → […,M,N]. */
  public Expr batchMatmul(Expr other) {
    requireFloats("batchmatmul", List.of(this, other));
    int rank = shape.rank();
    boolean fits =
        rank >= 3 && other.shape.rank() == rank && shape.size(-1) == other.shape.size(-2)
            && shape.drop(-1).drop(-1).equals(other.shape.drop(-1).drop(-1));
    if (!fits) {
      throw new IllegalArgumentException(
          "batchmatmul: needs […,M,K] and […,K,N] with equal leading axes, got " + shape + " and " + other.shape);
    }
    return new Expr(new Op.BatchMatmul(), List.of(this, other), shape.with(-1, other.shape.size(-1)));
  }

  // ---- movement ----------------------------------------------------------------------------

  public Expr reshape(Shape to) {
    requireFloats("reshape", List.of(this));
    if (to.equals(shape)) {
      return this;
    }
    // Two different bindings of the symbols settle whether the counts agree for all of them.
    if (shape.count(7, 11) != to.count(7, 11) || shape.count(5, 3) != to.count(5, 3)) {
      throw new IllegalArgumentException("reshape: " + shape + " and " + to + " differ in their number of elements");
    }
    return new Expr(new Op.Reshape(), List.of(this), to);
  }

  /** Axis {@code i} of the result is axis {@code order[i]} of this. */
  public Expr transpose(int... order) {
    requireFloats("transpose", List.of(this));
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    int[] sizes = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      if (order.length != shape.rank() || sorted[i] != i) {
        throw new IllegalArgumentException(
            "transpose: " + Arrays.toString(order) + " does not order the axes of " + shape);
      }
      sizes[i] = shape.size(order[i]);
    }
    return new Expr(
        new Op.Transpose(Arrays.stream(order).boxed().toList()), List.of(this), Shape.of(sizes));
  }

  /** A matrix with rows and columns exchanged. */
  public Expr transpose() {
    return transpose(1, 0);
  }

  /** Positions {@code from} to {@code to} of an axis; on an axis of time {@code to} counts from its end. */
  public Expr slice(int axis, int from, int to) {
    requireFloats("slice", List.of(this));
    int a = shape.axis(axis);
    int size = shape.size(a);
    boolean fits = Shape.isTime(size) ? to <= 0 : size > 0 && to <= size && from < to;
    if (!fits || from < 0) {
      throw new IllegalArgumentException("slice: " + from + ":" + to + " is not a part of axis " + a + " of " + shape);
    }
    int part = Shape.isTime(size) ? Shape.plus(size, to - from) : to - from;
    return part == size ? this : new Expr(new Op.Slice(a, from, to), List.of(this), shape.with(a, part));
  }

  public Expr pad(int axis, int before, int after) {
    requireFloats("pad", List.of(this));
    int a = shape.axis(axis);
    if (shape.size(a) == Shape.B || before < 0 || after < 0) {
      throw new IllegalArgumentException("pad: cannot put " + before + "+" + after + " zeros on axis " + a + " of " + shape);
    }
    return before == 0 && after == 0
        ? this
        : new Expr(new Op.Pad(a, before, after), List.of(this), shape.with(a, Shape.plus(shape.size(a), before + after)));
  }

  /** The positions 0, by, 2·by … of an axis. */
  public Expr every(int axis, int by) {
    requireFloats("every", List.of(this));
    int a = shape.axis(axis);
    if (shape.size(a) == Shape.B || by < 1) {
      throw new IllegalArgumentException("every: cannot take every " + by + " of axis " + a + " of " + shape);
    }
    return by == 1 ? this
        : new Expr(new Op.Every(a, by), List.of(this), shape.with(a, Shape.part(shape.size(a), by)));
  }

  /** The reverse of {@link #every}: this at the positions 0, by, 2·by … of an axis of {@code size}, else zeros. */
  public Expr spread(int axis, int by, int size) {
    requireFloats("spread", List.of(this));
    int a = shape.axis(axis);
    if (by < 1 || size == Shape.B || Shape.part(size, by) != shape.size(a)) {
      throw new IllegalArgumentException(
          "spread: axis " + a + " of " + shape + " is not every " + by + " of " + Shape.text(size));
    }
    return by == 1 ? this : new Expr(new Op.Spread(a, by), List.of(this), shape.with(a, size));
  }

  /** Of this [T,B,…], the steps of each row in the opposite order within its length; zeros beyond. */
  public Expr flip(Expr lengths) {
    requireFloats("flip", List.of(this));
    boolean fits = shape.rank() >= 2 && shape.size(0) != Shape.B && shape.size(1) == Shape.B;
    if (!fits || !lengths.isInt() || !lengths.shape.equals(Shape.of(Shape.B))) {
      throw new IllegalArgumentException(
          "flip: needs sequences [T,B,…] and whole numbers [B], got " + shape + " and " + lengths.op.word() + ' '
              + lengths.shape);
    }
    return new Expr(new Op.Flip(), List.of(this, lengths), shape);
  }

  /**
   * This, with a derivative said by hand: one that is the same but cheaper than that of the operations that make it.
   *
   * @param of what this is made of; nothing else gets a derivative through it
   */
  public Expr derived(List<Expr> of, Op.Rule rule) {
    List<Expr> args = new ArrayList<>(List.of(this));
    args.addAll(of);
    requireFloats("derived", args);
    return new Expr(new Op.Derived(rule), args, shape);
  }

  public static Expr concat(int axis, List<Expr> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concat: needs at least one operand");
    }
    requireFloats("concat", parts);
    int a = parts.getFirst().shape.axis(axis);
    int size = 0;
    for (Expr part : parts) {
      if (part.shape.size(a) < 0) {
        throw new IllegalArgumentException("concat: axis " + a + " must have a fixed size, got " + part.shape);
      }
      if (!part.shape.with(a, 1).equals(parts.getFirst().shape.with(a, 1))) {
        throw new IllegalArgumentException(
            "concat: operands must differ on axis " + a + " alone, got "
                + parts.getFirst().shape + " and " + part.shape);
      }
      size += part.shape.size(a);
    }
    return parts.size() == 1
        ? parts.getFirst()
        : new Expr(new Op.Concat(a), parts, parts.getFirst().shape.with(a, size));
  }

  /** This repeated to a shape. */
  public Expr broadcast(Shape to) {
    requireFloats("broadcast", List.of(this));
    if (to.equals(shape)) {
      return this;
    }
    if (!common(shape, to, "broadcast").equals(to)) {
      throw new IllegalArgumentException("broadcast: " + shape + " cannot be repeated to " + to);
    }
    if (op instanceof Op.Broadcast) {
      return new Expr(new Op.Broadcast(), args, to);
    }
    return new Expr(new Op.Broadcast(), List.of(this), to);
  }

  // ---- tables and reductions ---------------------------------------------------------------

  /** Rows of this table [V,E] by indices … → […,E]. */
  public Expr gather(Expr indices) {
    requireFloats("gather", List.of(this));
    if (shape.rank() != 2 || !indices.isInt()) {
      throw new IllegalArgumentException(
          "gather: needs a table [V,E] and whole numbers, got " + shape + " and " + indices.op.word());
    }
    return new Expr(
        new Op.Gather(), List.of(this, indices), indices.shape.insert(indices.shape.rank(), shape.size(1)));
  }

  /** Rows […,E] added up by indices … into a table [rows,E]. */
  public static Expr scatterAdd(Expr indices, Expr values, int rows) {
    requireFloats("scatteradd", List.of(values));
    if (!indices.isInt() || !values.shape.drop(-1).equals(indices.shape)) {
      throw new IllegalArgumentException(
          "scatteradd: needs whole numbers … and rows […,E], got " + indices.shape + " and " + values.shape);
    }
    return new Expr(
        new Op.ScatterAdd(rows), List.of(indices, values), Shape.of(rows, values.shape.size(-1)));
  }

  /** One number of each row of this […,N] by indices … → […,1]. */
  public Expr pick(Expr indices) {
    requireFloats("pick", List.of(this));
    if (shape.rank() == 0 || !indices.isInt() || !shape.drop(-1).equals(indices.shape)) {
      throw new IllegalArgumentException(
          "pick: needs rows […,N] and whole numbers …, got " + shape + " and " + indices.op.word() + ' '
              + indices.shape);
    }
    return new Expr(new Op.Pick(), List.of(this, indices), shape.with(-1, 1));
  }

  /** The sum over some axes, which stay with size 1. */
  public Expr sum(int... axes) {
    requireFloats("sum", List.of(this));
    List<Integer> resolved = new ArrayList<>();
    Shape result = shape;
    for (int axis : axes) {
      resolved.add(shape.axis(axis));
      result = result.with(axis, 1);
    }
    return result.equals(shape)
        ? this
        : new Expr(new Op.Sum(resolved.stream().sorted().toList()), List.of(this), result);
  }

  /** The sum of all elements, a scalar. */
  public Expr sumAll() {
    return sum(java.util.stream.IntStream.range(0, shape.rank()).toArray()).reshape(Shape.SCALAR);
  }

  /** The largest over one axis, which stays with size 1. */
  public Expr max(int axis) {
    requireFloats("max", List.of(this));
    return new Expr(new Op.Max(shape.axis(axis)), List.of(this), shape.with(axis, 1));
  }

  /** exp(x) / Σ exp(x) over the last axis. */
  public static Expr softmax(Expr x) {
    requireFloats("softmax", List.of(x));
    requireLastAxis("softmax", x);
    return new Expr(new Op.Softmax(), List.of(x), x.shape);
  }

  /** log Σ exp(x) over the last axis, which stays with size 1. */
  public static Expr logSumExp(Expr x) {
    requireFloats("logsumexp", List.of(x));
    requireLastAxis("logsumexp", x);
    return new Expr(new Op.LogSumExp(), List.of(x), x.shape.with(-1, 1));
  }

  // ------------------------------------------------------------------------------------------

  /** The nodes that {@code roots} are made of, operands before their users, bodies not entered. */
  public static List<Expr> topological(List<Expr> roots) {
    return Graph.topological(roots);
  }

  @Override
  public String toString() {
    return Printer.print(List.of(this));
  }

  private static void requireFloats(String who, List<Expr> args) {
    for (Expr arg : args) {
      if (arg.isInt()) {
        throw new IllegalArgumentException(who + ": needs floats, got " + arg.op.word() + "; use cast()");
      }
      if (arg.op instanceof Op.Scan) {
        throw new IllegalArgumentException(who + ": needs one result of the scan; use part()");
      }
    }
  }

  private static void requireLastAxis(String who, Expr x) {
    if (x.shape.rank() == 0) {
      throw new IllegalArgumentException(who + ": needs at least one axis, got a scalar");
    }
  }

  private static Shape common(Shape a, Shape b, String who) {
    int rank = Math.max(a.rank(), b.rank());
    int[] sizes = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.size(-i) : 1;
      int y = i <= b.rank() ? b.size(-i) : 1;
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException(who + ": shapes " + a + " and " + b + " do not fit together");
      }
      sizes[rank - i] = x == 1 ? y : x;
    }
    return Shape.of(sizes);
  }
}

package io.carousel.expr;

import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Everything an {@link Expr} can do: the index of the whole engine.
 *
 * <p>Each operation has one definition ({@link Interpreter}), one derivative ({@link Derivative})
 * and one lowering to loops (the compiler). In the shapes below {@code …} stands for any leading
 * axes; operands of elementwise operations have equal shapes, since {@link Expr}'s methods insert
 * {@link Broadcast} where they differ.
 */
public sealed interface Op {

  // ---- leaves ------------------------------------------------------------------------------

  /** Numbers given anew at each run. */
  record Input(String name) implements Op {}

  /** Whole numbers given anew at each run: indices into a table, lengths, class labels. */
  record IntInput(String name) implements Op {}

  /** Numbers that training changes. */
  record Parameter(String name) implements Op {}

  /** One number. */
  record Constant(double value) implements Op {}

  /**
   * Uniform numbers in [0, 1), a function of the run's key, the stream and the place. The place is
   * (step, row, column) where the shape has {@code T} and {@code B}, so that neither padding nor
   * the size of the batch changes the numbers of a row. A second {@code T} belongs to the column, and must come first
   * in it for that.
   */
  record Random(String stream) implements Op {}

  /** The position along one axis, 0, 1, 2 …; all other axes have size 1. */
  record Index(int axis) implements Op {}

  /** In the body of a scan: the current element, the state before the step, or a captured value. */
  record Placeholder(Role role, int number, int scope) implements Op {}

  /** What a placeholder in the body of a scan stands for. */
  enum Role {
    ELEMENT,
    STATE,
    CAPTURED
  }

  // ---- elementwise -------------------------------------------------------------------------

  /** One operand, element by element. */
  enum Unary implements Op {
    NEGATE,
    EXP,
    /** Natural logarithm. */
    LOG,
    TANH,
    /** 1 / (1 + exp(−x)). */
    SIGMOID,
    SQRT,
    ABS
  }

  /** Two operands, element by element. */
  enum Binary implements Op {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MAXIMUM,
    MINIMUM,
    /** 1 where a &lt; b, else 0. */
    LESS,
    /** 1 where a = b, else 0. */
    EQUAL
  }

  /** {@code a} where the condition is not 0, else {@code b}; operands: condition, a, b. */
  record Select() implements Op {}

  /** Whole numbers as floats. */
  record Cast() implements Op {}

  /**
   * Whole numbers of steps from whole numbers of steps, max(0, ⌊(x + more) / by⌋): the lengths of rows after a
   * convolution or a pooling over time.
   */
  record Steps(int more, int by) implements Op {}

  // ---- products ----------------------------------------------------------------------------

  /** Rows times a matrix: {@code a […,K] · b [K,N] → […,N]}. */
  record Matmul() implements Op {}

  /** The sum over all leading axes of outer products: {@code a […,K], b […,N] → [K,N]}, aᵀ·b. */
  record Contract() implements Op {}

  /** A matrix product for each place of the leading axes: {@code a […,M,K] · b […,K,N] → […,M,N]}. */
  record BatchMatmul() implements Op {}

  // ---- movement ----------------------------------------------------------------------------

  /** The same elements in the same order under another shape. */
  record Reshape() implements Op {}

  /** Axis {@code i} of the result is axis {@code order[i]} of the operand. */
  record Transpose(List<Integer> order) implements Op {}

  /**
   * Positions {@code from} (inclusive) to {@code to} (exclusive) of one axis; on an axis of time {@code to} counts
   * from its end, 0 or negative.
   */
  record Slice(int axis, int from, int to) implements Op {}

  /** Zeros before and after along one axis. */
  record Pad(int axis, int before, int after) implements Op {}

  /** The positions 0, by, 2·by … of one axis. */
  record Every(int axis, int by) implements Op {}

  /** The reverse of every: positions 0, by, 2·by … of the result's axis are the operand's, all others 0. */
  record Spread(int axis, int by) implements Op {}

  /**
   * The steps of each row in the opposite order: {@code x [T,B,…], lengths [B] → y[t,b] = x[n−1−t,b]} for the first
   * n steps of a row of that length, 0 beyond.
   */
  record Flip() implements Op {}

  /** Operands one after the other along one axis. */
  record Concat(int axis) implements Op {}

  /** Repeats axes of size 1, and adds leading axes, up to the node's shape. */
  record Broadcast() implements Op {}

  // ---- tables ------------------------------------------------------------------------------

  /** Rows of a table: {@code table [V,E], indices … → […,E]}. */
  record Gather() implements Op {}

  /** The reverse of gather: rows added up by index, {@code indices …, rows […,E] → [V,E]}. */
  record ScatterAdd(int rows) implements Op {}

  /** One number of each row: {@code x […,N], indices … → x[…, index], […,1]}. */
  record Pick() implements Op {}

  // ---- reductions --------------------------------------------------------------------------

  /** The sum over some axes, which stay with size 1. */
  record Sum(List<Integer> axes) implements Op {}

  /** The largest over one axis, which stays with size 1. */
  record Max(int axis) implements Op {}

  /** exp(x) / Σ exp(x) over the last axis, without overflow; zeros where all x are −∞. */
  record Softmax() implements Op {}

  /** log Σ exp(x) over the last axis, which stays with size 1, without overflow. */
  record LogSumExp() implements Op {}

  // ---- loops -------------------------------------------------------------------------------

  /**
   * A body run over the first axis of its elements, for the operands (elements…, initial states…, captured…,
   * lengths if masked). The axis is time, T, or has {@code steps} positions of any other size:
   *
   * <pre>
   *   state = initial
   *   for t in 0 … steps−1                   (steps−1 … 0 if reverse)
   *     history[t] = state
   *     next, y[t] = body(element[t]…, state…, captured…)
   *     where t &lt; length: state = next       (masked scans: elsewhere state stays, y[t] = 0)
   *   last = state
   * </pre>
   *
   * Its results are taken with {@link Part}: first all {@code y}, then the last states, then the
   * histories. Outputs from number {@code kept} on are for the derivative's use alone; at masked
   * places they hold no defined value.
   */
  record Scan(Body body, int steps, boolean reverse, boolean masked, int kept) implements Op {
    public Scan {
      if (masked) {
        body.states().forEach(state -> requireRows("states", state));
        body.ys().subList(0, kept).forEach(y -> requireRows("outputs", y.shape()));
      }
    }

    /** The same loop over another body. */
    public Scan with(Body changed, int keptFrom) {
      return new Scan(changed, steps, reverse, masked, keptFrom);
    }

    private static void requireRows(String what, Shape shape) {
      if (shape.rank() == 0 || shape.size(0) != Shape.B) {
        throw new IllegalArgumentException(
            "scan: with lengths, " + what + " must be [B,…], got " + shape + "; broadcast them to the rows");
      }
    }
  }

  /** One result of a scan. */
  record Part(int number) implements Op {}

  // ---- derivatives said by hand ----------------------------------------------------------

  /**
   * The first operand, for operands (value, what it is made of…), with a derivative that is cheaper than that of
   * how the value is made.
   */
  record Derived(Rule rule) implements Op {}

  /** The derivative of a value. */
  @FunctionalInterface
  interface Rule {
    /** The derivatives by what the value is made of, of the derivative {@code d} by the value. */
    List<Expr> pullBack(List<Expr> of, Expr d);
  }

  // ------------------------------------------------------------------------------------------

  /** True for the operations that work element by element. */
  default boolean isElementwise() {
    return this instanceof Unary || this instanceof Binary || this instanceof Select;
  }

  /** The short name in printed programs. */
  default String word() {
    return switch (this) {
      case Unary u -> u.name().toLowerCase(java.util.Locale.ROOT);
      case Binary b -> b.name().toLowerCase(java.util.Locale.ROOT);
      case Input i -> "input " + i.name();
      case IntInput i -> "int input " + i.name();
      case Parameter p -> "parameter " + p.name();
      case Constant c -> number(c.value());
      case Random r -> "random " + r.stream();
      case Index i -> "index " + i.axis();
      case Placeholder p -> p.role().name().toLowerCase(java.util.Locale.ROOT) + p.number();
      case Transpose t -> "transpose " + t.order();
      case Slice s -> "slice axis " + s.axis() + " " + s.from() + ":" + s.to();
      case Pad p -> "pad axis " + p.axis() + " " + p.before() + "+" + p.after();
      case Steps s -> "steps +" + s.more() + " /" + s.by();
      case Every e -> "every axis " + e.axis() + " " + e.by();
      case Spread s -> "spread axis " + s.axis() + " " + s.by();
      case Concat c -> "concat axis " + c.axis();
      case ScatterAdd s -> "scatteradd " + s.rows();
      case Sum s -> "sum " + s.axes();
      case Max m -> "max [" + m.axis() + "]";
      case Scan s -> (s.reverse() ? "reverse " : "") + (s.masked() ? "masked " : "") + "scan"
          + (s.steps() == Shape.T ? "" : " " + Shape.text(s.steps()));
      case Part p -> "part " + p.number();
      case Select s -> "select";
      case Cast c -> "cast";
      case Matmul m -> "matmul";
      case Contract c -> "contract";
      case BatchMatmul b -> "batchmatmul";
      case Reshape r -> "reshape";
      case Broadcast b -> "broadcast";
      case Flip f -> "flip";
      case Derived d -> "derived";
      case Gather g -> "gather";
      case Pick p -> "pick";
      case Softmax s -> "softmax";
      case LogSumExp l -> "logsumexp";
    };
  }

  private static String number(double value) {
    // Compared so that −0 keeps its sign: equal texts must mean equal numbers.
    return Double.compare((double) (long) value, value) == 0 && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /**
   * The closed body of a scan: what one step computes from its placeholders.
   *
   * @param elements shapes of the current elements, without the time axis
   * @param states shapes of the states
   * @param captured shapes of the values that are the same at every step
   * @param nexts the states after the step
   * @param ys the outputs of the step
   */
  record Body(
      List<Shape> elements, List<Shape> states, List<Shape> captured, List<Expr> nexts, List<Expr> ys) {
    public Body {
      elements = List.copyOf(elements);
      states = List.copyOf(states);
      captured = List.copyOf(captured);
      nexts = List.copyOf(nexts);
      ys = List.copyOf(ys);
      if (nexts.size() != states.size()) {
        throw new IllegalArgumentException(
            "scan: a step must give the next of each of its " + states.size() + " states, got " + nexts.size());
      }
      for (int i = 0; i < states.size(); i++) {
        if (!nexts.get(i).shape().equals(states.get(i))) {
          throw new IllegalArgumentException(
              "scan: state " + i + " must keep its shape, it is " + states.get(i)
                  + " before the step and " + nexts.get(i).shape() + " after it");
        }
      }
    }

    /** All expressions that the body computes: first the next states, then the outputs. */
    public List<Expr> roots() {
      Expr[] roots = Arrays.copyOf(nexts.toArray(Expr[]::new), nexts.size() + ys.size());
      for (int i = 0; i < ys.size(); i++) {
        roots[nexts.size() + i] = ys.get(i);
      }
      return List.of(roots);
    }
  }
}

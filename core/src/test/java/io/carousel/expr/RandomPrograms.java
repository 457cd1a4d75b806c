package io.carousel.expr;

import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Random programs from a seed, for comparing what should compute the same: all operations, symbolic
 * B and T, loops in both directions with and without lengths, sizes around the widths of vectors.
 * Values stay within a few hundred when inputs come from {@link RandomInputs}. Comparisons are made
 * of inputs only, so that rounding decides none.
 */
public final class RandomPrograms {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final int[] WIDTHS = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17};

  /** What is tried in turn; all but the first {@link #ROW_WISE} kinds look beyond a row. */
  private static final int KINDS = 33;

  private static final int ROW_WISE = 18;

  /** The source of all choices, shared by a program and the bodies of its loops. */
  private static final class Dice {
    private final long key;
    private final boolean training;
    private long rolls;
    private int names;

    Dice(long seed, boolean training) {
      this.key = CounterRandom.key(seed, "random program");
      this.training = training;
    }

    int below(int bound) {
      return CounterRandom.below(bound, key, rolls++);
    }

    boolean oneIn(int n) {
      return below(n) == 0;
    }

    int width() {
      return WIDTHS[below(WIDTHS.length)];
    }

    String name(String stem) {
      return stem + names++;
    }
  }

  private final Dice dice;
  private final List<Expr> pool = new ArrayList<>();

  private RandomPrograms(Dice dice) {
    this.dice = dice;
  }

  /** A program of about {@code size} random steps; its outputs are whatever no other step uses. */
  public static List<Expr> forward(long seed, int size) {
    return program(new Dice(seed, false), size);
  }

  /** A scalar loss of a random program, then its derivatives by all its inputs and parameters. */
  public static List<Expr> training(long seed, int size) {
    Dice dice = new Dice(seed, true);
    Expr loss = loss(program(dice, size), dice);
    List<Expr> leaves = new ArrayList<>();
    for (Expr node : Graph.topological(List.of(loss))) {
      boolean probe = node.op() instanceof Op.Input input && input.name().startsWith("probe");
      if (!probe && (node.op() instanceof Op.Input || node.op() instanceof Op.Parameter)) {
        leaves.add(node);
      }
    }
    List<Expr> roots = new ArrayList<>(List.of(loss));
    roots.addAll(Derivative.gradient(loss, leaves));
    return roots;
  }

  private static Expr loss(List<Expr> outputs, Dice dice) {
    Expr loss = Expr.constant(0);
    for (Expr output : outputs) {
      loss = loss.plus(output.times(Expr.input(dice.name("probe"), output.shape())).sumAll());
    }
    return loss;
  }

  private static List<Expr> program(Dice dice, int size) {
    RandomPrograms program = new RandomPrograms(dice);
    program.seedPool();
    int target = program.pool.size() + size;
    for (int kind = dice.below(KINDS); program.pool.size() < target; kind = (kind + 7) % KINDS) {
      program.add(program.step(kind));
    }
    Set<Expr> used = Collections.newSetFromMap(new IdentityHashMap<>());
    Graph.topological(program.pool).forEach(node -> used.addAll(node.args()));
    return program.pool.stream().filter(node -> !used.contains(node)).toList();
  }

  private void seedPool() {
    pool.add(input(Shape.of(T, B, dice.width())));
    pool.add(input(Shape.of(T, B, dice.width())));
    pool.add(input(Shape.of(B, dice.width())));
    pool.add(parameter(Shape.of(dice.width())));
    pool.add(parameter(Shape.SCALAR));
  }

  private Expr input(Shape shape) {
    return Expr.input(dice.name("x"), shape);
  }

  private Expr parameter(Shape shape) {
    return Expr.parameter(dice.name("w"), shape);
  }

  private void add(@Nullable Expr made) {
    if (made == null || pool.contains(made)) {
      return;
    }
    int elements = made.shape().count(1, 1);
    if (made.shape().rank() <= 4 && elements <= 300) {
      pool.add(made);
    }
  }

  // ---- choices -----------------------------------------------------------------------------

  private @Nullable Expr find(Predicate<Shape> fits) {
    List<Expr> found = pool.stream().filter(x -> fits.test(x.shape())).toList();
    return found.isEmpty() ? null : found.get(dice.below(found.size()));
  }

  private Expr any() {
    return pool.get(dice.below(pool.size()));
  }

  /** Something with a last axis of a fixed size. */
  private @Nullable Expr rows() {
    return find(shape -> shape.rank() >= 1 && shape.size(-1) > 0);
  }

  /** Something that {@code x} can be combined with element by element. */
  private Expr mate(Expr x) {
    return Objects.requireNonNull(find(shape -> fit(shape, x.shape())));
  }

  private static boolean fit(Shape a, Shape b) {
    for (int i = 1; i <= Math.min(a.rank(), b.rank()); i++) {
      if (a.size(-i) != b.size(-i) && a.size(-i) != 1 && b.size(-i) != 1) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSequence(Shape shape) {
    return shape.rank() >= 2 && shape.size(0) == T && shape.size(1) == B && isStatic(shape, 2);
  }

  private static boolean isRow(Shape shape) {
    return shape.rank() == 2 && shape.size(0) == B && shape.size(1) > 0;
  }

  private static boolean isStatic(Shape shape, int from) {
    return IntStream.range(from, shape.rank()).allMatch(axis -> shape.size(axis) > 0);
  }

  // ---- steps -------------------------------------------------------------------------------

  private @Nullable Expr step(int kind) {
    Expr x = any();
    Expr rows = rows();
    return switch (kind) {
      case 0 -> Expr.tanh(x);
      case 1 -> Expr.sigmoid(x);
      case 2 -> Expr.exp(Expr.minimum(x, Expr.constant(1)));
      case 3 -> Expr.log(x.square().plus(0.5));
      case 4 -> Expr.sqrt(x.square().plus(0.25)).negate();
      case 5 -> Expr.abs(x).times(0.5);
      case 6 -> x.plus(mate(x)).times(0.5);
      case 7 -> x.minus(mate(x).times(0.25));
      case 8 -> Expr.tanh(x).times(mate(x));
      case 9 -> x.over(mate(x).square().plus(0.5));
      case 10 -> Expr.maximum(x, mate(x).times(0.5));
      case 11 -> Expr.select(condition(x), x, mate(x));
      case 12, 13 -> rows == null ? null : rows.matmul(matrix(rows.shape().size(-1)));
      case 14 -> rows == null ? null : dice.oneIn(2) ? Expr.softmax(rows) : Expr.logSumExp(rows).times(0.25);
      case 15 -> rows == null ? null : dice.oneIn(2) ? rows.sum(-1).times(0.25) : rows.max(-1);
      case 16 -> rows == null ? null : movedAlong(rows);
      case 17 -> rowProduct();
      case 18 -> reduced(x);
      case 19 -> reshaped(x);
      case 20 -> transposed(x);
      case 21 -> x.broadcast(dice.oneIn(2) ? x.shape().insert(0, dice.width()) : x.shape().insert(0, T));
      case 22 -> contracted();
      case 23 -> parameter(Shape.of(5, dice.width())).gather(ids(5));
      case 24 -> scattered();
      case 25 -> Expr.random(dice.name("stream"), random()).less(Expr.constant(0.7)).times(1.4);
      case 26 -> positions();
      case 27 -> scan();
      case 28 -> lstm();
      case 29 -> batchProduct();
      case 30 -> picked();
      case 31 -> flipped();
      case 32 ->
          Expr.tanh(x).derived(List.of(x), (of, d) -> List.of(d.times(Expr.tanh(of.getFirst()).square().complement())));
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  /** Zeros and ones, of an input where x is one, for a comparison of inputs is exact. */
  private Expr condition(Expr x) {
    Expr fresh = x.shape().isStatic() ? parameter(x.shape()) : input(x.shape());
    return dice.oneIn(3)
        ? fresh.equal(Expr.maximum(fresh, Expr.constant(0.25)))
        : fresh.less(Expr.constant(0.125 * (dice.below(9) - 4)));
  }

  /** A new matrix, or a computed one where there is one that fits. */
  private Expr matrix(int inputs) {
    Expr computed = find(shape -> shape.rank() == 2 && shape.isStatic() && shape.size(0) == inputs);
    return computed != null && dice.oneIn(2)
        ? Expr.tanh(computed).times(0.5)
        : parameter(Shape.of(inputs, dice.width())).times(1 / Math.sqrt(inputs));
  }

  private Expr movedAlong(Expr x) {
    int size = x.shape().size(-1);
    return switch (dice.below(5)) {
      case 0 -> {
        int from = dice.below(size);
        yield x.slice(-1, from, from + 1 + dice.below(size - from));
      }
      case 1 -> x.pad(-1, dice.below(3), 1 + dice.below(2));
      case 2 -> x.every(-1, 2);
      case 3 -> size > 40 ? x : x.spread(-1, 2, 2 * size - dice.below(2));
      default -> {
        Expr other = find(s -> s.rank() >= 1 && s.rank() == x.shape().rank() && s.with(-1, 1).equals(x.shape().with(-1, 1)));
        yield Expr.concat(-1, List.of(x, Objects.requireNonNull(other), x));
      }
    };
  }

  /** Attention of a row to another: [B,F] as [B,F,1] times [B,1,G]. */
  private @Nullable Expr rowProduct() {
    Expr a = find(RandomPrograms::isRow);
    Expr b = find(RandomPrograms::isRow);
    if (a == null || b == null) {
      return null;
    }
    Expr outer = a.reshape(a.shape().insert(2, 1)).batchMatmul(b.reshape(b.shape().insert(1, 1)));
    Expr back = Expr.softmax(outer).batchMatmul(b.reshape(b.shape().insert(2, 1)));
    return dice.oneIn(2) ? outer.times(0.25) : back.reshape(a.shape());
  }

  private @Nullable Expr batchProduct() {
    Expr x = find(shape -> isSequence(shape) && shape.rank() == 3);
    return x == null ? null
        : Expr.tanh(x.transpose(1, 0, 2).batchMatmul(x.transpose(1, 2, 0)).times(0.25)).batchMatmul(x.transpose(1, 0, 2))
            .times(0.25);
  }

  private @Nullable Expr reduced(Expr x) {
    if (x.shape().rank() == 0) {
      return null;
    }
    int axis = dice.below(x.shape().rank());
    return dice.oneIn(3) ? x.max(axis)
        : dice.oneIn(3) ? x.sum(IntStream.range(0, x.shape().rank()).toArray()).times(0.02)
        : x.sum(axis).times(0.2);
  }

  private Expr reshaped(Expr x) {
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      if (x.shape().size(axis) == 1) {
        return x.reshape(x.shape().drop(axis));
      }
      if (x.shape().size(axis) > 0 && x.shape().size(axis) % 2 == 0) {
        return x.reshape(x.shape().with(axis, x.shape().size(axis) / 2).insert(axis, 2));
      }
    }
    return x.reshape(x.shape().insert(dice.below(x.shape().rank() + 1), 1));
  }

  private @Nullable Expr transposed(Expr x) {
    int rank = x.shape().rank();
    return rank < 2 ? null : x.transpose(CounterRandom.permutation(rank, dice.below(1000)));
  }

  private @Nullable Expr contracted() {
    Expr a = find(shape -> shape.rank() >= 2 && shape.size(-1) > 0);
    Expr b = a == null ? null
        : find(s -> s.rank() == a.shape().rank() && s.size(-1) > 0 && s.drop(-1).equals(a.shape().drop(-1)));
    return a == null || b == null ? null : a.contract(b).times(0.05);
  }

  private Expr ids(int rows) {
    return Expr.intInput(dice.name("ids" + rows + "_"), dice.oneIn(3) ? Shape.of(B) : Shape.of(T, B));
  }

  private @Nullable Expr scattered() {
    Expr x = find(shape -> (isSequence(shape) && shape.rank() == 3) || isRow(shape));
    return x == null ? null
        : Expr.scatterAdd(Expr.intInput(dice.name("ids7_"), x.shape().drop(-1)), x, 7).times(0.2);
  }

  private @Nullable Expr picked() {
    Expr x = find(shape -> (isSequence(shape) && shape.rank() == 3) || isRow(shape));
    return x == null ? null
        : x.pick(Expr.intInput(dice.name("ids" + x.shape().size(-1) + "_"), x.shape().drop(-1)));
  }

  private @Nullable Expr flipped() {
    Expr x = find(RandomPrograms::isSequence);
    return x == null ? null : x.flip(Expr.intInput(dice.name("lengths"), Shape.of(B)));
  }

  private Shape random() {
    return switch (dice.below(4)) {
      case 0 -> Shape.of(T, B, dice.width());
      case 1 -> Shape.of(B, T, 1);
      case 2 -> Shape.of(dice.width());
      default -> Shape.of(B, dice.width());
    };
  }

  /** Time steps and whole numbers as floats. */
  private Expr positions() {
    Expr counts = Expr.intInput(dice.name("counts"), Shape.of(B)).cast();
    Expr place = Expr.index(Shape.of(T, B, dice.width()), dice.oneIn(2) ? 0 : 2);
    Expr both = place.less(counts.reshape(Shape.of(B, 1)));
    return dice.oneIn(3) ? counts.times(0.125) : dice.oneIn(2) ? place.times(0.125) : both;
  }

  // ---- loops -------------------------------------------------------------------------------

  private @Nullable Expr lengths() {
    if (dice.oneIn(2)) {
      return null;
    }
    Expr lengths = Expr.intInput(dice.name("lengths"), Shape.of(B));
    return dice.oneIn(4) ? lengths.steps(1, 2) : lengths;
  }

  private Expr initial() {
    Expr known = find(RandomPrograms::isRow);
    return known != null && dice.oneIn(2) ? known
        : dice.oneIn(2) ? Expr.full(0, Shape.of(B, dice.width()))
        : input(Shape.of(B, dice.width()));
  }

  private @Nullable Expr lstm() {
    Expr x = find(shape -> isSequence(shape) && shape.rank() == 3);
    if (x == null) {
      return null;
    }
    Expr h = initial();
    Expr c = dice.oneIn(2) ? Expr.full(0, h.shape()) : input(h.shape());
    Equations.Run run = Equations.lstm(x, h, c, dice.name("lstm") + ".", lengths(), dice.oneIn(2));
    add(run.h());
    return run.output();
  }

  private Expr scan() {
    List<Expr> elements = new ArrayList<>();
    for (int i = dice.below(3); i > 0; i--) {
      Expr sequence = find(RandomPrograms::isSequence);
      if (sequence != null) {
        elements.add(sequence);
      }
    }
    List<Expr> initials = new ArrayList<>(List.of(initial()));
    if (dice.oneIn(2)) {
      initials.add(initial());
    }
    Expr scan =
        Scans.scan(elements, initials, lengths(), dice.oneIn(2), (current, states) -> body(current, states));
    int ys = Scans.of(scan).body().ys().size();
    for (int i = 1; i < ys; i++) {
      add(scan.part(i));
    }
    for (int i = 0; i < initials.size(); i++) {
      add(scan.part(Scans.lastState(scan, i)));
      if (!dice.training && dice.oneIn(3)) {
        add(scan.part(Scans.history(scan, i)));
      }
    }
    return scan.part(0);
  }

  private Scans.Step body(List<Expr> current, List<Expr> states) {
    RandomPrograms body = new RandomPrograms(dice);
    body.pool.addAll(current);
    body.pool.addAll(states);
    for (Expr outer : pool) {
      boolean fits = isRow(outer.shape()) || (outer.shape().rank() < 2 && isStatic(outer.shape(), 0));
      if (fits && dice.oneIn(3)) {
        body.pool.add(outer);
      }
    }
    int target = body.pool.size() + 6;
    for (int kind = dice.below(ROW_WISE); body.pool.size() < target; kind = (kind + 7) % ROW_WISE) {
      body.add(body.step(kind));
    }
    List<Expr> nexts = new ArrayList<>();
    for (Expr state : states) {
      nexts.add(body.next(state));
    }
    List<Expr> ys = new ArrayList<>();
    for (int i = 1 + dice.below(2); i > 0; i--) {
      ys.add(Objects.requireNonNull(body.find(shape -> shape.rank() >= 1 && shape.size(0) == B && isStatic(shape, 1))));
    }
    return new Scans.Step(nexts, ys);
  }

  /** The next of a state: through a gate, so that no state grows. */
  private Expr next(Expr state) {
    int units = state.shape().size(-1);
    Expr source = Objects.requireNonNull(find(RandomPrograms::isRow));
    Expr change =
        source.matmul(parameter(Shape.of(source.shape().size(-1), units)).times(0.5))
            .plus(state.matmul(parameter(Shape.of(units, units)).times(0.25)))
            .plus(parameter(Shape.of(units)));
    Expr gate = Expr.sigmoid(change);
    return switch (dice.below(3)) {
      case 0 -> Expr.tanh(change);
      case 1 -> gate.times(state).plus(gate.complement().times(Expr.tanh(source.sum(-1))));
      default -> state.times(0.5).plus(gate);
    };
  }

  /** How often each operation occurs in some programs, by its word without numbers; loops entered. */
  public static Map<String, Integer> census(List<Expr> roots) {
    Map<String, Integer> counts = new java.util.TreeMap<>();
    for (Expr node : Graph.topological(roots)) {
      counts.merge(
          node.op() instanceof Enum<?> named ? named.name() : node.op().getClass().getSimpleName(), 1, Integer::sum);
      if (node.op() instanceof Op.Scan scan) {
        counts.merge((scan.reverse() ? "reverse " : "") + (scan.masked() ? "masked " : "") + "scan", 1, Integer::sum);
        census(scan.body().roots()).forEach((op, count) -> counts.merge(op, count, Integer::sum));
      }
    }
    return counts;
  }
}

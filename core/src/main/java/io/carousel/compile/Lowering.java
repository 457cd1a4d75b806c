package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns expressions into stages: decides what is computed in one loop with what, and where results
 * lie.
 *
 * <p>The nodes of a block, the whole program or the body of a scan, are put in levels. In each level
 * first the products, reductions and loops run, then all elementwise work of one shape as one loop.
 * Movement costs nothing: it is another view of the same memory. What goes into a concatenation, a
 * state, a sequence or a result is written there directly.
 */
final class Lowering {
  /** More operations than this in one loop make methods that the JIT compiles badly or never. */
  private static final int BUDGET = 60;

  private final List<Buffer> buffers;
  private final @Nullable Lowering parent;
  private final List<Stage> stages = new ArrayList<>();
  private final Map<Expr, View> views = new IdentityHashMap<>();
  private final Map<Expr, List<View>> targets = new IdentityHashMap<>();
  private final Map<View, Stage.Packed> packed = new HashMap<>();
  private final Map<Expr, List<Expr>> users = new IdentityHashMap<>();
  private final Map<Expr, Integer> levels = new IdentityHashMap<>();
  /** Sums that are products with a start value, and which operand is the product. */
  private final Map<Expr, Expr> started = new IdentityHashMap<>();
  private final Set<Expr> absorbed = Collections.newSetFromMap(new IdentityHashMap<>());
  /** Nodes that depend on parameters alone. */
  private final Set<Expr> prepared = Collections.newSetFromMap(new IdentityHashMap<>());

  private List<Expr> order = List.of();

  private Lowering(List<Buffer> buffers, @Nullable Lowering parent) {
    this.buffers = buffers;
    this.parent = parent;
  }

  /** The stages and buffers of a program. */
  record Plan(List<Stage> stages, List<Buffer> buffers) {}

  /** The plan for some results. */
  static Plan lower(List<Expr> roots) {
    Lowering block = new Lowering(new ArrayList<>(), null);
    Map<Expr, List<View>> wanted = new IdentityHashMap<>();
    for (int i = 0; i < roots.size(); i++) {
      Buffer out = block.buffer(Buffer.Kind.OUTPUT, Integer.toString(i), Extent.count(roots.get(i).shape()));
      wanted.computeIfAbsent(roots.get(i), r -> new ArrayList<>()).add(View.dense(out, roots.get(i).shape()));
    }
    block.run(roots, wanted);
    for (int i = 0; i < block.stages.size(); i++) {
      for (View view : block.stages.get(i).views()) {
        view.buffer().touch(i);
      }
    }
    return new Plan(List.copyOf(block.stages), List.copyOf(block.buffers));
  }

  // ---- the order of work -------------------------------------------------------------------

  private void run(List<Expr> roots, Map<Expr, List<View>> wanted) {
    order = Graph.topological(roots);
    for (Expr node : order) {
      for (Expr arg : node.args()) {
        users.computeIfAbsent(arg, n -> new ArrayList<>()).add(node);
      }
    }
    targets.putAll(wanted);
    for (Expr node : order) {
      leaf(node);
      boolean fixed =
          node.op() instanceof Op.Parameter || Simplify.value(node) != null
              || !node.args().isEmpty() && prepared.containsAll(node.args());
      if (fixed && !targets.containsKey(node) && !(node.op() instanceof Op.Scan)) {
        prepared.add(node);
      }
    }
    for (Expr node : order) {
      absorb(node);
    }
    for (int i = order.size() - 1; i >= 0; i--) {
      share(order.get(i));
    }
    level();
    int top = 0;
    for (Expr node : order) {
      top = Math.max(top, levels.get(node));
    }
    for (int level = 0; level <= top; level++) {
      for (Expr node : order) {
        if (levels.get(node) == level && isHeavy(node) && !absorbed.contains(node) && !views.containsKey(node)) {
          heavy(node);
        }
      }
      elementwise(level);
    }
    for (Expr root : wanted.keySet().stream().sorted(java.util.Comparator.comparingInt(roots::indexOf)).toList()) {
      if (views.containsKey(root) && isWritten(root)) {
        continue;
      }
      View from = view(root);
      for (View to : wanted.getOrDefault(root, List.of())) {
        copy(from, to);
      }
    }
  }

  /** True for the nodes whose stage writes all their targets itself. */
  private boolean isWritten(Expr node) {
    return Simplify.value(node) == null
        && (isHeavy(node) && !(node.op() instanceof Op.Scan) && !isScanView(node) || node.op().isElementwise());
  }

  /** Last states and histories are views of the loop's buffers and have to be copied. */
  private static boolean isScanView(Expr node) {
    return node.op() instanceof Op.Part part && part.number() >= Scans.of(node.arg(0)).body().ys().size();
  }

  private void leaf(Expr node) {
    switch (node.op()) {
      case Op.Input i -> bind(node, Buffer.Kind.INPUT, i.name());
      case Op.IntInput i -> bind(node, Buffer.Kind.INT_INPUT, i.name());
      case Op.Parameter p -> bind(node, Buffer.Kind.PARAMETER, p.name());
      default -> {}
    }
  }

  private void bind(Expr node, Buffer.Kind kind, String name) {
    for (Buffer known : buffers) {
      if (known.kind() == kind && known.name().equals(name)) {
        if (!known.size().equals(Extent.count(node.shape()))) {
          throw new IllegalArgumentException("compile: " + name + " is used with two different sizes");
        }
        views.put(node, View.dense(known, node.shape()));
        return;
      }
    }
    views.put(node, View.dense(buffer(kind, name, Extent.count(node.shape())), node.shape()));
  }

  /** A sum with a product that nobody else uses is that product, started from the other operand. */
  private void absorb(Expr node) {
    if (node.op() != Op.Binary.ADD) {
      return;
    }
    for (int i = 1; i >= 0; i--) {
      Expr product = node.arg(i);
      boolean alone =
          product.op() instanceof Op.Matmul && users.get(product).size() == 1 && !targets.containsKey(product);
      if (alone) {
        started.put(node, product);
        absorbed.add(product);
        return;
      }
    }
  }

  /** Gives the operands of a concatenation their places in it. */
  private void share(Expr node) {
    if (!(node.op() instanceof Op.Concat concat) || views.containsKey(node)) {
      return;
    }
    List<View> wanted = targets.get(node);
    View whole = wanted == null ? fresh(node) : wanted.getFirst();
    targets.put(node, wanted == null ? List.of(whole) : wanted);
    int from = 0;
    for (Expr part : node.args()) {
      int to = from + part.shape().size(concat.axis());
      boolean own = part.op().isElementwise() || part.op() instanceof Op.Matmul || part.op() instanceof Op.Gather
          || part.op() instanceof Op.Part && !isScanView(part) || part.op() instanceof Op.Concat;
      if (own && !targets.containsKey(part) && !absorbed.contains(part) && Simplify.value(part) == null
          && !prepared.contains(part)) {
        targets.put(part, List.of(whole.slice(concat.axis(), from, to)));
      }
      from = to;
    }
  }

  private boolean isHeavy(Expr node) {
    return started.containsKey(node)
        || switch (node.op()) {
          case Op.Matmul m -> true;
          case Op.Contract c -> true;
          case Op.BatchMatmul b -> true;
          case Op.Gather g -> true;
          case Op.ScatterAdd s -> true;
          case Op.Sum s -> true;
          case Op.Max m -> true;
          case Op.Softmax s -> true;
          case Op.LogSumExp l -> true;
          case Op.Concat c -> true;
          case Op.Pad p -> true;
          case Op.Scan s -> true;
          case Op.Part p -> true;
          case Op.Random r -> true;
          case Op.Index i -> true;
          case Op.Cast c -> true;
          default -> false;
        };
  }

  private boolean isLoopWork(Expr node) {
    return node.op().isElementwise() && !started.containsKey(node) && Simplify.value(node) == null;
  }

  /** True if the two may be in one elementwise loop. */
  private boolean together(Expr user, Expr arg) {
    return isLoopWork(user) && isLoopWork(arg) && arg.shape().equals(user.shape())
        && prepared.contains(user) == prepared.contains(arg);
  }

  private void level() {
    for (Expr node : order) {
      int level = 0;
      List<Expr> args = new ArrayList<>(node.args());
      if (started.get(node) instanceof Expr product) {
        args.addAll(product.args());
      }
      for (Expr arg : args) {
        boolean together = together(node, arg);
        level = Math.max(level, levels.get(arg) + (isLoopWork(arg) && !together ? 1 : 0));
      }
      levels.put(node, level);
    }
    // Contractions with the same right side are done together, when the last of them can be.
    for (Expr node : order) {
      if (node.op() instanceof Op.Contract) {
        List<Expr> together = sharing(node.arg(1));
        int last = together.stream().mapToInt(levels::get).max().orElse(0);
        if (together.stream().allMatch(this::isTerminal)) {
          together.forEach(one -> levels.put(one, last));
        }
      }
    }
    // Elementwise work waits for its first user, so that what nobody else needs is never stored.
    for (int i = order.size() - 1; i >= 0; i--) {
      Expr node = order.get(i);
      if (!isLoopWork(node) || targets.containsKey(node)) {
        continue;
      }
      int first = Integer.MAX_VALUE;
      for (Expr user : users.getOrDefault(node, List.of())) {
        first = together(user, node) ? Math.min(first, levels.get(user)) : -1;
        if (first < 0) {
          break;
        }
      }
      if (first > levels.get(node) && first < Integer.MAX_VALUE) {
        levels.put(node, first);
      }
    }
  }

  /** True if nothing but results and views depends on the node, so that it may be computed late. */
  private boolean isTerminal(Expr node) {
    for (Expr user : users.getOrDefault(node, List.of())) {
      if (isHeavy(user) || isLoopWork(user) || !isTerminal(user)) {
        return false;
      }
    }
    return true;
  }

  // ---- elementwise work --------------------------------------------------------------------

  private void elementwise(int level) {
    record Kind(Shape shape, boolean prepared) {}
    Map<Kind, List<Expr>> groups = new java.util.LinkedHashMap<>();
    for (Expr node : order) {
      if (levels.get(node) == level && isLoopWork(node)) {
        groups.computeIfAbsent(new Kind(node.shape(), prepared.contains(node)), k -> new ArrayList<>()).add(node);
      }
    }
    for (List<Expr> group : groups.values()) {
      List<Expr> chunk = new ArrayList<>();
      int cost = 0;
      for (Expr node : group) {
        int own = cost(node);
        if (cost + own > BUDGET && !chunk.isEmpty()) {
          loop(chunk);
          chunk.clear();
          cost = 0;
        }
        chunk.add(node);
        cost += own;
      }
      loop(chunk);
    }
  }

  private static int cost(Expr node) {
    return node.op() instanceof Op.Unary u
        ? switch (u) {
          case EXP, LOG -> 12;
          case TANH, SIGMOID -> 10;
          case NEGATE, SQRT, ABS -> 1;
        }
        : 1;
  }

  /** One loop for a chunk of nodes of one shape and level. */
  private void loop(List<Expr> chunk) {
    Set<Expr> inside = Collections.newSetFromMap(new IdentityHashMap<>());
    inside.addAll(chunk);
    Map<Expr, Expr> replaced = new IdentityHashMap<>();
    Map<View, Expr> operands = new HashMap<>();
    List<View> inputs = new ArrayList<>();
    List<Expr> roots = new ArrayList<>();
    List<View> outputs = new ArrayList<>();
    Map<Expr, View> made = new IdentityHashMap<>();
    for (Expr node : chunk) {
      List<Expr> args = new ArrayList<>();
      for (Expr arg : node.args()) {
        if (inside.contains(arg)) {
          args.add(replaced.get(arg));
        } else if (Simplify.value(arg) != null) {
          args.add(arg);
        } else {
          View view = steady(view(arg));
          args.add(
              operands.computeIfAbsent(
                  view,
                  v -> {
                    inputs.add(v);
                    return Expr.placeholder(Op.Role.ELEMENT, inputs.size() - 1, node.shape());
                  }));
        }
      }
      Expr inner = node.withArgs(args);
      replaced.put(node, inner);
      List<View> wanted = targets.get(node);
      boolean stored = wanted != null;
      for (Expr user : users.getOrDefault(node, List.of())) {
        stored |= !inside.contains(user);
      }
      if (stored) {
        for (View out : wanted == null ? List.of(fresh(node)) : wanted) {
          roots.add(inner);
          outputs.add(out);
          made.putIfAbsent(node, out);
        }
      }
    }
    stages.add(new Stage.Elementwise(List.copyOf(inputs), List.copyOf(roots), List.copyOf(outputs)));
    views.putAll(made);
  }

  /** A view whose last axis can be walked in a loop: step 0 or 1. */
  private View steady(View view) {
    for (int axis = view.shape().rank() - 1; axis >= 0; axis--) {
      if (view.shape().size(axis) != 1) {
        Extent step = view.step(axis);
        return step.equals(Extent.ONE) || step.equals(Extent.ZERO) ? view : copied(view);
      }
    }
    return view;
  }

  // ---- everything else ---------------------------------------------------------------------

  private void heavy(Expr node) {
    switch (node.op()) {
      case Op.Matmul m -> product(node, node, null);
      case Op.Binary sum -> {
        Expr matmul = java.util.Objects.requireNonNull(started.get(node));
        product(node, matmul, node.arg(0) == matmul ? node.arg(1) : node.arg(0));
      }
      case Op.Contract c -> contract(node);
      case Op.BatchMatmul b -> {
        View left = view(node.arg(0));
        View right = view(node.arg(1));
        written(node, v -> true, out -> new Stage.BatchProduct(left, right, out));
      }
      case Op.Gather g -> {
        View table = rows(view(node.arg(0)));
        View indices = view(node.arg(1));
        written(node, v -> isRows(v), out -> new Stage.Gather(table, indices, out));
      }
      case Op.ScatterAdd s -> {
        View rows = rows(view(node.arg(1)));
        written(node, v -> v.isDense(), out -> new Stage.ScatterAdd(view(node.arg(0)), rows, out));
      }
      case Op.Sum s -> {
        View in = view(node.arg(0));
        written(node, v -> true, out -> new Stage.Sum(in, out, s.axes()));
      }
      case Op.Max m -> {
        View in = view(node.arg(0));
        written(node, v -> true, out -> new Stage.Max(in, out, m.axis()));
      }
      case Op.Softmax s -> {
        View in = rows(view(node.arg(0)));
        written(node, v -> isRows(v), out -> new Stage.Softmax(in, out));
      }
      case Op.LogSumExp l -> {
        View in = rows(view(node.arg(0)));
        written(node, v -> v.isDense(), out -> new Stage.LogSumExp(in, out));
      }
      case Op.Concat c -> concat(node, c.axis());
      case Op.Pad p -> {
        View in = view(node.arg(0));
        View out = targets.containsKey(node) ? targets.get(node).getFirst() : fresh(node);
        stages.add(new Stage.Fill(0, out));
        copy(in, out.slice(p.axis(), p.before(), p.before() + in.shape().size(p.axis())));
        done(node, out);
      }
      case Op.Random r -> written(node, v -> v.isDense(), out -> new Stage.Random(r.stream(), out));
      case Op.Index i -> written(node, v -> v.isDense(), out -> new Stage.Index(i.axis(), out));
      case Op.Cast c -> {
        View in = view(node.arg(0));
        written(node, v -> v.isDense(), out -> new Stage.Cast(in, out));
      }
      case Op.Scan s -> scan(node, s);
      case Op.Part p -> {} // set by its scan
      default -> throw new IllegalStateException("compile: no stage for " + node.op().word());
    }
  }

  /** Writes a node by one stage to its first target, if that has the right form, and copies on. */
  private void written(
      Expr node, java.util.function.Predicate<View> fits, java.util.function.Function<View, Stage> stage) {
    List<View> wanted = targets.get(node);
    View out = wanted != null && fits.test(wanted.getFirst()) ? wanted.getFirst() : fresh(node);
    stages.add(stage.apply(out));
    done(node, out);
  }

  private void done(Expr node, View out) {
    views.put(node, out);
    for (View to : targets.getOrDefault(node, List.of())) {
      if (to != out) {
        copy(out, to);
      }
    }
  }

  /** All contractions with the same right side, and its column sums, in one pass over it. */
  private void contract(Expr node) {
    Expr right = node.arg(1);
    List<View> lefts = new ArrayList<>();
    List<View> outs = new ArrayList<>();
    List<Expr> together = sharing(right);
    if (!together.stream().allMatch(one -> isTerminal(one) && !views.containsKey(one))) {
      together = List.of(node);
    }
    View sums = null;
    View b = rows(view(right));
    for (Expr one : together) {
      List<View> wanted = targets.get(one);
      View out = wanted != null && wanted.getFirst().isDense() ? wanted.getFirst() : fresh(one);
      if (one.op() instanceof Op.Contract) {
        lefts.add(rows(view(one.arg(0))));
        outs.add(out);
      } else {
        sums = out;
      }
      views.put(one, out);
    }
    stages.add(new Stage.Contract(List.copyOf(lefts), b, List.copyOf(outs), sums));
    for (Expr one : together) {
      done(one, view(one));
    }
  }

  /** The contractions with this right side, and at most one sum over all its rows. */
  private List<Expr> sharing(Expr right) {
    List<Expr> found = new ArrayList<>();
    boolean summed = false;
    for (Expr user : users.getOrDefault(right, List.of())) {
      boolean contraction = user.op() instanceof Op.Contract && user.arg(1) == right;
      boolean sum = user.op() instanceof Op.Sum s && !summed && s.axes().size() == right.shape().rank() - 1
          && !s.axes().contains(right.shape().rank() - 1);
      if ((contraction || sum) && !found.contains(user)) {
        found.add(user);
        summed |= sum;
      }
    }
    return found;
  }

  private void product(Expr node, Expr matmul, @Nullable Expr start) {
    View a = rows(view(matmul.arg(0)));
    View begin = start == null ? null : rows(view(start));
    Stage.Packed matrix = pack(matmul.arg(1));
    written(node, Lowering::isRows, out -> new Stage.Product(a, matrix, out, begin));
  }

  private Stage.Packed pack(Expr matrix) {
    if (parent != null && !(matrix.op() instanceof Op.Placeholder p && p.role() == Op.Role.CAPTURED)) {
      throw new IllegalArgumentException(
          "compile: inside a scan, the matrix of a product must come from outside; use batchMatmul");
    }
    View view = view(matrix);
    if (parent != null) {
      return parent.pack(view, isPrepared(view));
    }
    return pack(view, prepared.contains(matrix));
  }

  private Stage.Packed pack(View view, boolean fixed) {
    if (parent != null) {
      return parent.pack(view, fixed);
    }
    return packed.computeIfAbsent(
        view,
        v -> {
          Stage.Packed result = new Stage.Packed(v, fixed);
          stages.add(new Stage.Pack(result));
          return result;
        });
  }

  private static boolean isPrepared(View view) {
    return view.buffer().kind() == Buffer.Kind.PARAMETER || view.buffer().kind() == Buffer.Kind.PREPARED;
  }

  private void concat(Expr node, int axis) {
    View whole = targets.get(node).getFirst();
    int from = 0;
    for (Expr part : node.args()) {
      int to = from + part.shape().size(axis);
      View place = whole.slice(axis, from, to);
      if (Simplify.value(part) instanceof Double number) {
        stages.add(new Stage.Fill(number, place));
      } else if (!place.equals(view(part))) {
        copy(view(part), place);
      }
      from = to;
    }
    done(node, whole);
  }

  /** A view whose leading axes are one axis of rows with a fixed step, and whose last has step 1. */
  private View rows(View view) {
    return isRows(view) ? view : copied(view);
  }

  static boolean isRows(View view) {
    if (view.shape().rank() > 0 && view.shape().size(-1) != 1 && !view.step(-1).equals(Extent.ONE)) {
      return false;
    }
    return rowStep(view) != null;
  }

  /** The step from row to row if all leading axes collapse to one of a fixed step, else null. */
  static @Nullable Integer rowStep(View view) {
    Extent step = null;
    Extent next = null; // the step that the axis before must have
    for (int axis = view.shape().rank() - 2; axis >= 0; axis--) {
      if (view.shape().size(axis) == 1) {
        continue;
      }
      Extent own = view.step(axis);
      if (step == null) {
        step = own;
      } else if (!own.equals(next)) {
        return null;
      }
      next = own.times(view.shape().size(axis));
    }
    return step == null ? Integer.valueOf(0) : step.isStatic() ? Integer.valueOf(step.number()) : null;
  }

  // ---- scans -------------------------------------------------------------------------------

  private void scan(Expr scan, Op.Scan op) {
    Op.Body body = op.body();
    Map<Integer, Expr> parts = new HashMap<>();
    for (Expr user : users.getOrDefault(scan, List.of())) {
      parts.put(((Op.Part) user.op()).number(), user);
    }
    Lowering inner = new Lowering(buffers, this);
    Map<Expr, Expr> constants = new IdentityHashMap<>();
    List<Expr> roots =
        Graph.rewrite(
            body.roots(),
            constants,
            node -> {
              if (!(node.op() instanceof Op.Placeholder p) || p.role() == Op.Role.STATE) {
                return node;
              }
              Expr outer =
                  p.role() == Op.Role.ELEMENT ? scan.arg(p.number()) : Scans.captured(scan).get(p.number());
              return Simplify.value(outer) instanceof Double number ? Expr.full(number, node.shape()) : node;
            });

    int states = body.states().size();
    List<Stage.State> plans = new ArrayList<>();
    List<View> before = new ArrayList<>();
    Map<Expr, List<View>> wanted = new IdentityHashMap<>();
    for (int i = 0; i < states; i++) {
      Shape shape = body.states().get(i);
      if (shape.rank() < 1 || shape.size(0) != Shape.B) {
        throw new IllegalArgumentException("compile: the states of a scan must be [B,…], got " + shape);
      }
      Expr history = parts.get(Scans.history(scan, i));
      Expr last = parts.get(Scans.lastState(scan, i));
      Extent slot = Extent.count(shape);
      View old;
      View now;
      if (history != null) {
        // One slot more than steps: slot t holds the state before step t, or after it in reverse.
        Buffer buffer = buffer(Buffer.Kind.WORK, "", slot.times(Shape.T).plus(slot));
        View first =
            new View(buffer, Extent.ZERO, shape, View.denseSteps(shape), View.Slot.TIME, slot);
        View second =
            new View(buffer, slot, shape, View.denseSteps(shape), View.Slot.TIME, slot);
        old = op.reverse() ? second : first;
        now = op.reverse() ? first : second;
        Shape all = shape.insert(0, Shape.T);
        views.put(
            history,
            new View(
                buffer, op.reverse() ? slot : Extent.ZERO, all, View.denseSteps(all), View.Slot.NONE, Extent.ZERO));
      } else {
        Buffer buffer = buffer(Buffer.Kind.WORK, "", slot.scaled(2));
        old = new View(buffer, Extent.ZERO, shape, View.denseSteps(shape), View.Slot.OLD, slot);
        now = new View(buffer, Extent.ZERO, shape, View.denseSteps(shape), View.Slot.NEW, slot);
      }
      View end = last == null ? null : fresh(last);
      if (end != null) {
        views.put(java.util.Objects.requireNonNull(last), end);
      }
      plans.add(new Stage.State(view(Scans.initials(scan).get(i)), old, now, end));
      before.add(old);
      wanted.computeIfAbsent(roots.get(i), r -> new ArrayList<>()).add(now);
    }
    List<View> outputs = new ArrayList<>();
    Overlay overlay = Overlay.of(this, scan, roots);
    for (int k = 0; k < body.ys().size(); k++) {
      Expr part = parts.get(k);
      if (part == null) {
        continue;
      }
      View history = k >= op.kept() || !op.masked() ? storedAs(roots.get(states + k), roots.subList(0, states), plans) : null;
      if (history != null && !targets.containsKey(part)) {
        views.put(part, history);
        continue;
      }
      List<View> places = targets.getOrDefault(part, List.of());
      View spent = places.isEmpty() && k >= op.kept() ? overlay.place(roots.get(states + k)) : null;
      View sequence = spent != null ? spent : places.isEmpty() ? fresh(part) : places.getFirst();
      views.put(part, sequence);
      wanted.computeIfAbsent(roots.get(states + k), r -> new ArrayList<>()).add(sequence.now());
      if (k < op.kept()) {
        outputs.add(sequence.now());
      }
    }
    for (Expr node : Graph.topological(roots)) {
      if (node.op() instanceof Op.Placeholder p && p.scope() == 0) {
        switch (p.role()) {
          case ELEMENT -> inner.views.put(node, view(scan.arg(p.number())).now());
          case STATE -> inner.views.put(node, before.get(p.number()));
          case CAPTURED -> inner.views.put(node, view(Scans.captured(scan).get(p.number())));
        }
      }
    }
    Expr lengths = Scans.lengths(scan);
    inner.run(roots, wanted);
    stages.add(
        new Stage.Loop(
            op.reverse(),
            lengths == null ? null : view(lengths),
            List.copyOf(plans),
            List.copyOf(outputs),
            List.copyOf(inner.stages)));
    for (int k = 0; k < body.ys().size(); k++) {
      List<View> places = parts.get(k) == null ? List.of() : targets.getOrDefault(parts.get(k), List.of());
      for (int i = 1; i < places.size(); i++) {
        copy(places.getFirst(), places.get(i));
      }
    }
  }

  /**
   * Memory that a loop can write its kept outputs to: a sequence that nobody reads but the products
   * that start from it. What depends on those products is written when the element has been read, to
   * lines that are in the cache already.
   */
  private record Overlay(@Nullable View sequence, Set<Expr> after, int[] used) {
    static Overlay of(Lowering block, Expr scan, List<Expr> roots) {
      Map<Expr, Integer> uses = Graph.uses(roots);
      List<Expr> order = Graph.topological(roots);
      for (int e = 0; e < Scans.elements(scan).size(); e++) {
        Expr outer = scan.arg(e);
        View view = block.users.get(outer).size() == 1 && !block.targets.containsKey(outer) && Simplify.value(outer) == null
            ? block.view(outer) : null;
        boolean own = view != null && view.buffer().kind() == Buffer.Kind.WORK && view.isDense()
            && outer.shape().rank() == 3 && !(outer.op() instanceof Op.Part) && block.isHeavy(outer);
        int number = e;
        List<Expr> readers = order.stream().filter(n -> n.args().stream().anyMatch(a -> isElement(a, number))).toList();
        if (own && !readers.isEmpty() && readers.stream().allMatch(n -> startsProduct(n, number, uses))) {
          Set<Expr> after = Collections.newSetFromMap(new IdentityHashMap<>());
          after.addAll(readers);
          for (Expr node : order) {
            if (node.args().stream().anyMatch(after::contains)) {
              after.add(node);
            }
          }
          return new Overlay(view, after, new int[] {0});
        }
      }
      return new Overlay(null, Set.of(), new int[] {0});
    }

    private static boolean isElement(Expr node, int number) {
      return node.op() instanceof Op.Placeholder p && p.role() == Op.Role.ELEMENT && p.number() == number && p.scope() == 0;
    }

    private static boolean startsProduct(Expr node, int number, Map<Expr, Integer> uses) {
      return node.op() == Op.Binary.ADD && uses.get(node.arg(0)) == 1 && node.arg(0).op() instanceof Op.Matmul
          && isElement(node.arg(1), number);
    }

    /** The place for a kept output, or null if it does not depend on the products or there is no room. */
    @Nullable View place(Expr output) {
      int width = output.shape().rank() == 2 ? output.shape().size(1) : -1;
      boolean fits = sequence != null && after.contains(output) && output.op().isElementwise() && width > 0
          && used[0] + width <= sequence.shape().size(2);
      if (!fits) {
        return null;
      }
      used[0] += width;
      return sequence.slice(2, used[0] - width, used[0]);
    }
  }

  /** All states after their steps, if the output is such a state and its history is stored. */
  private static @Nullable View storedAs(Expr output, List<Expr> nexts, List<Stage.State> plans) {
    int i = nexts.indexOf(output);
    if (i < 0 || plans.get(i).after().slot() != View.Slot.TIME) {
      return null;
    }
    View after = plans.get(i).after();
    Shape all = after.shape().insert(0, Shape.T);
    return new View(after.buffer(), after.offset(), all, View.denseSteps(all), View.Slot.NONE, Extent.ZERO);
  }

  // ---- views and buffers -------------------------------------------------------------------

  /** Where a node lies; moves nothing unless it must. */
  private View view(Expr node) {
    View known = views.get(node);
    if (known != null) {
      return known;
    }
    View made;
    if (Simplify.value(node) instanceof Double number) {
      made = View.dense(buffer(prepared.contains(node) && node.shape().isStatic() ? Buffer.Kind.PREPARED : Buffer.Kind.WORK, "", Extent.ONE), Shape.SCALAR);
      stages.add(new Stage.Fill(number, made));
      made = made.broadcast(node.shape());
    } else {
      View arg = view(node.arg(0));
      made =
          switch (node.op()) {
            case Op.Slice s -> arg.slice(s.axis(), s.from(), s.to());
            case Op.Transpose t -> arg.transpose(t.order());
            case Op.Broadcast b -> arg.broadcast(node.shape());
            case Op.Reshape r -> {
              View reshaped = arg.reshape(node.shape());
              yield reshaped != null
                  ? reshaped
                  : java.util.Objects.requireNonNull(copied(arg).reshape(node.shape()));
            }
            default -> throw new IllegalStateException("compile: " + node.op().word() + " has not been computed yet");
          };
    }
    views.put(node, made);
    return made;
  }

  private View fresh(Expr node) {
    boolean fixed = prepared.contains(node) && node.shape().isStatic();
    return View.dense(
        buffer(fixed ? Buffer.Kind.PREPARED : Buffer.Kind.WORK, "", Extent.count(node.shape())), node.shape());
  }

  private Buffer buffer(Buffer.Kind kind, String name, Extent size) {
    Buffer buffer = new Buffer(kind, name, size, buffers.size());
    buffers.add(buffer);
    return buffer;
  }

  private View copied(View view) {
    boolean outer = parent != null && view.slot() == View.Slot.NONE && !(view.shape().rank() > 0 && view.shape().size(0) == Shape.B);
    if (outer) {
      return java.util.Objects.requireNonNull(parent).copied(view);
    }
    boolean fixed = isPrepared(view) && view.shape().isStatic();
    View dense =
        View.dense(
            buffer(fixed ? Buffer.Kind.PREPARED : Buffer.Kind.WORK, "", Extent.count(view.shape())), view.shape());
    copy(view, dense);
    return dense;
  }

  private void copy(View from, View to) {
    stages.add(new Stage.Copy(from, to));
  }
}

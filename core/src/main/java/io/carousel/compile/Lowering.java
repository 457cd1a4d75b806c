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
  private final List<Buffer> buffers;
  private final @Nullable Lowering parent;
  private final List<Stage> stages = new ArrayList<>();
  private final Map<Expr, View> views = new IdentityHashMap<>();
  private final Map<Expr, List<View>> targets = new IdentityHashMap<>();
  private final Map<View, Stage.Packed> packed = new HashMap<>();
  private List<Expr> order = List.of();
  private Levels levels = new Levels(List.of(), node -> false, node -> false, false);
  /** The buffers of the workspace that were made for this block. */
  private final Set<Buffer> own = Collections.newSetFromMap(new IdentityHashMap<>());

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
    Layout.overwrite(block.stages);
    return new Plan(List.copyOf(block.stages), List.copyOf(block.buffers));
  }

  // ---- the order of work -------------------------------------------------------------------

  void run(List<Expr> roots, Map<Expr, List<View>> wanted) {
    order = Graph.topological(roots);
    targets.putAll(wanted);
    order.forEach(this::leaf);
    levels = new Levels(order, targets::containsKey, this::isPacked, parent != null);
    for (int i = order.size() - 1; i >= 0; i--) {
      share(order.get(i));
    }
    levels.assign();
    for (int level = 0; level <= levels.top(); level++) {
      for (Expr node : order) {
        if (levels.level(node) == level && levels.isHeavy(node) && !levels.isAbsorbed(node) && !views.containsKey(node)) {
          heavy(node);
        }
      }
      Fusion.lower(this, order, level);
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
        && ((levels.isHeavy(node) && !(node.op() instanceof Op.Scan) && !isScanView(node)) || levels.isLoopWork(node));
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
          || (part.op() instanceof Op.Part && !isScanView(part)) || part.op() instanceof Op.Concat;
      // An elementwise loop writes to several places as easily as to one.
      boolean free = !targets.containsKey(part) || part.op().isElementwise();
      if (own && free && !levels.isAbsorbed(part) && Simplify.value(part) == null && !levels.isPrepared(part)) {
        List<View> places = new ArrayList<>(targets(part));
        places.add(whole.slice(concat.axis(), from, to));
        targets.put(part, List.copyOf(places));
      }
      from = to;
    }
  }

  // ---- everything else ---------------------------------------------------------------------

  private void heavy(Expr node) {
    switch (node.op()) {
      case Op.Matmul m -> product(node, node, null);
      case Op.Binary sum -> {
        Expr matmul = java.util.Objects.requireNonNull(levels.started(node));
        product(node, matmul, node.args().indexOf(matmul) == 0 ? node.arg(1) : node.arg(0));
      }
      case Op.Contract c -> contract(node);
      case Op.BatchMatmul b -> {
        View left = view(node.arg(0));
        View right = view(node.arg(1));
        written(node, v -> true, out -> new Stage.BatchProduct(left, right, out));
      }
      case Op.Gather g -> {
        View table = lines(view(node.arg(0)));
        View indices = view(node.arg(1));
        written(node, View::isLines, out -> new Stage.Gather(table, indices, out));
      }
      case Op.ScatterAdd s -> {
        View rows = lines(view(node.arg(1)));
        written(node, v -> v.isDense(), out -> new Stage.ScatterAdd(view(node.arg(0)), rows, out));
      }
      case Op.Pick p -> {
        View in = lines(view(node.arg(0)));
        View indices = view(node.arg(1));
        written(node, v -> v.isDense(), out -> new Stage.Pick(in, indices, out));
      }
      case Op.Sum s -> sum(node);
      case Op.Max m -> {
        View in = view(node.arg(0));
        written(node, v -> true, out -> new Stage.Max(in, out, m.axis()));
      }
      case Op.Softmax s -> {
        View in = lines(view(node.arg(0)));
        written(node, View::isLines, out -> new Stage.Softmax(in, out));
      }
      case Op.LogSumExp l -> {
        View in = lines(view(node.arg(0)));
        written(node, v -> v.isDense(), out -> new Stage.LogSumExp(in, out));
      }
      case Op.Concat c -> concat(node, c.axis());
      case Op.Pad p -> {
        View in = view(node.arg(0));
        View out = targets(node).isEmpty() ? fresh(node) : targets(node).getFirst();
        stages.add(new Stage.Fill(0, out));
        copy(in, out.positions(p.axis(), p.before(), 1, in.shape().size(p.axis())));
        done(node, out);
      }
      case Op.Spread s -> {
        View in = view(node.arg(0));
        View out = targets(node).isEmpty() ? fresh(node) : targets(node).getFirst();
        stages.add(new Stage.Fill(0, out));
        copy(in, out.positions(s.axis(), 0, s.by(), in.shape().size(s.axis())));
        done(node, out);
      }
      case Op.Flip f -> {
        View in = view(node.arg(0));
        View lengths = view(node.arg(1));
        written(node, v -> true, out -> new Stage.Flip(in, lengths, out));
      }
      case Op.Random r -> written(node, v -> v.isDense(), out -> new Stage.Random(r.stream(), out));
      case Op.Index i -> written(node, v -> v.isDense(), out -> new Stage.Index(i.axis(), out));
      case Op.Cast c -> {
        View in = view(node.arg(0));
        written(node, v -> v.isDense(), out -> new Stage.Cast(in, out));
      }
      case Op.Steps s -> {
        View in = view(node.arg(0));
        written(node, v -> false, out -> new Stage.Steps(in, out, s.more(), s.by()));
      }
      case Op.Scan s -> LoopLowering.lower(this, node);
      case Op.Part p -> {} // set by its scan
      default -> throw new IllegalStateException("compile: no stage for " + node.op().word());
    }
  }

  /** Writes a node by one stage to its first target, if that has the right form, and copies on. */
  private void written(
      Expr node, java.util.function.Predicate<View> fits, java.util.function.Function<View, Stage> stage) {
    stages.add(stage.apply(place(node, fits)));
    finish(node);
  }

  /** Where one stage shall write a node: its first target, if that has the right form. */
  View place(Expr node, java.util.function.Predicate<View> fits) {
    List<View> wanted = targets(node);
    View out = !wanted.isEmpty() && fits.test(wanted.getFirst()) ? wanted.getFirst() : fresh(node);
    views.put(node, out);
    return out;
  }

  /** Copies a node that has been written to all its other targets. */
  void finish(Expr node) {
    done(node, view(node));
  }

  private void done(Expr node, View out) {
    views.put(node, out);
    for (View to : targets(node)) {
      if (!to.equals(out)) {
        copy(out, to);
      }
    }
  }

  /** A sum with a stage of its own. */
  void sum(Expr node) {
    View in = view(node.arg(0));
    written(node, v -> true, out -> new Stage.Sum(in, out, ((Op.Sum) node.op()).axes()));
  }

  /** All contractions with the same right side, and its column sums, in one pass over it. */
  private void contract(Expr node) {
    Expr right = node.arg(1);
    if (!node.shape().isStatic()) {
      plainContract(node);
      return;
    }
    List<View> lefts = new ArrayList<>();
    List<View> outs = new ArrayList<>();
    List<Expr> together = levels.sharing(right);
    if (!together.stream().allMatch(one -> levels.isTerminal(one) && !views.containsKey(one))) {
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

  /**
   * aᵀ·b where the result's size depends on B or T: no tiles of fixed size. A product over the last
   * leading axis for each place of the others, and the sum of these.
   */
  private void plainContract(Expr node) {
    View a = view(node.arg(0));
    View b = view(node.arg(1));
    int last = a.shape().rank() - 2;
    if (last == 0) {
      a = a.insert(0);
      b = b.insert(0);
      last = 1;
    }
    List<Integer> order = new ArrayList<>();
    Shape shape = node.shape();
    for (int axis = 0; axis < last; axis++) {
      order.add(axis);
      shape = shape.insert(axis, a.shape().size(axis));
    }
    List<Integer> summed = List.copyOf(order);
    order.addAll(List.of(last + 1, last));
    View products = View.dense(buffer(Extent.count(shape)), shape);
    stages.add(new Stage.BatchProduct(a.transpose(order), b, products));
    written(
        node,
        View::isDense,
        out -> {
          View one = out;
          for (int axis : summed) {
            one = one.insert(axis);
          }
          return new Stage.Sum(products, one, summed);
        });
  }

  /** a·matrix where the matrix cannot be packed ahead: its size depends on B or T, or the loop computes it. */
  private void plainProduct(Expr node) {
    View a = view(node.arg(0));
    View matrix = view(node.arg(1));
    int rank = a.shape().rank();
    View left = a.insert(rank - 1);
    View rows = rank == 1 ? left.insert(0) : left; // a vector is one row
    Shape each = rows.shape().with(-2, matrix.shape().size(0)).with(-1, matrix.shape().size(1));
    written(
        node,
        v -> true,
        out -> {
          View lines = out.insert(rank - 1);
          return new Stage.BatchProduct(rows, matrix.broadcast(each), rank == 1 ? lines.insert(0) : lines);
        });
  }

  /** True for a product whose matrix has a fixed size and does not change within a loop. */
  private boolean isPacked(Expr product) {
    Expr matrix = product.arg(1);
    return matrix.shape().isStatic() && (parent == null || isCaptured(matrix));
  }

  private static boolean isCaptured(Expr matrix) {
    return switch (matrix.op()) {
      case Op.Placeholder p -> p.role() == Op.Role.CAPTURED;
      case Op.Slice s -> isCaptured(matrix.arg(0));
      case Op.Transpose t -> isCaptured(matrix.arg(0));
      default -> false;
    };
  }

  private void product(Expr node, Expr matmul, @Nullable Expr start) {
    if (!isPacked(matmul)) {
      plainProduct(matmul);
      return;
    }
    View a = rows(view(matmul.arg(0)));
    View begin = start == null ? null : rows(view(start));
    Stage.Packed matrix = pack(matmul.arg(1));
    written(node, View::isRows, out -> new Stage.Product(a, matrix, out, begin));
  }

  private Stage.Packed pack(Expr matrix) {
    View view = view(matrix);
    if (parent != null) {
      return parent.pack(view, isPrepared(view));
    }
    return pack(view, levels.isPrepared(matrix));
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
    View whole = targets(node).getFirst();
    int from = 0;
    for (Expr part : node.args()) {
      int to = from + part.shape().size(axis);
      View place = whole.slice(axis, from, to);
      if (Simplify.value(part) instanceof Double number) {
        stages.add(new Stage.Fill(number, place));
      } else if (!place.equals(view(part)) && !(part.op().isElementwise() && targets(part).contains(place))) {
        copy(view(part), place);
      }
      from = to;
    }
    done(node, whole);
  }

  /** A view whose leading axes are one axis of rows with a fixed step, and whose last has step 1. */
  private View rows(View view) {
    return view.isRows() ? view : copied(view);
  }

  /** The same, with a step from row to row that may depend on B and T. */
  private View lines(View view) {
    return view.isLines() ? view : copied(view);
  }

  // ---- views and buffers -------------------------------------------------------------------

  /** The places where a node must be written; none if anywhere will do. */
  List<View> targets(Expr node) {
    return targets.getOrDefault(node, List.of());
  }

  Levels levels() {
    return levels;
  }

  /** An empty block for the body of a loop in this one. */
  Lowering inner() {
    if (parent != null) {
      throw new IllegalArgumentException(
          "compile: a scan inside a scan cannot run; compute the inner one before, and give its result to the outer");
    }
    return new Lowering(buffers, this);
  }

  List<Stage> stages() {
    return List.copyOf(stages);
  }

  void add(Stage stage) {
    stages.add(stage);
  }

  /** Says where a node lies. */
  void place(Expr node, View view) {
    views.put(node, view);
  }

  /** A buffer of the workspace. */
  Buffer buffer(Extent size) {
    return buffer(Buffer.Kind.WORK, "", size);
  }

  /** Where a node lies; moves nothing unless it must. */
  View view(Expr node) {
    View known = views.get(node);
    if (known != null) {
      return known;
    }
    View made;
    if (Simplify.value(node) instanceof Double number) {
      made = View.dense(buffer(kind(node), "", Extent.ONE), Shape.SCALAR);
      stages.add(new Stage.Fill(number, made));
      made = made.broadcast(node.shape());
    } else {
      View arg = view(node.arg(0));
      made =
          switch (node.op()) {
            case Op.Slice s -> arg.positions(s.axis(), s.from(), 1, node.shape().size(s.axis()));
            case Op.Every e -> arg.positions(e.axis(), 0, e.by(), node.shape().size(e.axis()));
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

  /** A buffer for a node. */
  View fresh(Expr node) {
    return View.dense(buffer(kind(node), "", Extent.count(node.shape())), node.shape());
  }

  private Buffer.Kind kind(Expr node) {
    return node.isInt() ? Buffer.Kind.INT_WORK : levels.isPrepared(node) ? Buffer.Kind.PREPARED : Buffer.Kind.WORK;
  }

  private Buffer buffer(Buffer.Kind kind, String name, Extent size) {
    Buffer buffer = new Buffer(kind, name, size, buffers.size());
    buffers.add(buffer);
    own.add(buffer);
    return buffer;
  }

  View copied(View view) {
    if (parent != null && view.slot() == View.Slot.NONE && !own.contains(view.buffer())) {
      return parent.copied(view); // once, before the loop
    }
    boolean fixed = isPrepared(view) && view.shape().isStatic();
    View dense =
        View.dense(
            buffer(fixed ? Buffer.Kind.PREPARED : Buffer.Kind.WORK, "", Extent.count(view.shape())), view.shape());
    copy(view, dense);
    return dense;
  }

  void copy(View from, View to) {
    stages.add(new Stage.Copy(from, to));
  }
}

package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.expr.Simplify;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When each node of a block is computed: in which level, and together with what.
 *
 * <p>A node is heavy if it has a stage of its own, loop work if it goes into a fused loop, being elementwise
 * or a sum of such, and else a leaf or a view. In a level the heavy nodes come first.
 */
final class Levels {
  private final List<Expr> order;
  private final Predicate<Expr> isPlaced;
  private final Map<Expr, List<Expr>> users = new IdentityHashMap<>();
  private final Map<Expr, Integer> levels = new IdentityHashMap<>();
  /** Sums that are products with a start value, and which operand is the product. */
  private final Map<Expr, Expr> started = new IdentityHashMap<>();
  private final Set<Expr> absorbed = Collections.newSetFromMap(new IdentityHashMap<>());
  /** Nodes that depend on parameters alone. */
  private final Set<Expr> prepared = Collections.newSetFromMap(new IdentityHashMap<>());
  /** Sums that the loop which computes their operand makes as well. */
  private final Set<Expr> totals = Collections.newSetFromMap(new IdentityHashMap<>());
  /** Sums of columns among them, with the work that is done for nothing else. */
  private final Set<Expr> columns = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * The facts about some nodes that do not depend on levels.
   *
   * @param order the nodes, operands first
   * @param isPlaced true for a node that must be written to a certain place
   * @param isPacked true for a product that can start from another value
   * @param inLoop true for the body of a loop, where a thread has some of the rows
   */
  Levels(List<Expr> order, Predicate<Expr> isPlaced, Predicate<Expr> isPacked, boolean inLoop) {
    this.order = order;
    this.isPlaced = isPlaced;
    for (Expr node : order) {
      for (Expr arg : node.args()) {
        users.computeIfAbsent(arg, n -> new ArrayList<>()).add(node);
      }
    }
    for (Expr node : order) {
      boolean fixed =
          node.op() instanceof Op.Parameter || Simplify.value(node) != null
              || (!node.args().isEmpty() && prepared.containsAll(node.args()));
      // What has a size that depends on B or T is known only when they are, and so is all made of it.
      if (fixed && node.shape().isStatic() && !isPlaced.test(node) && !(node.op() instanceof Op.Scan)) {
        prepared.add(node);
      }
    }
    order.forEach(node -> absorb(node, isPacked));
    findTotals(inLoop);
  }

  /** Finds the sums that a loop makes as it goes, and the work that is done for nothing but sums of columns. */
  private void findTotals(boolean inLoop) {
    for (int i = order.size() - 1; i >= 0; i--) {
      Expr node = order.get(i);
      boolean sum = isColumnSum(node) && !inLoop && !prepared.contains(node);
      boolean onlyForSums =
          isFused(node) && !isPlaced.test(node) && !users(node).isEmpty() && columns.containsAll(users(node));
      if (sum || onlyForSums) {
        columns.add(node);
      }
    }
    for (Expr node : order) {
      if (node.op() instanceof Op.Sum) {
        Expr summed = node.arg(0);
        if (!columns.contains(summed)) {
          columns.remove(node);
        }
        if (columns.contains(node) || (isFused(summed) && isRowSum(node))) {
          totals.add(node);
        }
      }
    }
  }

  /** True for a sum of each of several rows, over the last axis. */
  private static boolean isRowSum(Expr node) {
    return node.op() instanceof Op.Sum sum && sum.axes().equals(List.of(node.arg(0).shape().rank() - 1))
        && hasLines(node.arg(0).shape());
  }

  /** True for a sum of each column over several rows, over all axes but the last. */
  private static boolean isColumnSum(Expr node) {
    return node.op() instanceof Op.Sum sum && sum.axes().size() == node.arg(0).shape().rank() - 1
        && !sum.axes().contains(node.arg(0).shape().rank() - 1) && hasLines(node.arg(0).shape());
  }

  /** True for several rows of several columns, whose number is fixed. */
  private static boolean hasLines(Shape shape) {
    return shape.rank() > 1 && shape.size(-1) > 1
        && Arrays.stream(shape.sizes(), 0, shape.rank() - 1).anyMatch(size -> size != 1);
  }

  /** A sum with a product that nobody else uses is that product, started from the other operand. */
  private void absorb(Expr node, Predicate<Expr> isPacked) {
    if (node.op() != Op.Binary.ADD) {
      return;
    }
    for (int i = 1; i >= 0; i--) {
      Expr product = node.arg(i);
      boolean alone =
          product.op() instanceof Op.Matmul && users(product).size() == 1 && !isPlaced.test(product)
              && isPacked.test(product);
      if (alone) {
        started.put(node, product);
        absorbed.add(product);
        return;
      }
    }
  }

  /** The nodes that have this one as an operand, once for each place. */
  List<Expr> users(Expr node) {
    return users.getOrDefault(node, List.of());
  }

  /** The product that a sum with a start value is, or null. */
  @Nullable Expr started(Expr sum) {
    return started.get(sum);
  }

  /** True for a product that is computed by the sum it is in. */
  boolean isAbsorbed(Expr node) {
    return absorbed.contains(node);
  }

  /** True if the node depends on parameters alone. */
  boolean isPrepared(Expr node) {
    return prepared.contains(node);
  }

  int level(Expr node) {
    return Objects.requireNonNull(levels.get(node));
  }

  /** The last level. */
  int top() {
    return order.stream().mapToInt(this::level).max().orElse(0);
  }

  /** True for a node with a stage of its own. */
  boolean isHeavy(Expr node) {
    return started.containsKey(node)
        || switch (node.op()) {
          case Op.Matmul m -> true;
          case Op.Contract c -> true;
          case Op.BatchMatmul b -> true;
          case Op.Gather g -> true;
          case Op.ScatterAdd s -> true;
          case Op.Pick p -> true;
          case Op.Sum s -> !totals.contains(node);
          case Op.Max m -> true;
          case Op.Softmax s -> true;
          case Op.LogSumExp l -> true;
          case Op.Concat c -> true;
          case Op.Pad p -> true;
          case Op.Spread s -> true;
          case Op.Flip f -> true;
          case Op.Scan s -> true;
          case Op.Part p -> true;
          case Op.Random r -> true;
          case Op.Index i -> true;
          case Op.Cast c -> true;
          case Op.Steps s -> true;
          default -> false;
        };
  }

  /** True for what fused loops compute: elementwise work, and the sums that they make as they go. */
  boolean isLoopWork(Expr node) {
    return totals.contains(node) || isFused(node);
  }

  private boolean isFused(Expr node) {
    return node.op().isElementwise() && !started.containsKey(node) && Simplify.value(node) == null;
  }

  /** True for a sum that the loop of its operand makes. */
  boolean isTotal(Expr node) {
    return totals.contains(node);
  }

  /** What loops have in common that may be one: the shape that they run over, and when and how they run. */
  record Kind(Shape shape, boolean prepared, boolean columns) {}

  /** The kind of the loop that a node of loop work is computed in. */
  Kind kind(Expr node) {
    Shape shape = totals.contains(node) ? node.arg(0).shape() : node.shape();
    return new Kind(shape, prepared.contains(node), columns.contains(node));
  }

  /** True if the two may be in one elementwise loop. */
  boolean together(Expr user, Expr arg) {
    return isLoopWork(user) && isFused(arg) && kind(user).equals(kind(arg));
  }

  /** Settles the levels; called when all places are known. */
  void assign() {
    for (Expr node : order) {
      int level = 0;
      List<Expr> args = new ArrayList<>(node.args());
      if (started.get(node) instanceof Expr product) {
        args.addAll(product.args());
      }
      for (Expr arg : args) {
        boolean together = together(node, arg);
        level = Math.max(level, level(arg) + (isLoopWork(arg) && !together ? 1 : 0));
      }
      levels.put(node, level);
    }
    // Contractions with the same right side are done together, when the last of them can be.
    for (Expr node : order) {
      if (node.op() instanceof Op.Contract && node.shape().isStatic()) {
        List<Expr> together = sharing(node.arg(1));
        int last = together.stream().mapToInt(this::level).max().orElse(0);
        if (together.stream().allMatch(this::isTerminal)) {
          together.forEach(one -> levels.put(one, last));
        }
      }
    }
    // Elementwise work waits for its first user, so that what nobody else needs is never stored.
    for (int i = order.size() - 1; i >= 0; i--) {
      Expr node = order.get(i);
      if (!isLoopWork(node) || isPlaced.test(node)) {
        continue;
      }
      int first = Integer.MAX_VALUE;
      for (Expr user : users(node)) {
        first = together(user, node) ? Math.min(first, level(user)) : -1;
        if (first < 0) {
          break;
        }
      }
      if (first > level(node) && first < Integer.MAX_VALUE) {
        levels.put(node, first);
      }
    }
  }

  /** True if nothing but results and views depends on the node, so that it may be computed late. */
  boolean isTerminal(Expr node) {
    for (Expr user : users(node)) {
      if (isHeavy(user) || isLoopWork(user) || !isTerminal(user)) {
        return false;
      }
    }
    return true;
  }

  /** The contractions with this right side, and at most one sum over all its rows. */
  List<Expr> sharing(Expr right) {
    List<Expr> found = new ArrayList<>();
    boolean summed = false;
    for (Expr user : users(right)) {
      boolean contraction = user.op() instanceof Op.Contract && user.arg(1) == right && user.shape().isStatic();
      boolean sum = user.op() instanceof Op.Sum s && !summed && s.axes().size() == right.shape().rank() - 1
          && !s.axes().contains(right.shape().rank() - 1);
      if ((contraction || sum) && !found.contains(user)) {
        found.add(user);
        summed |= sum;
      }
    }
    return found;
  }
}

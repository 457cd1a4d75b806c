package io.carousel.model;

import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.layer.Layer;
import io.carousel.layer.Signal;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells whether a sequence may be computed in pieces: by its equations, so that no layer has to say so. Steps may
 * meet only in loops whose states are carried from piece to piece.
 */
final class Pieces {
  private Pieces() {}

  /**
   * Refuses signals in which steps meet otherwise.
   *
   * @param layer what made them
   * @param carried the states that go from piece to piece
   */
  static void requireForward(Layer layer, List<Signal> signals, List<Scope.Carried> carried) {
    Set<String> names = new HashSet<>();
    carried.forEach(each -> names.add(each.name()));
    List<Expr> values = signals.stream().map(Signal::value).toList();
    List<Expr> withoutMasks = Graph.rewrite(values, node -> isMask(node) ? Expr.full(1, node.shape()) : node);
    for (Expr node : Expr.topological(withoutMasks)) {
      if (mixesSteps(node, names)) {
        throw new IllegalArgumentException(
            layer + ": needs whole sequences (" + node.op().word() + "), so it cannot go on from the state of the run"
                + " before; use layers that read forward, step by step");
      }
    }
  }

  /** Whether a step is one of its row's own, t < length: as true of a piece as of the whole. */
  private static boolean isMask(Expr node) {
    return node.op() == Op.Binary.LESS && origin(node.arg(0)).op() instanceof Op.Index
        && origin(node.arg(1)).op() instanceof Op.IntInput;
  }

  private static Expr origin(Expr node) {
    Expr of = node;
    while (of.op() instanceof Op.Broadcast || of.op() instanceof Op.Reshape || of.op() instanceof Op.Cast) {
      of = of.arg(0);
    }
    return of;
  }

  private static boolean mixesSteps(Expr node, Set<String> carried) {
    return switch (node.op()) {
      case Op.Scan scan ->
          Shape.isTime(scan.steps())
              && (scan.reverse()
                  || !Scans.initials(node).stream().allMatch(initial -> isCarried(initial, carried)));
      case Op.Sum sum -> sum.axes().stream().anyMatch(axis -> isTime(node.arg(0), axis));
      case Op.Max max -> isTime(node.arg(0), max.axis());
      case Op.Index index -> isTime(node, index.axis());
      case Op.Slice slice -> isTime(node, slice.axis());
      case Op.Pad pad -> isTime(node, pad.axis());
      case Op.Every every -> isTime(node, every.axis());
      case Op.Spread spread -> isTime(node, spread.axis());
      case Op.Concat concat -> isTime(node, concat.axis());
      case Op.Flip flip -> isTime(node, 0);
      case Op.Softmax s -> isTime(node, -1);
      case Op.LogSumExp l -> isTime(node.arg(0), -1);
      case Op.BatchMatmul b -> isTime(node.arg(0), -1);
      case Op.Contract c -> isTime(node.arg(0), 0);
      default -> false;
    };
  }

  private static boolean isTime(Expr of, int axis) {
    return Shape.isTime(of.shape().size(axis));
  }

  private static boolean isCarried(Expr initial, Set<String> carried) {
    return Expr.topological(List.of(initial)).stream()
        .anyMatch(node -> node.op() instanceof Op.Input input && carried.contains(input.name()));
  }
}

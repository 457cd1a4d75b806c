package io.carousel.bench;

import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.Shape;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Counts the floating-point operations of a model that cannot be avoided, by its equations.
 *
 * <p>Only matrix products count, a multiplication and an addition as two. A product of the forward pass has two
 * more in the backward pass, by its weights and by its input, but for the input where that is data, whose
 * gradient nobody needs. Activations, loss and optimizer are not counted though they take time, so a share of
 * the limit computed from this never flatters.
 */
final class Work {
  private final boolean backward;
  private final int rows;
  private final int steps;
  /** The names of the parameters that training changes. */
  private final Set<String> trainable;

  private Work(Model model, boolean backward, int rows, int steps) {
    this.backward = backward;
    this.rows = rows;
    this.steps = steps;
    this.trainable =
        model.slots().stream().filter(Parameters.Slot::trainable).map(Parameters.Slot::name)
            .collect(Collectors.toSet());
  }

  /** Floating-point operations of forward and backward pass over {@code rows} sequences of {@code steps}. */
  static double ofTrainingStep(Model model, int rows, int steps) {
    return new Work(model, true, rows, steps).of(List.of(model.training()), place -> false);
  }

  /** Floating-point operations of the forward pass over {@code rows} sequences of {@code steps}. */
  static double ofAnswer(Model model, int rows, int steps) {
    return new Work(model, false, rows, steps).of(List.of(model.inference()), place -> false);
  }

  /**
   * The operations of all nodes that some results need, once each.
   *
   * @param inLoop in the body of a loop: whether what a placeholder stands for depends on parameters
   */
  private double of(List<Expr> roots, Predicate<Op.Placeholder> inLoop) {
    Map<Expr, Boolean> learned = new IdentityHashMap<>(); // whether a node depends on parameters, so has a gradient
    double sum = 0;
    for (Expr node : Expr.topological(roots)) {
      List<Boolean> args = node.args().stream().map(arg -> Objects.requireNonNull(learned.get(arg))).toList();
      learned.put(
          node,
          switch (node.op()) {
            case Op.Parameter p -> trainable.contains(p.name());
            case Op.Placeholder p -> inLoop.test(p);
            default -> args.contains(true);
          });
      sum += of(node, args);
    }
    return sum;
  }

  private double of(Expr node, List<Boolean> learned) {
    return switch (node.op()) {
      case Op.Matmul _, Op.Contract _, Op.BatchMatmul _ -> {
        double once = 2.0 * node.arg(0).shape().count(rows, steps) * node.shape().size(-1);
        yield once * (1 + (backward ? learned.stream().filter(each -> each).count() : 0));
      }
      case Op.Scan scan -> {
        int states = Scans.elements(node).size();
        int captured = states + Scans.initials(node).size();
        // A state always has a gradient: parameters made it.
        yield Shape.number(scan.steps(), rows, steps) * of(
            scan.body().roots(),
            place -> switch (place.role()) {
              case ELEMENT -> learned.get(place.number());
              case STATE -> true;
              case CAPTURED -> learned.get(captured + place.number());
            });
      }
      default -> 0;
    };
  }
}

package io.carousel.train;

import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.layer.Signal;
import io.carousel.model.Expressions;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An objective on the outputs of a model as expressions, and what a run needs for it: the inputs, the targets.
 *
 * <p>Its results, in order: the loss of each row; where there are several goals, that of each; the logits of each
 * goal whose rows are of a class.
 */
final class Goals {
  private final Model model;
  private final Expressions expressions;
  private final Objective objective;
  private final List<Targets> kinds = new ArrayList<>();
  private final List<Expr> results = new ArrayList<>();

  /** For data that have the kinds of targets of one batch. */
  Goals(Model model, Expressions expressions, Objective objective, Batch like) {
    this.model = model;
    this.expressions = expressions;
    this.objective = objective;
    Expr total = null;
    List<Expr> each = new ArrayList<>();
    for (Objective.Goal goal : objective.goals()) {
      Targets kind = Targets.of(part(goal, like));
      kinds.add(kind);
      Signal output = expressions.output(goal.output());
      Expr rows = goal.loss().rows(output, kind.expr(output.value(), prefix(goal)));
      each.add(rows);
      Expr weighted = goal.weight() == 1 ? rows : rows.times(goal.weight());
      total = total == null ? weighted : total.plus(weighted);
    }
    results.add(expressions.withCosts(Objects.requireNonNull(total)));
    if (isSeveral()) {
      results.addAll(each);
    }
    for (Objective.Goal goal : objective.goals()) {
      if (counts(goal)) {
        results.add(goal.loss().logits(expressions.output(goal.output()).value()));
      }
    }
  }

  Expressions expressions() {
    return expressions;
  }

  List<Expr> results() {
    return results;
  }

  boolean isSeveral() {
    return objective.goals().size() > 1;
  }

  /** True if a batch has the kinds of targets that this was made for. */
  boolean suits(Batch batch) {
    for (int i = 0; i < kinds.size(); i++) {
      if (Targets.of(part(objective.goals().get(i), batch)) != kinds.get(i)) {
        return false;
      }
    }
    return true;
  }

  void parameters(Runner runner, Parameters parameters) {
    for (Parameters.Slot slot : parameters.slots()) {
      runner.set(slot.name(), parameters.values(), slot.offset());
    }
  }

  void feed(Runner runner, Batch batch) {
    model.feed(batch, runner::set, runner::set);
    for (int i = 0; i < kinds.size(); i++) {
      Objective.Goal goal = objective.goals().get(i);
      kinds.get(i).feed(
          expressions.output(goal.output()).value(), prefix(goal), part(goal, batch), batch.steps(), runner::set,
          runner::set);
    }
  }

  Batch part(Objective.Goal goal, Batch batch) {
    return batch.target(goal.output(), objective.outputs());
  }

  /** What the names of a goal's inputs begin with: as they always were, where a model has one output. */
  private String prefix(Objective.Goal goal) {
    return model.outputNames().size() == 1 ? "" : goal.output();
  }

  /**
   * Classes of rows are compared with the logits, those of steps not yet: those of a language model are megabytes
   * a step.
   */
  boolean counts(Objective.Goal goal) {
    return goal.loss().classifies() && !Targets.ofSteps(expressions.output(goal.output()).value());
  }

  /** The number of the result that holds the logits of a goal, or -1. */
  int logits(Objective.Goal goal) {
    int number = isSeveral() ? 1 + objective.goals().size() : 1;
    for (Objective.Goal each : objective.goals()) {
      if (each.equals(goal)) {
        return counts(goal) ? number : -1;
      }
      number += counts(each) ? 1 : 0;
    }
    return -1;
  }
}

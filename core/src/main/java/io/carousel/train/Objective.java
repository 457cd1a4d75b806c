package io.carousel.train;

import io.carousel.model.Expressions;
import io.carousel.model.Model;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What training makes small: for each output that learns, a loss and its weight. The loss of a row is their weighted
 * sum, Σ wₖ lossₖ.
 *
 * @param goals one for each output that learns, in order
 */
public record Objective(List<Goal> goals) {
  /**
   * What one output shall learn.
   *
   * @param output its name, or "" for the only output of a model
   * @param loss how far it is from its targets
   * @param weight what that counts beside the other outputs, above 0
   */
  public record Goal(String output, Loss loss, double weight) {
    public Goal {
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("Objective: a weight must be above 0, got " + weight);
      }
    }
  }

  public Objective {
    goals = List.copyOf(goals);
    Set<String> names = new HashSet<>();
    for (Goal goal : goals) {
      if (!names.add(goal.output())) {
        throw new IllegalArgumentException(
            "Objective: each output must have one loss, got two for " + goal.output());
      }
    }
    if (goals.isEmpty()) {
      throw new IllegalArgumentException("Objective: needs at least one loss");
    }
  }

  /** The loss of a model's only output. */
  public static Objective of(Loss loss) {
    return of("", loss, 1);
  }

  /** The loss of one output of several. */
  public static Objective of(String output, Loss loss, double weight) {
    return new Objective(List.of(new Goal(output, loss, weight)));
  }

  /** The same with the loss of one more output. */
  public Objective and(String output, Loss loss, double weight) {
    List<Goal> more = new ArrayList<>(goals);
    more.add(new Goal(output, loss, weight));
    return new Objective(more);
  }

  /** The same with outputs by their names, checked that they suit the losses. */
  Objective of(Model model) {
    List<Goal> named = new ArrayList<>();
    Expressions outputs = model.expressions(false, false);
    for (Goal goal : goals) {
      String name = goal.output();
      if (name.isEmpty()) {
        if (model.outputNames().size() != 1) {
          throw new IllegalArgumentException(
              "Trainer: the model has the outputs " + String.join(", ", model.outputNames())
                  + "; give each that shall learn a loss of its own, loss(\"" + model.outputNames().getFirst()
                  + "\", …)");
        }
        name = model.output();
      }
      goal.loss().logits(outputs.output(name).value());
      named.add(new Goal(name, goal.loss(), goal.weight()));
    }
    return new Objective(named);
  }

  List<String> outputs() {
    return goals.stream().map(Goal::output).toList();
  }
}

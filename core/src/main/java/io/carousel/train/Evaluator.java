package io.carousel.train;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.expr.Expr;
import io.carousel.kernel.Team;
import io.carousel.model.Expressions;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the loss, with what regularizers add to it, and the accuracy of a model on data, as it stands when called.
 *
 * <p>Rows are summed up in the order of the data in double: the figures depend neither on the batch size
 * nor on the number of threads. What a stream remembers is carried from piece to piece. For one thread at a time.
 */
public final class Evaluator implements AutoCloseable {
  private static final int BATCH = 64;

  private final Model model;
  private final Parameters parameters;
  private final Objective objective;
  private final Team team;
  private @Nullable Runner runner;
  private @Nullable Goals goals;
  private boolean carries;

  private Evaluator(Model model, Parameters parameters, Objective objective, Team team) {
    this.model = model;
    this.parameters = parameters;
    this.objective = objective.of(model);
    this.team = team;
  }

  /** An evaluator that computes with so many threads. */
  public static Evaluator of(Model model, Parameters parameters, Loss loss, int threads) {
    return of(model, parameters, Objective.of(loss), threads);
  }

  /** The same for a model of several outputs. */
  public static Evaluator of(Model model, Parameters parameters, Objective objective, int threads) {
    Team team = Team.of(threads);
    try {
      return of(model, parameters, objective, team);
    } catch (RuntimeException e) {
      team.close();
      throw e;
    }
  }

  static Evaluator of(Model model, Parameters parameters, Objective objective, Team team) {
    return new Evaluator(model, parameters, objective, team);
  }

  /**
   * The figures on some data.
   *
   * @throws IllegalArgumentException if there are no rows, or they do not suit the model
   */
  public Evaluation evaluate(Dataset data) {
    if (data.size() == 0) {
      throw new IllegalArgumentException("Evaluator: needs at least one row, got none");
    }
    int several = objective.goals().size() > 1 ? objective.goals().size() : 0;
    float[][] losses = new float[1 + several][data.size()]; // in all, then of each output
    int[] correct = new int[objective.goals().size()];
    boolean first = true;
    Goals ready = null;
    State state = data.lanes() > 0 ? State.of(model, data.lanes()) : null;
    for (int[] rows : Batches.of(data, BATCH, 0, false)) {
      Batch batch = data.batch(rows);
      ready = goals(batch, state != null);
      Runner ran = Objects.requireNonNull(runner);
      if (first) {
        ran.parametersChanged();
        first = false;
      }
      ready.feed(ran, batch);
      if (state != null) {
        state.feed(ready.expressions(), batch.rows(), ran::set);
      }
      ran.run(batch.rows(), batch.steps(), 0);
      if (state != null) {
        int firstCarried = ready.results().size();
        state.take(i -> ran.output(firstCarried + i));
      }
      for (int k = 0; k < losses.length; k++) {
        float[] each = ran.output(k);
        for (int i = 0; i < rows.length; i++) {
          losses[k][rows[i]] = each[i];
        }
      }
      for (int k = 0; k < correct.length; k++) {
        Objective.Goal goal = objective.goals().get(k);
        correct[k] += ready.counts(goal)
            ? Accuracy.correct(goal.loss(), ran.output(ready.logits(goal)), ready.part(goal, batch)) : 0;
      }
    }
    Map<String, Evaluation> outputs = new LinkedHashMap<>();
    for (int k = 0; k < several; k++) {
      Objective.Goal goal = objective.goals().get(k);
      outputs.put(goal.output(), evaluation(data, losses[1 + k], accuracy(ready, k, correct, data), Map.of()));
    }
    return evaluation(data, losses[0], several > 0 ? Double.NaN : accuracy(ready, 0, correct, data), outputs);
  }

  private double accuracy(@Nullable Goals ready, int goal, int[] correct, Dataset data) {
    return Objects.requireNonNull(ready).counts(objective.goals().get(goal))
        ? (double) correct[goal] / data.size() : Double.NaN;
  }

  private static Evaluation evaluation(
      Dataset data, float[] losses, double accuracy, Map<String, Evaluation> outputs) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < losses.length; row++) {
      double weight = data.lanes() > 0 ? data.length(row) : 1;
      sum += losses[row] * weight;
      weights += weight;
    }
    return new Evaluation(sum / weights, accuracy, losses.length, outputs);
  }

  /** Results: those of {@link Goals}, then the last states if they are carried. */
  private Goals goals(Batch like, boolean carrying) {
    if (goals == null || carrying != carries || !goals.suits(like)) {
      Expressions expressions = model.expressions(false, carrying);
      goals = new Goals(model, expressions, objective, like);
      carries = carrying;
      List<Expr> results = new ArrayList<>(goals.results());
      expressions.carried().forEach(each -> results.add(each.last()));
      runner = Compiler.compile(results).runner(team);
      goals.parameters(runner, parameters);
    }
    return goals;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    team.close();
  }
}

package io.carousel.train;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.expr.Expr;
import io.carousel.kernel.Team;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes the loss, with what regularizers add to it, and the accuracy of a model on data, as it stands when called.
 *
 * <p>Rows are summed up in the order of the data in double: the figures depend neither on the batch size
 * nor on the number of threads. For one thread at a time.
 */
public final class Evaluator implements AutoCloseable {
  private static final int BATCH = 64;

  private final Model model;
  private final Parameters parameters;
  private final Loss loss;
  private final Team team;
  private @Nullable Runner runner;
  private @Nullable Feed feed;

  private Evaluator(Model model, Parameters parameters, Loss loss, Team team) {
    loss.logits(model.inference()); // for its checks
    this.model = model;
    this.parameters = parameters;
    this.loss = loss;
    this.team = team;
  }

  /** An evaluator that computes with so many threads. */
  public static Evaluator of(Model model, Parameters parameters, Loss loss, int threads) {
    Team team = Team.of(threads);
    try {
      return of(model, parameters, loss, team);
    } catch (RuntimeException e) {
      team.close();
      throw e;
    }
  }

  static Evaluator of(Model model, Parameters parameters, Loss loss, Team team) {
    return new Evaluator(model, parameters, loss, team);
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
    float[] losses = new float[data.size()];
    int correct = 0;
    boolean first = true;
    for (int[] rows : Batches.of(data, BATCH, 0, false)) {
      Batch batch = data.batch(rows);
      Runner ready = runner(Targets.of(batch));
      if (first) {
        ready.parametersChanged();
        first = false;
      }
      java.util.Objects.requireNonNull(feed).batch(ready, batch);
      ready.run(batch.rows(), batch.steps(), 0);
      float[] each = ready.output(0);
      for (int i = 0; i < rows.length; i++) {
        losses[rows[i]] = each[i];
      }
      correct += counts() ? Accuracy.correct(loss, ready.output(1), batch) : 0;
    }
    double sum = 0;
    for (float each : losses) {
      sum += each;
    }
    return new Evaluation(
        sum / data.size(), counts() ? (double) correct / data.size() : Double.NaN, data.size());
  }

  /** As in {@link TrainingStep}. */
  private boolean counts() {
    return loss.classifies() && !Targets.ofSteps(model);
  }

  private Runner runner(Targets targets) {
    if (runner == null || feed == null || feed.targets() != targets) {
      feed = new Feed(model, targets);
      Expr output = model.inference();
      Expr rows = model.expressions(false, false).withCosts(loss.rows(output, targets.expr(model)));
      List<Expr> outputs = counts() ? List.of(rows, loss.logits(output)) : List.of(rows);
      runner = Compiler.compile(outputs).runner(team);
      feed.parameters(runner, parameters);
    }
    return runner;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    team.close();
  }
}

package io.carousel.train;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Op;
import io.carousel.kernel.Team;
import io.carousel.model.Expressions;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forward and backward pass of a model over a batch, compiled: what a training loop of one's own is
 * made of, and what {@link Trainer} uses.
 *
 * <pre>
 *   Parameters parameters = model.build(7);
 *   OptimizerState adam = new Adam(1e-3).start(parameters);
 *   try (TrainingStep step = TrainingStep.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 2)) {
 *     for (int[] rows : Batches.of(data, 32, epoch, true)) {
 *       Gradients gradients = step.gradients(data.batch(rows), key++);
 *       gradients.clip(1);
 *       adam.step(gradients);
 *     }
 *   }
 * </pre>
 *
 * Owns its threads and its workspace; parameters are read where they are, at each call. For one thread at
 * a time.
 */
public final class TrainingStep implements AutoCloseable {
  private static final String SCALE = "scale";

  private final Model model;
  private final Parameters parameters;
  private final Loss loss;
  private final Team team;
  private final Gradients gradients;
  private @Nullable Runner runner;
  private @Nullable Feed feed;
  private final float[] scale = new float[1];
  private float[] losses = {};
  private float[] logits = {};
  private int firstUpdate;

  private TrainingStep(Model model, Parameters parameters, Loss loss, Team team) {
    loss.logits(model.training()); // for its checks
    if (!parameters.slots().equals(model.slots())) {
      throw new IllegalArgumentException("TrainingStep: the parameters belong to another model");
    }
    this.model = model;
    this.parameters = parameters;
    this.loss = loss;
    this.team = team;
    this.gradients = new Gradients(parameters.trainableCount(), team);
  }

  /**
   * A step for a model and its parameters.
   *
   * @param threads the threads that compute, the caller among them; any number gives the same bits
   * @throws IllegalArgumentException if the model's output does not suit the loss
   */
  public static TrainingStep of(Model model, Parameters parameters, Loss loss, int threads) {
    Team team = Team.of(threads);
    try {
      return of(model, parameters, loss, team);
    } catch (RuntimeException e) {
      team.close();
      throw e;
    }
  }

  static TrainingStep of(Model model, Parameters parameters, Loss loss, Team team) {
    return new TrainingStep(model, parameters, loss, team);
  }

  /**
   * The loss of a batch, with dropout and what regularizers add to it, and its gradients. Parameters that follow a
   * rule of their own, the running statistics of a {@link io.carousel.layer.BatchNorm}, are set as the batch says.
   *
   * @param batch rows with their targets
   * @param key decides what dropout drops; take another one at each step
   * @return the same object at each call, overwritten
   */
  public Gradients gradients(Batch batch, long key) {
    Targets targets = Targets.of(batch);
    if (runner == null || feed == null || feed.targets() != targets) {
      feed = new Feed(model, targets);
      runner = compile(targets, feed);
    }
    feed.batch(runner, batch);
    scale[0] = 1f / batch.rows();
    runner.set(SCALE, scale);
    runner.parametersChanged();
    runner.run(batch.rows(), batch.steps(), key);
    losses = runner.output(0, losses);
    double sum = 0;
    for (float row : losses) {
      sum += row;
    }
    int correct = 0;
    if (counts()) {
      logits = runner.output(1, logits);
      correct = Accuracy.correct(loss, logits, batch);
    }
    List<Scope.Update> updates = model.expressions(true, false).updates();
    for (int i = 0; i < updates.size(); i++) {
      parameters.set(updates.get(i).parameter(), runner.output(firstUpdate + i));
    }
    gradients.set(sum / batch.rows(), batch.rows(), correct, counts());
    return gradients;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    team.close();
  }

  /** Classes of rows are compared with the logits, those of steps not yet: those of a language model are megabytes a step. */
  private boolean counts() {
    return loss.classifies() && !Targets.ofSteps(model);
  }

  /**
   * Outputs: the loss of each row, the logits if they are looked at, the gradients in the order of the
   * parameters' table, and what training sets.
   */
  private Runner compile(Targets targets, Feed into) {
    Expr output = model.training();
    Expressions expressions = model.expressions(true, false);
    Expr rows = expressions.withCosts(loss.rows(output, targets.expr(model)));
    Expr mean = rows.sumAll().times(Expr.input(SCALE, Shape.SCALAR));
    List<Parameters.Slot> slots =
        parameters.slots().stream().filter(Parameters.Slot::trainable).toList();
    List<Expr> outputs = new ArrayList<>(List.of(rows));
    if (counts()) {
      outputs.add(loss.logits(output));
    }
    int first = outputs.size();
    outputs.addAll(Derivative.gradient(mean, parameterNodes(mean, slots)));
    firstUpdate = outputs.size();
    expressions.updates().forEach(update -> outputs.add(update.next()));
    Runner made = Compiler.compile(outputs).runner(team);
    into.parameters(made, parameters);
    for (int i = 0; i < slots.size(); i++) {
      made.bind(first + i, gradients.unscaled(), slots.get(i).offset());
    }
    return made;
  }

  /** The node of each parameter in an expression. */
  private static List<Expr> parameterNodes(Expr of, List<Parameters.Slot> slots) {
    List<Expr> all = Expr.topological(List.of(of));
    List<Expr> nodes = new ArrayList<>();
    for (Parameters.Slot slot : slots) {
      Expr found = null;
      for (Expr node : all) {
        if (node.op() instanceof Op.Parameter p && p.name().equals(slot.name())) {
          found = node;
        }
      }
      // A parameter that the output does not depend on has a gradient of zero.
      nodes.add(found == null ? Expr.parameter(slot.name(), slot.shape()) : found);
    }
    return nodes;
  }
}

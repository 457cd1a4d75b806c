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
import io.carousel.model.State;
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
  private final Objective objective;
  private final Team team;
  private final Gradients gradients;
  private @Nullable Compiled whole;
  /** The same going on from a state. */
  private @Nullable Compiled carrying;
  private final float[] scale = new float[1];
  private float[] losses = {};
  private float[] logits = {};

  private TrainingStep(Model model, Parameters parameters, Objective objective, Team team) {
    if (!parameters.slots().equals(model.slots())) {
      throw new IllegalArgumentException("TrainingStep: the parameters belong to another model");
    }
    this.model = model;
    this.parameters = parameters;
    this.objective = objective.of(model);
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
    return of(model, parameters, Objective.of(loss), threads);
  }

  /** The same for a model of several outputs. */
  public static TrainingStep of(Model model, Parameters parameters, Objective objective, int threads) {
    Team team = Team.of(threads);
    try {
      return of(model, parameters, objective, team);
    } catch (RuntimeException e) {
      team.close();
      throw e;
    }
  }

  static TrainingStep of(Model model, Parameters parameters, Objective objective, Team team) {
    return new TrainingStep(model, parameters, objective, team);
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
    if (whole == null || !whole.goals.suits(batch)) {
      whole = new Compiled(batch, model.expressions(true, false));
    }
    return whole.run(batch, key, null);
  }

  /**
   * The same for the next piece of longer sequences: recurrent layers go on from the state, which is changed to
   * that after the piece, and the gradient ends at its beginning.
   *
   * <p>Source: Williams, Peng: An efficient gradient-based algorithm for on-line training of recurrent network
   * trajectories, 1990 (truncated backpropagation through time, with pieces that do not overlap).
   *
   * @throws IllegalArgumentException if the model needs whole sequences, or the state is of another number of rows
   */
  public Gradients gradients(Batch batch, long key, State state) {
    if (carrying == null || !carrying.goals.suits(batch)) {
      carrying = new Compiled(batch, model.expressions(true, true));
    }
    return carrying.run(batch, key, state);
  }

  /** An objective on some expressions, compiled. */
  private final class Compiled {
    private final Goals goals;
    private final Runner runner;
    /** The number of the first result that is the last value of a carried state. */
    private final int firstCarried;

    /** What training sets beside the gradients, and the number of the first such result. */
    private final List<Scope.Update> updates;

    private final int firstUpdate;

    /**
     * Outputs: those of {@link Goals}, the last states, the gradients in the order of the parameters' table, and what
     * training sets.
     */
    Compiled(Batch like, Expressions expressions) {
      goals = new Goals(model, expressions, objective, like);
      List<Expr> outputs = new ArrayList<>(goals.results());
      Expr mean = outputs.getFirst().sumAll().times(Expr.input(SCALE, Shape.SCALAR));
      firstCarried = outputs.size();
      expressions.carried().forEach(each -> outputs.add(each.last()));
      int first = outputs.size();
      List<Parameters.Slot> slots =
          parameters.slots().stream().filter(Parameters.Slot::trainable).toList();
      outputs.addAll(Derivative.gradient(mean, parameterNodes(mean, slots)));
      firstUpdate = outputs.size();
      updates = expressions.updates();
      updates.forEach(update -> outputs.add(update.next()));
      runner = Compiler.compile(outputs).runner(team);
      goals.parameters(runner, parameters);
      for (int i = 0; i < slots.size(); i++) {
        runner.bind(first + i, gradients.unscaled(), slots.get(i).offset());
      }
    }

    Gradients run(Batch batch, long key, @Nullable State state) {
      goals.feed(runner, batch);
      if (state != null) {
        state.feed(goals.expressions(), batch.rows(), runner::set);
      }
      scale[0] = 1f / batch.rows();
      runner.set(SCALE, scale);
      runner.parametersChanged();
      runner.run(batch.rows(), batch.steps(), key);
      losses = runner.output(0, losses);
      double sum = 0;
      for (float row : losses) {
        sum += row;
      }
      Objective.Goal goal = objective.goals().getFirst();
      boolean counts = !goals.isSeveral() && goals.counts(goal);
      int correct = 0;
      if (counts) {
        logits = runner.output(goals.logits(goal), logits);
        correct = Accuracy.correct(goal.loss(), logits, goals.part(goal, batch));
      }
      if (state != null) {
        state.take(i -> runner.output(firstCarried + i));
      }
      for (int i = 0; i < updates.size(); i++) {
        parameters.set(updates.get(i).parameter(), runner.output(firstUpdate + i));
      }
      gradients.set(sum / batch.rows(), batch.rows(), correct, counts);
      return gradients;
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    team.close();
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

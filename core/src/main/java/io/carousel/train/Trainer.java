package io.carousel.train;

import io.carousel.data.Dataset;
import io.carousel.data.Split;
import io.carousel.kernel.Team;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: start reading here.
 *
 * <pre>
 *   Trainer trainer = Trainer.of(model).loss(Loss.BINARY_CROSS_ENTROPY).optimizer(new Adam(1e-3)).seed(7);
 *   History history = trainer.fit(train, Fit.epochs(5).batchSize(32).validation(0.1).patience(2));
 *   Evaluation evaluation = trainer.evaluate(test);
 * </pre>
 *
 * The result is a function of the model, the data, these settings and the seed: neither the number of
 * threads nor the machine changes a bit of it. With validation data the parameters of the best epoch are
 * left behind, not those of the last. For one thread at a time; threads run only within a call.
 */
public final class Trainer {
  private final Model model;
  private @Nullable Parameters parameters;
  private @Nullable Objective objective;
  private Optimizer optimizer = new Adam(1e-3); // Keras's and PyTorch's
  private Schedule schedule = Schedule.constant();
  private double clip;
  private double clipValues;
  private long seed = 1;
  private int threads = Runtime.getRuntime().availableProcessors();
  private @Nullable OptimizerState state;
  private int epochsBefore;

  private Trainer(Model model, @Nullable Parameters parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  /** A trainer of a new model, whose parameters begin by the seed. */
  public static Trainer of(Model model) {
    return new Trainer(model, null);
  }

  /** A trainer that goes on with parameters, which it changes in place. */
  public static Trainer of(Model model, Parameters parameters) {
    if (!parameters.slots().equals(model.slots())) {
      throw new IllegalArgumentException("Trainer: the parameters belong to another model");
    }
    return new Trainer(model, parameters);
  }

  /**
   * What is to become small.
   *
   * @throws IllegalArgumentException if the model's output does not suit it
   */
  public Trainer loss(Loss what) {
    objective = Objective.of(what).of(model);
    return this;
  }

  /** What is to become small for one of several outputs, called once for each that shall learn. */
  public Trainer loss(String output, Loss what) {
    return loss(output, what, 1);
  }

  /**
   * The same with what it counts beside the losses of other outputs.
   *
   * @throws IllegalArgumentException if there is no such output, or it does not suit the loss
   */
  public Trainer loss(String output, Loss what, double weight) {
    Objective all =
        objective == null ? Objective.of(output, what, weight) : objective.and(output, what, weight);
    objective = all.of(model);
    return this;
  }

  /** The rule that moves the parameters; {@code new Adam(1e-3)} unless told otherwise. */
  public Trainer optimizer(Optimizer rule) {
    optimizer = rule;
    state = null;
    return this;
  }

  /** How the learning rate changes over a call of {@link #fit}; constant unless told otherwise. */
  public Trainer schedule(Schedule course) {
    schedule = course;
    return this;
  }

  /** Scales the gradients of a step down to this norm; 0, which is the default, leaves them as they are. */
  public Trainer clip(double norm) {
    if (!(norm >= 0)) {
      throw new IllegalArgumentException("Trainer: the norm to clip to must be at least 0, got " + norm);
    }
    clip = norm;
    return this;
  }

  /** Moves gradients beyond ±{@code value} there, before {@link #clip}; 0, the default, leaves them as they are. */
  public Trainer clipValues(double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("Trainer: the value to clip to must be at least 0, got " + value);
    }
    clipValues = value;
    return this;
  }

  /** Decides the first parameters, the order of the rows, dropout and splits; 1 unless told otherwise. */
  public Trainer seed(long number) {
    seed = number;
    return this;
  }

  /** The threads that compute; as many as there are processors unless told otherwise. */
  public Trainer threads(int number) {
    if (number < 1 || number > 1024) {
      throw new IllegalArgumentException("Trainer: threads must be from 1 to 1024, got " + number);
    }
    threads = number;
    return this;
  }

  /** The model's parameters as they are now; the object that training changes. */
  public Parameters parameters() {
    if (parameters == null) {
      parameters = model.build(seed);
    }
    return parameters;
  }

  /**
   * Trains. A further call goes on from where the last one ended.
   *
   * @throws IllegalArgumentException if the data do not suit the model or the loss
   * @throws DivergedException if the loss is no longer a number; the last good parameters are put back
   */
  public History fit(Dataset data, Fit fit) {
    Dataset train = data;
    Dataset validation = fit.validation();
    if (fit.validationFraction() > 0) {
      if (data.lanes() > 0) {
        throw new IllegalArgumentException(
            "Trainer: no share of a stream can be held out, since its pieces go on from one another; cut the stream"
                + " in two, and give validation(…) the second part");
      }
      int[] classes = data.classes();
      long key = CounterRandom.key(seed, "validation");
      Split split = classes != null
          ? Split.stratified(classes, fit.validationFraction(), key)
          : Split.random(data.size(), fit.validationFraction(), key);
      train = data.subset(split.train());
      validation = data.subset(split.heldOut());
    }
    if (train.size() == 0) {
      throw new IllegalArgumentException("Trainer: needs at least one row to train on, got none");
    }
    if (state == null) {
      state = optimizer.start(parameters());
    }
    try (Team team = Team.of(threads)) {
      TrainingRun run = new TrainingRun(
          fit, train, validation, parameters(), state,
          TrainingStep.of(model, parameters(), requireObjective(), team),
          Evaluator.of(model, parameters(), requireObjective(), team),
          train.lanes() > 0 ? State.of(model, train.lanes()) : null,
          new TrainingRun.Settings(seed, epochsBefore, optimizer, schedule, clip, clipValues));
      History history = run.run();
      epochsBefore += history.epochs().size();
      return history;
    } catch (DivergedException e) {
      state = null; // what the optimizer remembers led astray
      throw e;
    }
  }

  /**
   * The loss and the accuracy on some data, without dropout.
   *
   * @throws IllegalArgumentException if the data do not suit the model or the loss
   */
  public Evaluation evaluate(Dataset data) {
    try (Evaluator evaluator = Evaluator.of(model, parameters(), requireObjective(), threads)) {
      return evaluator.evaluate(data);
    }
  }

  private Objective requireObjective() {
    if (objective == null) {
      throw new IllegalStateException(
          "Trainer: needs a loss, got none; call loss(Loss.BINARY_CROSS_ENTROPY) or another");
    }
    return objective;
  }
}

package io.carousel.serve;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.kernel.Team;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.Arrays;
import java.util.List;

/**
 * A model that answers: for each row its outputs, which for a classifier are probabilities.
 *
 * <p>A single sigmoid output is the probability of class 1. What a row gets does not depend on the rows
 * beside it. Keeps a copy of the parameters as they were, and owns its threads; calls from several threads
 * take turns.
 */
public final class Predictor implements AutoCloseable {
  private static final int BATCH = 64;

  private final Model model;
  private final Team team;
  private final Runner runner;

  private Predictor(Model model, Parameters parameters, int threads) {
    if (model.inference().shape().rank() != 2) {
      throw new IllegalArgumentException(
          "Predictor: output must be [B,K], got a sequence; end the model with a Pooling, or a recurrent"
              + " layer without returnSequences()");
    }
    if (!parameters.slots().equals(model.slots())) {
      throw new IllegalArgumentException("Predictor: the parameters belong to another model");
    }
    this.model = model;
    this.team = Team.of(threads);
    this.runner = Compiler.compile(List.of(model.inference())).runner(team);
    float[] values = parameters.values().clone();
    for (Parameters.Slot slot : parameters.slots()) {
      runner.set(slot.name(), values, slot.offset());
    }
  }

  /** A predictor that computes with so many threads, the caller among them; they change no bit. */
  public static Predictor of(Model model, Parameters parameters, int threads) {
    return new Predictor(model, parameters, threads);
  }

  /** A predictor that computes with as many threads as there are processors. */
  public static Predictor of(Model model, Parameters parameters) {
    return of(model, parameters, Runtime.getRuntime().availableProcessors());
  }

  /** The number of outputs of a row, K. */
  public int outputs() {
    return model.outputs();
  }

  /**
   * The outputs of each row, [rows][K], in the order of the data.
   *
   * @throws IllegalArgumentException if the data do not suit the model
   */
  public float[][] predict(Dataset data) {
    float[][] outputs = new float[data.size()][];
    for (int[] rows : Batches.of(data, BATCH, 0, false)) {
      float[][] some = predict(data.batch(rows));
      for (int i = 0; i < rows.length; i++) {
        outputs[rows[i]] = some[i];
      }
    }
    return outputs;
  }

  /** The outputs of each row of a batch, [B][K]. */
  public synchronized float[][] predict(Batch batch) {
    model.feed(batch, runner::set, runner::set);
    runner.run(batch.rows(), batch.steps(), 0);
    float[] all = runner.output(0);
    float[][] outputs = new float[batch.rows()][];
    for (int row = 0; row < outputs.length; row++) {
      outputs[row] = Arrays.copyOfRange(all, row * outputs(), (row + 1) * outputs());
    }
    return outputs;
  }

  /** The outputs for one row of word numbers; it may be empty. */
  public float[] predict(int... tokens) {
    int steps = Math.max(1, tokens.length);
    return predict(
        new Batch(steps, Arrays.copyOf(tokens, steps), null, new int[] {tokens.length}, null, null))[0];
  }

  /** The outputs for one sequence of feature vectors, [T][F]; for a model of single vectors, [1][F]. */
  public float[] predict(float[][] sequence) {
    int count = model.input().features();
    float[] features = new float[Math.max(1, sequence.length) * count];
    for (int t = 0; t < sequence.length; t++) {
      if (sequence[t].length != count) {
        throw new IllegalArgumentException(
            "Predictor: each step must have " + count + " features, got " + sequence[t].length
                + " at step " + t);
      }
      System.arraycopy(sequence[t], 0, features, t * count, count);
    }
    return predict(
        new Batch(Math.max(1, sequence.length), null, features, new int[] {sequence.length}, null, null))[0];
  }

  /** Ends the threads. */
  @Override
  public synchronized void close() {
    team.close();
  }
}

package io.carousel.serve;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.expr.Expr;
import io.carousel.kernel.Team;
import io.carousel.layer.Signal;
import io.carousel.model.Expressions;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

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
  private final float[] values;
  private final Answers answers;
  /** The same going on from a state; made when there is one. */
  private @Nullable Answers carrying;

  private Predictor(Model model, Parameters parameters, int threads) {
    if (!parameters.slots().equals(model.slots())) {
      throw new IllegalArgumentException("Predictor: the parameters belong to another model");
    }
    this.model = model;
    this.team = Team.of(threads);
    this.values = parameters.values().clone();
    this.answers = new Answers(model.expressions(false, false));
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
   * The only output of each row, [rows][K], in the order of the data. Where it is a sequence, that of each step of
   * the row, one after the other, [rows][length · K].
   *
   * @throws IllegalArgumentException if the data do not suit the model
   */
  public float[][] predict(Dataset data) {
    return Objects.requireNonNull(predictAll(data).get(model.output()));
  }

  /** The only output of each row of a batch, as that of a data set. */
  public float[][] predict(Batch batch) {
    return Objects.requireNonNull(predictAll(batch).get(model.output()));
  }

  /** All outputs by name, each as the only one of a batch. */
  public synchronized SequencedMap<String, float[][]> predictAll(Batch batch) {
    return answers.of(batch, null);
  }

  /** All outputs by name, each as the only one of a data set. */
  public SequencedMap<String, float[][]> predictAll(Dataset data) {
    SequencedMap<String, float[][]> outputs = new LinkedHashMap<>();
    model.outputNames().forEach(name -> outputs.put(name, new float[data.size()][]));
    State state = data.lanes() > 0 ? State.of(model, data.lanes()) : null;
    for (int[] rows : Batches.of(data, BATCH, 0, false)) {
      Batch batch = data.batch(rows);
      (state == null ? predictAll(batch) : predictAll(batch, state)).forEach((name, some) -> {
        float[][] all = Objects.requireNonNull(outputs.get(name));
        for (int i = 0; i < rows.length; i++) {
          all[rows[i]] = some[i];
        }
      });
    }
    return outputs;
  }

  /**
   * The only output of each row of a batch, going on from a state, which is changed to that after the batch: steps
   * that come one by one, or sequences in pieces, give the bits of the whole.
   *
   * @throws IllegalArgumentException if the model needs whole sequences, or the state is of another number of rows
   */
  public float[][] predict(Batch batch, State state) {
    return Objects.requireNonNull(predictAll(batch, state).get(model.output()));
  }

  /** All outputs by name, going on from a state, each as the only one. */
  public synchronized SequencedMap<String, float[][]> predictAll(Batch batch, State state) {
    if (carrying == null) {
      carrying = new Answers(model.expressions(false, true));
    }
    return carrying.of(batch, state);
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
    if (count == 0) {
      throw new IllegalArgumentException(
          "Predictor: the model takes tokens [B,T], got features; give it word numbers, predict(int...)");
    }
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

  /** A compiled model that is given batches. */
  private final class Answers {
    private final Expressions expressions;
    private final Runner runner;
    /** The numbers of the results that are the lengths of outputs. */
    private final Map<String, Integer> lengths = new HashMap<>();

    Answers(Expressions expressions) {
      this.expressions = expressions;
      List<Expr> roots = new ArrayList<>(expressions.values());
      expressions.carried().forEach(each -> roots.add(each.last()));
      for (String name : model.outputNames()) {
        Signal output = expressions.output(name);
        if (output.isSequence()) {
          lengths.put(name, roots.size());
          roots.add(Objects.requireNonNull(output.lengths()).cast());
        }
      }
      runner = Compiler.compile(roots).runner(team);
      for (Parameters.Slot slot : model.slots()) {
        runner.set(slot.name(), values, slot.offset());
      }
    }

    SequencedMap<String, float[][]> of(Batch batch, @Nullable State state) {
      model.feed(batch, runner::set, runner::set);
      if (state != null) {
        state.feed(expressions, batch.rows(), runner::set);
      }
      runner.run(batch.rows(), batch.steps(), 0);
      SequencedMap<String, float[][]> outputs = new LinkedHashMap<>();
      int number = 0;
      for (String name : model.outputNames()) {
        outputs.put(name, rows(name, runner.output(number++), batch));
      }
      if (state != null) {
        int first = number;
        state.take(i -> runner.output(first + i));
      }
      return outputs;
    }

    /** An output, time-major, as the numbers of each row. */
    private float[][] rows(String name, float[] all, Batch batch) {
      int rows = batch.rows();
      float[][] outputs = new float[rows][];
      Integer ofLengths = lengths.get(name);
      if (ofLengths == null) {
        int size = all.length / rows;
        for (int row = 0; row < rows; row++) {
          outputs[row] = Arrays.copyOfRange(all, row * size, (row + 1) * size);
        }
        return outputs;
      }
      float[] own = runner.output(ofLengths);
      int steps = Shape.number(expressions.output(name).value().shape().size(0), rows, batch.steps());
      int size = all.length / rows / steps;
      for (int row = 0; row < rows; row++) {
        int length = (int) own[row];
        outputs[row] = new float[length * size];
        for (int t = 0; t < length; t++) {
          System.arraycopy(all, (t * rows + row) * size, outputs[row], t * size, size);
        }
      }
      return outputs;
    }
  }
}

package io.carousel.model;

import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import io.carousel.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the recurrent layers of a model remember of some rows: where the next run goes on. So a long sequence may be
 * read in pieces, or step by step as it comes, with the bits of one run over the whole.
 *
 * <pre>
 *   State state = State.of(model, 1);
 *   for (Batch step : steps) {
 *     float[][] answer = predictor.predict(step, state);
 *   }
 * </pre>
 *
 * Numbers without history: no gradient goes back through them. Owned by the caller, changed by each run that is
 * given it, and to be copied where a run shall be tried and taken back. Not safe for two threads at once.
 */
public final class State {
  private static final String FRESH = Scope.FRESH;

  private final int rows;
  private final SequencedMap<String, Shape> shapes;
  private final SequencedMap<String, float[]> values = new LinkedHashMap<>();
  private final float[] fresh;
  /** What it was given to last, and found to suit. */
  private @Nullable Expressions suits;

  private State(int rows, SequencedMap<String, Shape> shapes) {
    this.rows = rows;
    this.shapes = shapes;
    this.fresh = new float[rows];
    shapes.forEach((name, shape) -> values.put(name, new float[shape.count(rows, 1)]));
    Arrays.fill(fresh, 1);
  }

  /**
   * Before the first step of so many rows.
   *
   * @throws IllegalArgumentException if the model needs whole sequences, or remembers nothing
   */
  public static State of(Model model, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("State: rows must be at least 1, got " + rows);
    }
    SequencedMap<String, Shape> shapes = shapes(model.expressions(false, true));
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("State: the model has no recurrent layer, so there is nothing to carry");
    }
    return new State(rows, shapes);
  }

  /**
   * A state that {@link #tensors} gave, of the same model.
   *
   * @throws IllegalArgumentException if names or sizes are not those of the model
   */
  public static State of(Model model, Map<String, Tensor> tensors) {
    Tensor begins = tensors.get(FRESH);
    if (begins == null || begins.rank() != 2) {
      throw new IllegalArgumentException("State: must have a tensor " + FRESH + " [B,1], got " + tensors.keySet());
    }
    State state = of(model, begins.size(0));
    state.tensors().forEach((name, expected) -> {
      Tensor given = tensors.get(name);
      if (given == null || !Arrays.equals(given.sizes(), expected.sizes())) {
        throw new IllegalArgumentException(
            "State: " + name + " must be " + Arrays.toString(expected.sizes()) + ", got "
                + (given == null ? "none" : Arrays.toString(given.sizes())) + "; the state is of another model");
      }
      System.arraycopy(given.values(), 0, state.array(name), 0, given.values().length);
    });
    return state;
  }

  /** The number of rows. */
  public int rows() {
    return rows;
  }

  /** Lets a row begin anew at the next step. */
  public State reset(int row) {
    fresh[row] = 1;
    return this;
  }

  /** Lets all rows begin anew at the next step. */
  public State reset() {
    Arrays.fill(fresh, 1);
    return this;
  }

  /** A copy that shares nothing. */
  public State copy() {
    State copy = new State(rows, shapes);
    copy.set(this);
    return copy;
  }

  /** Takes over the numbers of another state of the same model and as many rows. */
  public void set(State other) {
    if (other.rows != rows || !other.shapes.equals(shapes)) {
      throw new IllegalArgumentException(
          "State: must be of " + rows + " rows of the same model, got " + other.rows + " rows of " + other.shapes);
    }
    values.forEach((name, array) -> System.arraycopy(other.array(name), 0, array, 0, array.length));
    System.arraycopy(other.fresh, 0, fresh, 0, rows);
  }

  /** All of it by name, as copies: {@code lstm.state0} [B,H] …, and which rows begin anew, {@code fresh} [B,1]. */
  public SequencedMap<String, Tensor> tensors() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, Tensor.of(array(name).clone(), shape.bind(rows, 1))));
    tensors.put(FRESH, Tensor.of(fresh.clone(), rows, 1));
    return tensors;
  }

  /**
   * Gives it to a run of so many rows.
   *
   * @param of what runs, built to carry states
   * @param floats is told the name and the array of each input; the arrays themselves
   */
  public void feed(Expressions of, int ofRows, BiConsumer<String, float[]> floats) {
    requireOf(of);
    if (ofRows != rows) {
      throw new IllegalArgumentException(
          "State: a batch must have the " + rows + " rows of the state, got " + ofRows + "; give absent ones length 0");
    }
    values.forEach(floats);
    floats.accept(FRESH, fresh);
  }

  private void requireOf(Expressions of) {
    if (of != suits) {
      SequencedMap<String, Shape> carried = shapes(of);
      if (!carried.equals(shapes)) {
        throw new IllegalArgumentException(
            "State: must be of the model that runs, which carries " + carried + ", got " + shapes
                + "; make it by State.of(model, rows)");
      }
      suits = of;
    }
  }

  private static SequencedMap<String, Shape> shapes(Expressions of) {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    of.carried().forEach(each -> shapes.put(each.name(), each.last().shape()));
    return shapes;
  }

  /**
   * Takes what a run left.
   *
   * @param last the arrays by their numbers in {@link Expressions#carried}
   */
  public void take(IntFunction<float[]> last) {
    int number = 0;
    for (float[] array : values.values()) {
      System.arraycopy(last.apply(number++), 0, array, 0, array.length);
    }
    Arrays.fill(fresh, 0);
  }

  private float[] array(String name) {
    return name.equals(FRESH) ? fresh : java.util.Objects.requireNonNull(values.get(name));
  }

  @Override
  public String toString() {
    return "State(" + rows + " rows of " + shapes.keySet() + ")";
  }
}

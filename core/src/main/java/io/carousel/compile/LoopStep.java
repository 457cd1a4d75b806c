package io.carousel.compile;

import io.carousel.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scan: each thread takes some rows of the batch through all steps, without a barrier. A loop
 * that is no affair of rows is done by one thread alone.
 *
 * <p>Steps that no row of the block reaches are skipped. In the others, what a masked row computed
 * is put right at the end of the step: its states stay, its outputs become zero.
 */
final class LoopStep extends Step {
  private final boolean reverse;
  private final boolean alone;
  private final @Nullable Place lengths;
  private final Step[] body;
  private final State[] states;
  private final Place[] outputs;
  private int time;
  private int batch;

  private record State(Place initial, Place before, Place after, @Nullable Place last) {
    boolean hasHistory() {
      return before.view().slot() == View.Slot.TIME;
    }
  }

  LoopStep(Stage.Loop stage, List<Step> body) {
    reverse = stage.reverse();
    alone = stage.alone();
    lengths = placeOrNull(stage.lengths());
    this.body = body.toArray(Step[]::new);
    states = new State[stage.states().size()];
    for (int i = 0; i < states.length; i++) {
      Stage.State s = stage.states().get(i);
      states[i] = new State(place(s.initial()), place(s.before()), place(s.after()), placeOrNull(s.last()));
    }
    outputs = stage.outputs().stream().map(Step::place).toArray(Place[]::new);
  }

  @Override
  void bind(Binding binding) {
    time = binding.time();
    batch = binding.batch();
    if (lengths != null) {
      lengths.bind(binding);
    }
    for (Step step : body) {
      step.bind(binding);
    }
    for (State state : states) {
      state.initial.bind(binding);
      state.before.bind(binding);
      state.after.bind(binding);
      if (state.last != null) {
        state.last.bind(binding);
      }
    }
    for (Place output : outputs) {
      output.bind(binding);
    }
  }

  @Override
  int extent() {
    return alone ? 1 : batch;
  }

  @Override
  void run(Moment m, int from, int to) {
    if (alone) {
      rows(m, 0, batch);
    } else {
      rows(m, from, to);
    }
  }

  private void rows(Moment m, int from, int to) {
    int longest = time;
    int shortest = time;
    if (lengths != null) {
      longest = 0;
      for (int b = from; b < to; b++) {
        int length = length(lengths, b);
        longest = Math.max(longest, length);
        shortest = Math.min(shortest, length);
      }
    }
    m.turn = 0;
    m.time = reverse ? time - 1 : 0;
    for (State state : states) {
      copy(m, state.initial, state.before, from, to);
    }
    if (reverse) {
      for (int t = time - 1; t >= longest; t--) {
        skip(m, t, from, to);
      }
      for (int t = longest - 1; t >= 0; t--) {
        step(m, t, shortest, from, to);
      }
    } else {
      for (int t = 0; t < longest; t++) {
        step(m, t, shortest, from, to);
      }
      for (int t = longest; t < time; t++) {
        skip(m, t, from, to);
      }
    }
    for (State state : states) {
      if (state.last != null) {
        Place end = state.hasHistory() ? state.after : state.before;
        copy(m, end, state.last, from, to);
      }
    }
  }

  /** Some rows of a state, or all of a state that has none. */
  private void copy(Moment m, Place in, Place out, int from, int to) {
    boolean rows = !alone || (out.sizes.length > 0 && out.view().shape().size(0) == Shape.B);
    int all = out.sizes.length == 0 ? 1 : out.sizes[0];
    RowSteps.copy(in, in.at(m), out, out.at(m), rows ? from : 0, rows ? to : all);
  }

  private int length(Place lengths, int b) {
    int length = lengths.ints[lengths.base + b];
    if (length < 0 || length > time) {
      throw new IllegalArgumentException(
          "scan: lengths must be from 0 to " + time + ", got " + length + " in row " + b);
    }
    return length;
  }

  /** One step for all rows of the block. */
  private void step(Moment m, int t, int shortest, int from, int to) {
    m.time = t;
    for (Step step : body) {
      if (alone) {
        step.run(m, 0, step.extent());
      } else {
        step.run(m, from, to);
      }
    }
    if (t >= shortest && lengths != null) {
      for (int b = from; b < to; b++) {
        if (lengths.ints[lengths.base + b] <= t) {
          for (State state : states) {
            RowSteps.copy(state.before, state.before.at(m), state.after, state.after.at(m), b, b + 1);
          }
          for (Place output : outputs) {
            RowSteps.fill(output, output.at(m), 0f, b, b + 1);
          }
        }
      }
    }
    m.turn ^= 1;
  }

  /** A step that no row of the block reaches. */
  private void skip(Moment m, int t, int from, int to) {
    m.time = t;
    for (State state : states) {
      if (state.hasHistory()) {
        RowSteps.copy(state.before, state.before.at(m), state.after, state.after.at(m), from, to);
      }
    }
    for (Place output : outputs) {
      RowSteps.fill(output, output.at(m), 0f, from, to);
    }
  }
}

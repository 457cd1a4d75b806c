package io.carousel.compile;

import io.carousel.kernel.Team;
import io.carousel.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scan: each thread takes some rows of the batch through all steps, without a barrier. Where there
 * are few rows, threads share the columns instead and wait for each other after each part of a step. A loop
 * that is no affair of rows is done by one thread alone.
 *
 * <p>Steps that no row of the block reaches are skipped. In the others, what a masked row computed
 * is put right at the end of the step: its states stay, its outputs become zero.
 */
final class LoopStep extends Step {
  /** With fewer rows for each thread, sharing the columns is faster: a tile of a row or two is half as fast. */
  private static final int FEW_ROWS = 4;

  private final int steps;
  private final boolean reverse;
  private final boolean alone;
  private final @Nullable Place lengths;
  private final Step[] body;
  private final State[] states;
  private final Place[] outputs;
  private int time;
  private int batch;
  private boolean together;

  private record State(Place initial, Place before, Place after, @Nullable Place last) {
    boolean hasHistory() {
      return before.view().slot() == View.Slot.TIME;
    }
  }

  LoopStep(Stage.Loop stage, List<Step> body) {
    steps = stage.steps();
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
    time = Shape.number(steps, binding.batch(), binding.time());
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
    together = !alone && binding.threads() > 1 && isWorthSharing(binding);
    if (together) {
      for (Step step : body) {
        step.shareColumns();
      }
    }
  }

  /** True if there are few rows, and work enough in a part of a step to be worth a barrier. */
  private boolean isWorthSharing(Binding binding) {
    if (batch >= FEW_ROWS * binding.threads()) {
      return false;
    }
    long cost = 0;
    for (Step step : body) {
      cost += step.cost() == Long.MAX_VALUE ? 0 : step.cost(); // who says nothing has no columns to share
    }
    return cost >= binding.small() * body.length;
  }

  @Override
  boolean isTogether() {
    return together;
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
    int longest = longest(from, to);
    int shortest = shortest(from, to);
    begin(m, from, to);
    for (int i = 0; i < time; i++) {
      int t = reverse ? time - 1 - i : i;
      m.time = t;
      if (t >= longest) {
        skip(m, from, to);
        continue;
      }
      for (Step step : body) {
        step.run(m, alone ? 0 : from, alone ? step.extent() : to);
      }
      if (t >= shortest) {
        mask(m, from, to);
      }
      m.turn ^= 1;
    }
    end(m, from, to);
  }

  /** The same by all threads, each with some of the columns of all rows. */
  @Override
  void runTogether(Moment m, Team team) {
    boolean first = m.thread == 0;
    int longest = longest(0, batch);
    int shortest = shortest(0, batch);
    begin(m, 0, first ? batch : 0);
    team.barrier();
    for (int i = 0; i < time; i++) {
      m.time = reverse ? time - 1 - i : i;
      if (m.time >= longest) {
        if (first) {
          skip(m, 0, batch);
        }
        continue;
      }
      if (i > 0 && reverse && m.time == longest - 1) {
        team.barrier(); // what was skipped is read now
      }
      for (Step step : body) {
        step.runColumns(m, batch, team.threads());
        team.barrier();
      }
      if (m.time >= shortest) {
        if (first) {
          mask(m, 0, batch);
        }
        team.barrier();
      }
      m.turn ^= 1;
    }
    if (first) {
      end(m, 0, batch);
    }
  }

  private int longest(int from, int to) {
    if (lengths == null) {
      return time;
    }
    int longest = 0;
    for (int b = from; b < to; b++) {
      longest = Math.max(longest, length(lengths, b));
    }
    return longest;
  }

  private int shortest(int from, int to) {
    int shortest = time;
    for (int b = from; lengths != null && b < to; b++) {
      shortest = Math.min(shortest, length(lengths, b));
    }
    return shortest;
  }

  private void begin(Moment m, int from, int to) {
    m.turn = 0;
    m.time = reverse ? time - 1 : 0;
    for (State state : states) {
      copy(m, state.initial, state.before, from, to);
    }
  }

  /** After the last step: the moment is that of the step done last, the turn the one after it. */
  private void end(Moment m, int from, int to) {
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

  /** Puts right what a step computed for rows that are over: their states stay, their outputs become zero. */
  private void mask(Moment m, int from, int to) {
    for (int b = from; lengths != null && b < to; b++) {
      if (lengths.ints[lengths.base + b] <= m.time) {
        for (State state : states) {
          RowSteps.copy(state.before, state.before.at(m), state.after, state.after.at(m), b, b + 1);
        }
        for (Place output : outputs) {
          RowSteps.fill(output, output.at(m), 0f, b, b + 1);
        }
      }
    }
  }

  /** A step that no row of the block reaches. */
  private void skip(Moment m, int from, int to) {
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

package io.carousel.compile;

import io.carousel.kernel.Team;
import org.jspecify.annotations.Nullable;

/** A stage made ready to run in one runner: its loops, with arrays and offsets settled. */
abstract class Step {
  /** Where a thread is: the time step and the turn of a scan's states. */
  static final class Moment {
    final int thread;
    int time;
    int turn;

    Moment(int thread) {
      this.thread = thread;
    }
  }

  /** A view whose array, offset and steps are known. */
  static final class Place {
    private final View view;
    float[] array = {};
    int[] ints = {};
    int base;
    int[] steps = {};
    int[] sizes = {};
    private int slotStep;

    Place(View view) {
      this.view = view;
    }

    View view() {
      return view;
    }

    void bind(Binding binding) {
      if (view.buffer().kind() == Buffer.Kind.INT_INPUT || view.buffer().kind() == Buffer.Kind.INT_WORK) {
        ints = binding.ints(view.buffer());
      } else {
        array = binding.array(view.buffer());
      }
      base = binding.offset(view.buffer()) + binding.number(view.offset());
      slotStep = binding.number(view.slotStep());
      steps = new int[view.shape().rank()];
      for (int axis = 0; axis < steps.length; axis++) {
        steps[axis] = binding.number(view.step(axis));
      }
      sizes = view.shape().bind(binding.batch(), binding.time());
    }

    int at(Moment m) {
      return switch (view.slot()) {
        case NONE -> base;
        case TIME -> base + m.time * slotStep;
        case OLD -> base + m.turn * slotStep;
        case NEW -> base + (1 - m.turn) * slotStep;
      };
    }
  }

  /** What a runner knows when B and T are given. */
  interface Binding {
    int batch();

    int time();

    int threads();

    long key();

    /** What a step must cost to be worth a barrier. */
    long small();

    float[] array(Buffer buffer);

    int[] ints(Buffer buffer);

    int offset(Buffer buffer);

    /** The panels of a matrix and where they start. */
    float[] panels(Stage.Packed packed);

    int panelsOffset(Stage.Packed packed);

    default int number(Extent extent) {
      return extent.at(batch(), time());
    }
  }

  /** Settles arrays and offsets; called when B, T or an array has changed. */
  abstract void bind(Binding binding);

  /** How many parts the work has that can be done by different threads; rows inside a scan. */
  abstract int extent();

  /** Does the parts {@code from} to {@code to}. */
  abstract void run(Moment m, int from, int to);

  /** Called before {@link #runColumns}. */
  void shareColumns() {}

  /**
   * In a loop whose threads share the columns: does this thread's part of all rows. Where columns cannot be
   * shared it is some of the rows.
   */
  void runColumns(Moment m, int rows, int threads) {
    run(m, rows * m.thread / threads, rows * (m.thread + 1) / threads);
  }

  /** True if all threads run the step together, with barriers of its own, rather than each a part of its extent. */
  boolean isTogether() {
    return false;
  }

  /** Runs such a step; called by every thread of the team. */
  void runTogether(Moment m, Team team) {
    throw new IllegalStateException("compile: this step is not run together");
  }

  /**
   * Roughly how many elements are touched. What is small is left to one thread, since waiting for each
   * other at a barrier costs more.
   */
  long cost() {
    return Long.MAX_VALUE;
  }

  static int count(int[] sizes, int from, int to) {
    int count = 1;
    for (int i = from; i < to; i++) {
      count *= sizes[i];
    }
    return count;
  }

  static Place place(View view) {
    return new Place(view);
  }

  static @Nullable Place placeOrNull(@Nullable View view) {
    return view == null ? null : new Place(view);
  }
}

package io.carousel.compile;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the elements of an expression lie: a buffer, an offset and a step for each axis.
 *
 * @param slot what else moves the offset inside a scan, by {@code slotStep}
 */
record View(Buffer buffer, Extent offset, Shape shape, List<Extent> steps, Slot slot, Extent slotStep) {
  enum Slot {
    NONE,
    /** The number of the current time step. */
    TIME,
    /** 0 and 1 in turn: where a state lies before the step. */
    OLD,
    /** 1 and 0 in turn: where a state lies after the step. */
    NEW
  }

  View {
    steps = List.copyOf(steps);
  }

  /** A whole buffer in row-major order. */
  static View dense(Buffer buffer, Shape shape) {
    return new View(buffer, Extent.ZERO, shape, denseSteps(shape), Slot.NONE, Extent.ZERO);
  }

  static List<Extent> denseSteps(Shape shape) {
    Extent step = Extent.ONE;
    List<Extent> steps = new ArrayList<>();
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      steps.addFirst(step);
      step = step.times(shape.size(axis));
    }
    return steps;
  }

  /** True for another buffer's view of the same form: equal places mean equal offsets. */
  boolean isAlike(View other) {
    return buffer.size().equals(other.buffer.size()) && offset.equals(other.offset) && shape.equals(other.shape)
        && steps.equals(other.steps) && slot == Slot.NONE && other.slot == Slot.NONE;
  }

  boolean isDense() {
    List<Extent> dense = denseSteps(shape);
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.size(axis) != 1 && !steps.get(axis).equals(dense.get(axis))) {
        return false;
      }
    }
    return true;
  }

  /** The step along an axis; 0 where there is but one position. */
  Extent step(int axis) {
    int a = shape.axis(axis);
    return shape.size(a) == 1 ? Extent.ZERO : steps.get(a);
  }

  /** True if the leading axes are one axis of rows with a fixed step, and the last has step 1. */
  boolean isRows() {
    return isLines() && rowStep() != null;
  }

  /** The same, with a step from row to row that may depend on B and T. */
  boolean isLines() {
    boolean together = shape.rank() == 0 || shape.size(-1) == 1 || step(-1).equals(Extent.ONE);
    return together && lineStep() != null;
  }

  /** The step from row to row if all leading axes collapse to one of a fixed step, else null. */
  @Nullable Integer rowStep() {
    Extent step = lineStep();
    return step != null && step.isStatic() ? Integer.valueOf(step.number()) : null;
  }

  /** The step from row to row if all leading axes collapse to one, else null. */
  @Nullable Extent lineStep() {
    Extent step = null;
    Extent next = null; // the step that the axis before must have
    for (int axis = shape.rank() - 2; axis >= 0; axis--) {
      if (shape.size(axis) == 1) {
        continue;
      }
      Extent own = step(axis);
      if (step == null) {
        step = own;
      } else if (!own.equals(next)) {
        return null;
      }
      next = own.times(shape.size(axis));
    }
    return step == null ? Extent.ZERO : step;
  }

  View slice(int axis, int from, int to) {
    return positions(axis, from, 1, to - from);
  }

  /** So many positions of an axis: {@code from}, {@code from + by} … */
  View positions(int axis, int from, int by, int size) {
    List<Extent> wider = new ArrayList<>(steps);
    wider.set(axis, steps.get(axis).scaled(by));
    return new View(
        buffer, offset.plus(steps.get(axis).scaled(from)), shape.with(axis, size), wider, slot, slotStep);
  }

  /** The same with a new axis of size 1. */
  View insert(int axis) {
    List<Extent> more = new ArrayList<>(steps);
    more.add(axis, Extent.ZERO);
    return new View(buffer, offset, shape.insert(axis, 1), more, slot, slotStep);
  }

  View transpose(List<Integer> order) {
    List<Extent> moved = new ArrayList<>();
    int[] sizes = new int[order.size()];
    for (int i = 0; i < sizes.length; i++) {
      moved.add(steps.get(order.get(i)));
      sizes[i] = shape.size(order.get(i));
    }
    return new View(buffer, offset, Shape.of(sizes), moved, slot, slotStep);
  }

  View broadcast(Shape to) {
    List<Extent> repeated = new ArrayList<>();
    int extra = to.rank() - shape.rank();
    for (int axis = 0; axis < to.rank(); axis++) {
      boolean own = axis >= extra && shape.size(axis - extra) == to.size(axis);
      repeated.add(own ? steps.get(axis - extra) : Extent.ZERO);
    }
    return new View(buffer, offset, to, repeated, slot, slotStep);
  }

  /** The same elements under another shape, or null if that takes a copy. */
  @Nullable View reshape(Shape to) {
    if (isDense()) {
      return new View(buffer, offset, to, denseSteps(to), slot, slotStep);
    }
    // Axes of size 1 come and go without moving anything.
    List<Integer> sizes = new ArrayList<>();
    List<Extent> kept = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.size(axis) != 1) {
        sizes.add(shape.size(axis));
        kept.add(steps.get(axis));
      }
    }
    List<Extent> moved = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < to.rank(); axis++) {
      if (to.size(axis) == 1) {
        moved.add(Extent.ZERO);
      } else if (next < sizes.size() && sizes.get(next) == to.size(axis)) {
        moved.add(kept.get(next++));
      } else {
        return null;
      }
    }
    return next == sizes.size() ? new View(buffer, offset, to, moved, slot, slotStep) : null;
  }

  /** What lies at the current position of the first axis, the time. */
  View now() {
    if (slot != Slot.NONE) {
      throw new IllegalStateException("compile: a scan inside a scan cannot run over a view that moves already");
    }
    return new View(
        buffer, offset, shape.drop(0), steps.subList(1, steps.size()), Slot.TIME, step(0));
  }

  @Override
  public String toString() {
    return buffer + (offset.equals(Extent.ZERO) ? "" : "+" + offset) + shape
        + (slot == Slot.NONE ? "" : "@" + slot.name().toLowerCase(java.util.Locale.ROOT));
  }
}

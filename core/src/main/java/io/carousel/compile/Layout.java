package io.carousel.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Lays out a workspace: buffers that are never alive at the same time may share memory. */
final class Layout {
  /** Buffers start at multiples of 64 bytes. */
  static final int ALIGN = 16;

  private Layout() {}

  static int aligned(int size) {
    return (size + ALIGN - 1) / ALIGN * ALIGN;
  }

  /**
   * Lets elementwise stages write over inputs that nobody reads afterwards: a stream less through memory,
   * and less of it. An element is read before it is written, by the same thread, if both are views alike.
   */
  static void overwrite(List<Stage> stages) {
    Set<Buffer> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < stages.size(); i++) {
      if (stages.get(i) instanceof Stage.Elementwise stage) {
        for (View out : stage.outputs()) {
          for (View in : stage.inputs()) {
            boolean free = out.buffer().ground() == out.buffer(); // it has not taken another's memory
            if (free && begins(out, i) && ends(in, i, stage) && in.isAlike(out) && taken.add(in.buffer())) {
              out.buffer().takeOver(in.buffer());
              break;
            }
          }
        }
      }
    }
  }

  private static boolean begins(View out, int stage) {
    return out.buffer().kind() == Buffer.Kind.WORK && out.buffer().first() == stage;
  }

  /** True for the only view of a buffer in its last stage. */
  private static boolean ends(View in, int number, Stage.Elementwise stage) {
    return in.buffer().kind() == Buffer.Kind.WORK && in.buffer().first() < number && in.buffer().last() == number
        && stage.views().stream().filter(view -> view.buffer() == in.buffer()).count() == 1;
  }

  /**
   * Gives each buffer of the workspace a place, so that two that live at the same time do not overlap.
   *
   * @param places written by the buffers' numbers; those of other kinds of buffers stay
   * @return the size of the workspace
   */
  static int place(List<Buffer> all, int batch, int time, int[] places) {
    List<Buffer> buffers = new ArrayList<>();
    for (Buffer buffer : all) {
      if (buffer.kind() == Buffer.Kind.WORK && buffer.last() >= 0 && buffer.ground() == buffer) {
        buffers.add(buffer);
      }
    }
    // Large ones first: they fit together best while there is nothing in between.
    buffers.sort(
        Comparator.<Buffer>comparingInt(b -> -b.size().at(batch, time)).thenComparingInt(Buffer::number));
    List<Buffer> placed = new ArrayList<>();
    int end = 0;
    for (Buffer buffer : buffers) {
      int size = Math.addExact(aligned(buffer.size().at(batch, time)), ALIGN);
      int at = 0;
      boolean moved = true;
      while (moved) {
        moved = false;
        for (Buffer other : placed) {
          boolean together = buffer.first() <= other.end() && other.first() <= buffer.end();
          int otherEnd = places[other.number()] + aligned(other.size().at(batch, time)) + ALIGN;
          if (together && at < otherEnd && places[other.number()] < at + size) {
            at = otherEnd;
            moved = true;
          }
        }
      }
      places[buffer.number()] = at;
      placed.add(buffer);
      end = Math.max(end, end(at, size, batch, time));
    }
    for (Buffer buffer : all) {
      if (buffer.ground() != buffer) {
        places[buffer.number()] = places[buffer.ground().number()];
      }
    }
    return end;
  }

  private static int end(int at, int size, int batch, int time) {
    long end = (long) at + size;
    if (end > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "run: with B=" + batch + ", T=" + time + " the workspace needs " + end
              + " numbers, more than one array can hold; use smaller batches or shorter sequences");
    }
    return (int) end;
  }
}

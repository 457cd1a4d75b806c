package io.carousel.data;

import org.jspecify.annotations.Nullable;

/** Sequences, with what is to be learned of each, that can be put together in any groups. Immutable. */
public interface Dataset {
  /** The number of rows. */
  int size();

  /** The number of time steps of a row; may be 0. */
  int length(int row);

  /** The given rows as one batch, in the given order. */
  Batch batch(int[] rows);

  /** The given rows as a data set of their own, in the given order; values are shared. */
  Dataset subset(int[] rows);

  /** The class of each row, for splits that keep the shares of the classes; null if rows have none. */
  int @Nullable [] classes();

  /**
   * How many streams lie side by side in the rows, or 0 where each row is a sequence of its own. Of streams, row
   * i + lanes goes on where row i ended: what recurrent layers remember is carried from one to the other, rows are
   * neither shuffled nor sorted, and losses are means over steps.
   */
  default int lanes() {
    return 0;
  }

  /**
   * What the given epoch of training sees, counted from 1: these rows, unless the data are made anew for each
   * epoch. As many rows at each.
   */
  default Dataset epoch(int epoch) {
    return this;
  }
}

package io.carousel.data;

import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rows go together in the batches of an epoch.
 *
 * <p>Rows of like length go together, so that little is padding: rows are shuffled, sorted by length inside
 * windows of {@value #WINDOW} batches, cut into batches, and the batches shuffled. A window is small enough
 * that batches differ from epoch to epoch. Rows of streams stay in their order instead, as many in a batch as
 * there are {@link Dataset#lanes}.
 */
public final class Batches {
  /** Batches in a window. */
  private static final int WINDOW = 50;

  private Batches() {}

  /**
   * The groups of rows of one epoch; every row is in exactly one. Depends on the arguments and nothing else.
   *
   * @param batchSize the rows of a batch, of no effect on streams; the last that is cut, wherever it ends up, has
   *     what is left
   * @param key the random key of the epoch; of no effect without shuffling
   * @param shuffle false for evaluation: all rows sorted by length, and cut
   */
  public static List<int[]> of(Dataset data, int batchSize, long key, boolean shuffle) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Batches: the batch size must be at least 1, got " + batchSize);
    }
    int n = data.size();
    if (data.lanes() > 0) {
      return cut(IntStream.range(0, n).toArray(), data.lanes());
    }
    int[] order;
    if (shuffle) {
      order = CounterRandom.permutation(n, CounterRandom.key(key, "rows"));
    } else {
      order = new int[n];
      for (int i = 0; i < n; i++) {
        order[i] = i;
      }
    }
    int window = shuffle ? (int) Math.min((long) batchSize * WINDOW, n) : n;
    for (int from = 0; from < n; from += window) {
      sortByLength(data, order, from, Math.min(n, from + window));
    }
    List<int[]> batches = cut(order, batchSize);
    if (!shuffle) {
      return batches;
    }
    List<int[]> shuffled = new ArrayList<>(batches.size());
    for (int i : CounterRandom.permutation(batches.size(), CounterRandom.key(key, "batches"))) {
      shuffled.add(batches.get(i));
    }
    return shuffled;
  }

  private static List<int[]> cut(int[] order, int batchSize) {
    int n = order.length;
    List<int[]> batches = new ArrayList<>(n / batchSize + 1);
    for (int from = 0; from < n; from += Math.min(batchSize, n - from)) {
      batches.add(Arrays.copyOfRange(order, from, from + Math.min(batchSize, n - from)));
    }
    return batches;
  }

  /** Sorts rows by length; rows of one length stay in their order. */
  private static void sortByLength(Dataset data, int[] order, int from, int to) {
    long[] keys = new long[to - from];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = ((long) data.length(order[from + i]) << 32) | i;
    }
    Arrays.sort(keys);
    int[] sorted = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      sorted[i] = order[from + (int) keys[i]];
    }
    System.arraycopy(sorted, 0, order, from, sorted.length);
  }
}

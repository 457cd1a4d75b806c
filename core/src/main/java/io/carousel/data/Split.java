package io.carousel.data;

import io.carousel.tensor.CounterRandom;
import java.util.Arrays;

/**
 * Rows divided in two at random, for training and for checking.
 *
 * @param train the rows for training, ascending
 * @param heldOut the rows held out, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared
public record Split(int[] train, int[] heldOut) {

  /**
   * Holds out the same share of each class, rounded to whole rows; at least one row of a class stays for
   * training.
   *
   * @param classes the class of each row, from 0 on
   * @param fraction the share to hold out, above 0 and below 1
   * @param key the random key; the same key gives the same split
   * @throws DataException if there are too few rows to hold out any
   */
  public static Split stratified(int[] classes, double fraction, long key) {
    check(fraction);
    int count = 0;
    for (int id : classes) {
      count = Math.max(count, id + 1);
    }
    int[] sizes = new int[count];
    for (int id : classes) {
      sizes[id]++;
    }
    int[] wanted = new int[count];
    for (int id = 0; id < count; id++) {
      wanted[id] = Math.max(0, (int) Math.min(Math.round(sizes[id] * fraction), sizes[id] - 1));
    }
    // In random order the first rows of each class are held out.
    boolean[] out = new boolean[classes.length];
    for (int row : CounterRandom.permutation(classes.length, CounterRandom.key(key, "split"))) {
      if (wanted[classes[row]] > 0) {
        wanted[classes[row]]--;
        out[row] = true;
      }
    }
    return of(out, fraction);
  }

  /** Holds out a share of {@code rows} rows; as {@link #stratified} with a single class. */
  public static Split random(int rows, double fraction, long key) {
    return stratified(new int[rows], fraction, key);
  }

  private static Split of(boolean[] out, double fraction) {
    int[] train = new int[out.length];
    int[] heldOut = new int[out.length];
    int trained = 0;
    int held = 0;
    for (int row = 0; row < out.length; row++) {
      if (out[row]) {
        heldOut[held++] = row;
      } else {
        train[trained++] = row;
      }
    }
    if (held == 0) {
      throw new DataException(
          "Split: holding out " + fraction + " must leave some rows on both sides, it holds out none of "
              + TableBuilder.count(out.length, "row") + "; hold out more or give more rows");
    }
    return new Split(Arrays.copyOf(train, trained), Arrays.copyOf(heldOut, held));
  }

  private static void check(double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException(
          "Split: the fraction to hold out must be above 0 and below 1, got " + fraction);
    }
  }
}

package io.carousel.data;

import org.jspecify.annotations.Nullable;

/** What the data sets check and copy alike. */
final class Checks {
  private Checks() {}

  static void sameSize(String who, String what, int rows, int got) {
    if (rows != got) {
      throw new IllegalArgumentException(
          who + ": there must be as many " + what + " as rows, got " + got + " for " + rows + " rows");
    }
  }

  static void notNegative(String who, int @Nullable [] classes) {
    if (classes == null) {
      return;
    }
    for (int row = 0; row < classes.length; row++) {
      if (classes[row] < 0) {
        throw new IllegalArgumentException(
            who + ": classes must be numbers from 0, got " + classes[row] + " in row " + row);
      }
    }
  }

  static int @Nullable [] pick(int @Nullable [] values, int[] rows) {
    if (values == null) {
      return null;
    }
    int[] picked = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  static int @Nullable [][] pick(int @Nullable [][] values, int[] rows) {
    if (values == null) {
      return null;
    }
    int[][] picked = new int[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  /** What rows have at each step, side by side as batches have it: [T,B], zero beyond a row's length. */
  static int[] timeMajor(int[][] values, int[] lengths, int steps) {
    int count = values.length;
    int[] batch = new int[Math.multiplyExact(steps, count)];
    for (int b = 0; b < count; b++) {
      for (int t = 0; t < lengths[b]; t++) {
        batch[t * count + b] = values[b][t];
      }
    }
    return batch;
  }

  /** Copies the vectors of a row's steps to their places in [T,B,width]. */
  static void timeMajor(float[] from, int at, int length, int width, float[] to, int b, int count) {
    for (int t = 0; t < length; t++) {
      System.arraycopy(from, at + t * width, to, (t * count + b) * width, width);
    }
  }
}

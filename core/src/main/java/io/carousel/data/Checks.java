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
}

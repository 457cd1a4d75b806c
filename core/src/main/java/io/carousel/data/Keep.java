package io.carousel.data;

import java.util.Arrays;

/** Which part of a text is kept when it has more words than the model takes. */
public enum Keep {
  /** The beginning. */
  HEAD,
  /** The end, where reviews tend to come to their verdict. */
  TAIL,
  /** The beginning and the end, half of each; the beginning has one word more if the number is odd. */
  BOTH;

  /** The kept part of the first {@code count} of {@code tokens}, at most {@code limit}, as a new array. */
  int[] cut(int[] tokens, int count, int limit) {
    if (count <= limit) {
      return Arrays.copyOf(tokens, count);
    }
    int head = this == HEAD ? limit : this == TAIL ? 0 : limit - limit / 2;
    int[] kept = Arrays.copyOf(tokens, limit);
    System.arraycopy(tokens, count - (limit - head), kept, head, limit - head);
    return kept;
  }
}

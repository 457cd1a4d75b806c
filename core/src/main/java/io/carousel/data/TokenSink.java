package io.carousel.data;

/** Takes the words of a text one by one. */
interface TokenSink {
  /**
   * Takes a word, the characters {@code 0} to {@code length} of an array that the next word will
   * overwrite.
   *
   * @return whether to go on
   */
  boolean token(char[] word, int length);
}

package io.carousel.data;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Cuts characters into lines without making a string of each.
 *
 * <p>A line ends with {@code \n} or {@code \r\n}. The buffer grows to the longest line.
 */
final class LineReader {
  private static final int LARGEST = 1 << 30;

  private final Reader reader;
  private final String source;
  private char[] buffer = new char[1 << 16];
  private int start;
  private int end;
  private int next;
  private int filled;
  private long line;

  LineReader(Reader reader, String source) {
    this.reader = reader;
    this.source = source;
  }

  /** The characters; those of the line are at {@link #start()} to {@link #end()}. */
  char[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** The number of the line, from 1. */
  long line() {
    return line;
  }

  /** Goes to the next line; false at the end. */
  boolean next() throws IOException {
    int scanned = next;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          return found(i, i + 1);
        }
      }
      makeRoom();
      scanned = filled;
      int n = reader.read(buffer, filled, buffer.length - filled);
      if (n < 0) {
        return next < filled && found(filled, filled);
      }
      filled += n;
    }
  }

  private boolean found(int lineEnd, int following) {
    start = next;
    end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    next = following;
    line++;
    return true;
  }

  /** When the buffer is full, moves the unfinished line to its front, or enlarges it. */
  private void makeRoom() {
    if (filled < buffer.length) {
      return;
    }
    if (next > 0) {
      System.arraycopy(buffer, next, buffer, 0, filled - next);
      filled -= next;
      next = 0;
      return;
    }
    if (buffer.length == LARGEST) {
      throw new DataException(
          source + " line " + (line + 1) + ": a line must be shorter than " + LARGEST
              + " characters, this one is not; check that the file is a text file");
    }
    buffer = Arrays.copyOf(buffer, buffer.length * 2);
  }
}

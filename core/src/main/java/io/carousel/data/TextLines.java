package io.carousel.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Texts one a line, for example from standard input. Not for several threads.
 *
 * <p>A line is handed out as soon as it is there. An empty line is an empty text.
 */
public final class TextLines implements AutoCloseable {
  private final Reader reader;
  private final LineReader lines;

  private TextLines(Reader reader, String source) {
    this.reader = reader;
    this.lines = new LineReader(reader, source);
  }

  /** Lines of UTF-8; {@code source} names the stream in errors, for example {@code standard input}. */
  public static TextLines of(InputStream in, String source) {
    return new TextLines(new Utf8Reader(in, source), source);
  }

  /** Lines of characters. */
  public static TextLines of(Reader reader, String source) {
    return new TextLines(reader, source);
  }

  /**
   * The next line without its line end, or null at the end.
   *
   * @throws DataException if it is not UTF-8
   * @throws UncheckedIOException if it cannot be read
   */
  public @Nullable String next() {
    try {
      return lines.next() ? new String(lines.buffer(), lines.start(), lines.end() - lines.start()) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of the line that {@link #next} gave last, from 1. */
  public long line() {
    return lines.line();
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

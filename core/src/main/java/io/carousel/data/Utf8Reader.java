package io.carousel.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.ZipException;

/**
 * Decodes UTF-8 strictly: a byte that is not UTF-8 is an error that names its line.
 *
 * <p>{@link java.io.InputStreamReader} would put U+FFFD there and train on it. A byte order mark at
 * the start is dropped. A read returns what is there and does not wait for a full buffer, so that
 * lines typed at a terminal arrive at once.
 */
final class Utf8Reader extends Reader {
  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final String source;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
  private CharBuffer peeked = CharBuffer.allocate(0);
  private boolean ended;
  private boolean started;
  private long line = 1;

  /** Reads {@code in}, which is closed with this reader; {@code source} names it in errors. */
  Utf8Reader(InputStream in, String source) {
    this.in = in;
    this.source = source;
  }

  /** The first line, as far as the first buffer holds it; to be called before anything is read. */
  String peekLine() throws IOException {
    char[] first = new char[BUFFER];
    int n = Math.max(0, read(first, 0, first.length));
    peeked = CharBuffer.wrap(first, 0, n);
    int end = 0;
    while (end < n && first[end] != '\n' && first[end] != '\r') {
      end++;
    }
    return new String(first, 0, end);
  }

  @Override
  public int read(char[] chars, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (peeked.hasRemaining()) {
      int n = Math.min(length, peeked.remaining());
      peeked.get(chars, offset, n);
      return n;
    }
    if (length == 1) {
      // A character outside the basic plane is two chars and would never fit.
      char[] two = new char[2];
      int n = read(two, 0, 2);
      if (n == 2) {
        peeked = CharBuffer.wrap(two, 1, 1);
      }
      chars[offset] = two[0];
      return Math.min(n, 1);
    }
    CharBuffer out = CharBuffer.wrap(chars, offset, length);
    while (true) {
      CoderResult result = decoder.decode(bytes, out, ended);
      int n = out.position() - offset;
      if (!started && n > 0) {
        started = true;
        if (chars[offset] == '\uFEFF') {
          System.arraycopy(chars, offset + 1, chars, offset, n - 1);
          n--;
        }
      }
      if (n > 0) {
        // Errors after these characters are met again, and reported, by the next read.
        countLines(chars, offset, n);
        return n;
      }
      if (result.isError()) {
        throw notUtf8();
      }
      if (ended) {
        return -1;
      }
      fill();
    }
  }

  private void fill() throws IOException {
    bytes.compact();
    try {
      int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
      if (n < 0) {
        ended = true;
      } else {
        bytes.position(bytes.position() + n);
      }
    } catch (EOFException e) {
      throw new DataException(
          source + " line " + line + ": the gzip data must be complete, but ends here; copy the file again",
          e);
    } catch (ZipException e) {
      throw new DataException(
          source + " line " + line + ": the gzip data must be sound, but is damaged ("
              + e.getMessage() + "); copy the file again", e);
    } finally {
      bytes.flip();
    }
  }

  private void countLines(char[] chars, int offset, int n) {
    long count = 0;
    for (int i = offset; i < offset + n; i++) {
      count += chars[i] == '\n' ? 1 : 0;
    }
    line += count;
  }

  private DataException notUtf8() {
    int first = bytes.get(bytes.position()) & 0xFF;
    String hint = "save the file as UTF-8";
    if (line == 1 && !started && (first == 0xFF || first == 0xFE)) {
      hint = "it looks like UTF-16; " + hint;
    }
    return new DataException(
        source + " line " + line + ": must be UTF-8, the byte 0x"
            + Integer.toHexString(first).toUpperCase(Locale.ROOT) + " is not; " + hint);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

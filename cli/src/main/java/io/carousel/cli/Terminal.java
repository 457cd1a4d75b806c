package io.carousel.cli;

import io.carousel.store.JsonObject;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes: results go to standard output, all else to standard error.
 *
 * <p>Both are UTF-8 whatever the locale says, as the data files are.
 */
final class Terminal {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean interactive;

  Terminal(InputStream in, OutputStream out, OutputStream err, boolean interactive) {
    this.in = in;
    this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.interactive = interactive;
  }

  /** The terminal, or the files and pipes, of this process. */
  static Terminal ofProcess() {
    return new Terminal(
        System.in, new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), 1 << 10),
        isTerminal());
  }

  /** Whether both ends are a person's: Java tells of standard input and output only. */
  private static boolean isTerminal() {
    return System.console() instanceof Console console && console.isTerminal();
  }

  InputStream in() {
    return in;
  }

  /** True if a person looks on, so that a line may be drawn over. */
  boolean interactive() {
    return interactive;
  }

  /** A line of the result. */
  void print(String line) {
    out.print(line + "\n");
  }

  /** Part of the result, as it is. */
  void printRaw(String text) {
    out.print(text);
  }

  /** The result as one JSON object on a line of its own. */
  void print(JsonObject json) {
    print(json.toString());
  }

  /** The stream of the result. */
  PrintStream out() {
    return out;
  }

  /** A line about what is going on. */
  void tell(String line) {
    err.print(line + "\n");
    err.flush();
  }

  /** Draws the current line of the terminal anew. */
  void redraw(String line) {
    err.print("\r" + line + "\u001B[K");
    err.flush();
  }

  void flush() {
    out.flush();
    err.flush();
  }
}

package io.carousel.bench;

import io.carousel.store.JsonObject;
import io.carousel.store.ModelFormatException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer in a child process, which times itself in the same manner; see {@code pytorch_peer.py} for the lines
 * that the two exchange.
 */
final class Peer implements Contender, AutoCloseable {
  private static final String SCRIPT = "/pytorch_peer.py";
  private static final int END_SECONDS = 5;

  private final PeerKind kind;
  private final Process process;
  private final Writer to;
  private final BufferedReader from;
  private final Complaints complaints;
  private final JsonObject greeting;

  private Peer(PeerKind kind, Process process) {
    this.kind = kind;
    this.process = process;
    this.to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.from = process.inputReader(StandardCharsets.UTF_8);
    this.complaints = new Complaints(process);
    this.greeting = answer();
  }

  /**
   * Starts a peer.
   *
   * @param python the Python to start, or null for the first of python3 and python on the path
   * @throws ContenderException if there is no Python, or the peer is not installed in it
   */
  static Peer start(PeerKind kind, @Nullable String python, int threads, double warmup) {
    String script = script();
    for (String program : python == null ? List.of("python3", "python") : List.of(python)) {
      Process process;
      try {
        // The script as an argument: a file of it would have to be put somewhere and removed again.
        process =
            new ProcessBuilder(
                    program, "-c", script, "--threads", Integer.toString(threads), "--adam", kind.adam(),
                    "--warmup", String.format(Locale.ROOT, "%.3f", warmup))
                .start();
      } catch (IOException e) {
        continue; // no such program: the next one
      }
      return new Peer(kind, process);
    }
    throw new ContenderException(
        kind + ": no column, since there is no " + (python == null ? "python3 or python on the path" : python)
            + "; install Python 3 and then torch (pip install torch), or name one that has it with --python");
  }

  /** Its version and what else decides its speed. */
  String version() {
    return String.format(
        Locale.ROOT, "%s, Python %s, %d threads, Adam %s, oneDNN %s, %s", greeting.string("version"),
        greeting.string("python"), greeting.integer("threads"), greeting.string("adam"),
        greeting.bool("onednn") ? "yes" : "no", greeting.string("cpu"));
  }

  PeerKind kind() {
    return kind;
  }

  @Override
  public double[] turn(TrainingShape shape, int repetitions) {
    try {
      to.write("run " + shape + " " + repetitions + "\n");
      to.flush();
    } catch (IOException e) {
      throw ended();
    }
    return answer().numbers("ms");
  }

  private JsonObject answer() {
    String line;
    try {
      line = from.readLine();
    } catch (IOException e) {
      throw ended();
    }
    if (line == null) {
      throw ended();
    }
    JsonObject answer;
    try {
      answer = JsonObject.parse(line, kind.toString());
    } catch (ModelFormatException e) {
      close();
      throw new ContenderException(kind + ": no column, since it said \"" + line + "\" instead of JSON");
    }
    if (answer.has("error")) {
      close();
      throw new ContenderException(
          kind + ": no column, since " + answer.string("error") + "; or name a Python that has it with --python");
    }
    return answer;
  }

  private ContenderException ended() {
    close();
    String last = complaints.last();
    return new ContenderException(
        kind + ": no column, since its process ended" + (last.isEmpty() ? "" : "; its last words: " + last));
  }

  /** Asks the process to end, and makes it. */
  @Override
  public void close() {
    try {
      to.close(); // the end of its input ends it
    } catch (IOException e) {
      // it has ended already
    }
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroy();
      }
      complaints.join(END_SECONDS * 1000L);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }

  private static String script() {
    try (InputStream in = Peer.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException("the peer's script " + SCRIPT + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what the process says on standard error, so that it never waits, and keeps the last line. */
  private static final class Complaints extends Thread {
    private final Process process;
    private volatile String last = "";

    Complaints(Process process) {
      super("peer's standard error");
      this.process = process;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          last = line.isBlank() ? last : line.strip();
        }
      } catch (IOException e) {
        // the process has ended
      }
    }

    String last() {
      return last;
    }
  }
}

package io.carousel.bench;

import io.carousel.bench.Contender.ContenderException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child process: lines go to it and come from it, and its complaints are kept to explain its end. */
final class Child implements AutoCloseable {
  private static final int END_SECONDS = 5;

  private final Launch launch;
  private final Process process;
  private final BufferedReader from;
  private final Complaints complaints;

  private Child(Launch launch, Process process) {
    this.launch = launch;
    this.process = process;
    this.from = process.inputReader(StandardCharsets.UTF_8);
    this.complaints = new Complaints(process);
  }

  /**
   * Starts a process.
   *
   * @throws ContenderException if there is no such program
   */
  static Child start(Launch launch) {
    for (String program : launch.programs()) {
      ProcessBuilder builder = new ProcessBuilder();
      builder.command().add(program);
      builder.command().addAll(launch.arguments());
      builder.environment().putAll(launch.environment());
      try {
        return new Child(launch, builder.start());
      } catch (IOException e) {
        // no such program: the next one
      }
    }
    throw failed(launch, "there is no " + String.join(" or ", launch.programs()) + "; " + launch.remedy());
  }

  /** Says a line to it. */
  void say(String line) {
    try {
      process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    } catch (IOException e) {
      throw ended();
    }
  }

  /** The next line that it says, or null at the end. */
  @Nullable String line() {
    try {
      return from.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  /** Waits for its end, reading all that it says. @throws ContenderException if its exit code is not 0 */
  void succeed() {
    for (String line = line(); line != null; line = line()) {
      // only so that it need not wait
    }
    try {
      if (process.waitFor() != 0) {
        throw ended();
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw ended();
    }
  }

  /** Waits for its end and says the last line of its complaints, or "". */
  String lastWords() {
    close();
    return complaints.last;
  }

  /** That it has ended where it should not, with what it said last. */
  ContenderException ended() {
    String last = lastWords();
    return failed("its process ended" + (last.isEmpty() ? "" : "; its last words: " + last));
  }

  /** That this contender has no column, and why; ends it. */
  ContenderException failed(String why) {
    close();
    return failed(launch, why);
  }

  private static ContenderException failed(Launch launch, String why) {
    return new ContenderException(launch.name() + ": no column, since " + why);
  }

  /** Ends it at once. */
  void kill() {
    process.destroyForcibly();
    close();
  }

  /** Asks the process to end, and makes it. */
  @Override
  public void close() {
    try {
      process.outputWriter(StandardCharsets.UTF_8).close(); // the end of its input ends it
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

  /** Reads what the process says on standard error, so that it never waits, and keeps the last line. */
  private static final class Complaints extends Thread {
    private final Process process;
    private volatile String last = "";

    Complaints(Process process) {
      super("a child's standard error");
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
  }
}

package io.carousel.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C, or a request of the system to end, during work that shall be saved first.
 *
 * <p>The JVM answers such a signal by running shutdown hooks and then ending, whatever other threads do. This
 * hook asks the work to stop and holds the end back until {@link #close}, so that the result is written and
 * reported.
 */
final class StopRequest implements BooleanSupplier, AutoCloseable {
  /** Ends a command that was asked to stop before it had anything to keep. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stopped() {
      super("stopped before the first step of the training: there is no model to keep");
    }
  }

  private static final long LONGEST_WAIT_SECONDS = 300;

  private final Terminal terminal;
  private final Thread hook = new Thread(this::stop, "carousel-stop");
  private final CountDownLatch saved = new CountDownLatch(1);
  private volatile boolean requested;

  StopRequest(Terminal terminal) {
    this.terminal = terminal;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** True once the work shall stop. */
  @Override
  public boolean getAsBoolean() {
    return requested;
  }

  /** Ends the command if it was asked to stop while there is nothing yet to keep. */
  void check() {
    if (requested) {
      throw new Stopped();
    }
  }

  /** Says that everything is saved and said. */
  @Override
  public void close() {
    terminal.flush();
    saved.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        return; // The signal came just now: the hook runs, and finds that it need not wait.
      }
    }
  }

  private void stop() {
    requested = true;
    if (saved.getCount() > 0) {
      terminal.tell((terminal.interactive() ? "\n" : "") + "stopping …");
    }
    try {
      if (!saved.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        terminal.tell("carousel: gave up waiting for the model to be written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

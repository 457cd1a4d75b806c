package io.carousel.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C, or a request of the system to end, during work that shall be saved first.
 *
 * <p>The JVM answers such a signal by running shutdown hooks and then ending, whatever other threads do. This hook asks the
 * work to stop and holds the end back until {@link #close}, so that the result is written and reported.
 */
final class StopRequest implements BooleanSupplier, AutoCloseable {
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
      terminal.tell((terminal.interactive() ? "\n" : "") + "stopping: the best model so far is being written …");
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

package io.carousel.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that run the same task together, each on its own part of the work.
 *
 * <p>The caller is thread 0. Waiting threads spin for a bounded time, then yield, then park, since a
 * hand-off by parking costs some twenty microseconds and a step of a small network lasts less. One
 * task runs at a time; a second caller waits.
 */
public final class Team implements AutoCloseable {
  /** What the threads of a team run. */
  public interface Task {
    /** The part of one thread; {@code thread} is from 0 to {@code threads − 1}. */
    void run(int thread, int threads);
  }

  /** Some 50 µs of spinning; then others may need the processor, the awaited thread among them. */
  private static final int SPINS = 2_000;

  private static final int YIELDS = 2_000;
  private static final long PARK_NANOS = 50_000;

  private final int threads;
  private final boolean spins;
  private final Thread[] workers;
  private final AtomicInteger generation = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger barrier = new AtomicInteger();
  private volatile @Nullable Task task;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  private Team(int threads) {
    this.threads = threads;
    this.spins = threads <= Runtime.getRuntime().availableProcessors();
    this.workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int number = i + 1;
      workers[i] = new Thread(() -> work(number), "carousel-" + number);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  /**
   * A team of so many threads, the caller among them.
   *
   * @throws IllegalArgumentException if {@code threads} is not from 1 to 1024
   */
  public static Team of(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("Team: threads must be from 1 to 1024, got " + threads);
    }
    return new Team(threads);
  }

  public int threads() {
    return threads;
  }

  /**
   * Runs the task on all threads and returns when all have finished. If a part fails, the others
   * leave at their next barrier, and the first failure is thrown here.
   */
  public synchronized void run(Task work) {
    if (closed) {
      throw new IllegalStateException("Team: is closed");
    }
    if (task != null) {
      throw new IllegalStateException("Team: a task cannot run another on its own team");
    }
    if (threads == 1) {
      work.run(0, 1);
      return;
    }
    task = work;
    failure = null;
    waiting.set(0);
    running.set(threads - 1);
    generation.incrementAndGet();
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    try {
      work.run(0, threads);
    } catch (Throwable t) {
      fail(t);
    }
    await(running, 0);
    task = null;
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown != null) {
      throw new IllegalStateException("Team: a task failed", thrown);
    }
  }

  /** Waits, inside a task, until all threads of the team have come here. */
  public void barrier() {
    if (threads == 1) {
      return;
    }
    int phase = barrier.get();
    if (waiting.incrementAndGet() == threads) {
      waiting.set(0);
      barrier.incrementAndGet();
      return;
    }
    for (int i = 0; barrier.get() == phase; i++) {
      if (failure != null) {
        throw new Aborted();
      }
      pause(i);
    }
  }

  /** Ends the threads, after the task that runs. */
  @Override
  public synchronized void close() {
    closed = true;
    generation.incrementAndGet();
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private void work(int number) {
    int seen = 0;
    while (true) {
      for (int i = 0; generation.get() == seen; i++) {
        if (i < SPINS + YIELDS) {
          pause(i);
        } else {
          LockSupport.park(this); // run and close wake all workers
        }
      }
      seen++;
      Task work = task;
      if (closed) {
        return;
      }
      if (work != null) {
        try {
          work.run(number, threads);
        } catch (Throwable t) {
          fail(t);
        }
      }
      running.decrementAndGet();
    }
  }

  private void fail(Throwable t) {
    if (!(t instanceof Aborted) && failure == null) {
      failure = t; // of two failures at once either may be told
    }
  }

  private void await(AtomicInteger counter, int value) {
    for (int i = 0; counter.get() != value; i++) {
      pause(i);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // yielding is speed alone: parking makes it right
  private void pause(int round) {
    if (round < SPINS && spins) {
      Thread.onSpinWait();
    } else if (round < (spins ? SPINS : 0) + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(this, PARK_NANOS);
    }
  }

  /** Leaves a task because another thread's part failed. */
  private static final class Aborted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Aborted() {
      super(null, null, false, false);
    }
  }
}

package io.carousel.bench;

import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Times a job that some threads do at the same time, several rounds of it, each begun together. */
final class Rounds {
  /** What one thread does in a round. */
  interface Job {
    void run(int thread);
  }

  private final int threads;
  private final int rounds;
  private final long[][] starts;
  private final long[][] ends;

  Rounds(int threads, int rounds) {
    this.threads = threads;
    this.rounds = rounds;
    this.starts = new long[threads][rounds];
    this.ends = new long[threads][rounds];
  }

  /** Does all rounds. */
  void run(Job job) {
    CyclicBarrier barrier = new CyclicBarrier(threads);
    Thread[] team = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int thread = i;
      team[i] = new Thread(() -> work(thread, job, barrier), "rounds-" + i);
      team[i].start();
    }
    try {
      for (Thread each : team) {
        each.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void work(int thread, Job job, CyclicBarrier barrier) {
    try {
      for (int round = 0; round < rounds; round++) {
        barrier.await();
        starts[thread][round] = System.nanoTime();
        job.run(thread);
        ends[thread][round] = System.nanoTime();
      }
    } catch (BrokenBarrierException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Seconds of the fastest round, from the start of the first thread to the end of the last. */
  double best() {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      long first = Long.MAX_VALUE;
      long last = Long.MIN_VALUE;
      for (int thread = 0; thread < threads; thread++) {
        first = Math.min(first, starts[thread][round]);
        last = Math.max(last, ends[thread][round]);
      }
      best = Math.min(best, last - first);
    }
    return best * 1e-9;
  }

  /** Seconds of each thread's own fastest round. */
  double[] bestOfThreads() {
    double[] best = new double[threads];
    Arrays.fill(best, Double.POSITIVE_INFINITY);
    for (int thread = 0; thread < threads; thread++) {
      for (int round = 0; round < rounds; round++) {
        best[thread] = Math.min(best[thread], (ends[thread][round] - starts[thread][round]) * 1e-9);
      }
    }
    return best;
  }
}

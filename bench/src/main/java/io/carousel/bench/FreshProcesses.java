package io.carousel.bench;

import java.util.List;
import java.util.function.Supplier;

/**
 * A contender that does each job in a new process and measures the most memory that it resided in, in MB of
 * 2²⁰ bytes: what a user of that one model needs.
 */
final class FreshProcesses implements Contender {
  /** Steps that a process takes: all code is compiled and all buffers are there long before the last. */
  private static final int STEPS = 20;

  private final Supplier<Peer> start;
  private final String name;
  private final String version;
  private final List<? extends Job> jobs;

  /** Starts one process, to know that it can be, and ends it again. */
  FreshProcesses(Supplier<Peer> start, List<? extends Job> jobs) {
    this.start = start;
    try (Peer first = start.get()) {
      this.name = first.name();
      this.version = first.version();
      this.jobs = jobs.stream().filter(first::can).toList();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public boolean can(Job job) {
    return jobs.contains(job);
  }

  @Override
  public double[] turn(Job job, int repetitions) {
    double[] peaks = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      try (Peer peer = start.get()) {
        peaks[i] = peer.peak(job, STEPS);
      }
    }
    return peaks;
  }

  @Override
  public void close() {}
}

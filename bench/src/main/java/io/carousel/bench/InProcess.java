package io.carousel.bench;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A contender in this process: it times steps of one job after the other. */
final class InProcess implements Contender {
  /** Steps of the long warm-up at least: a second holds too few of the largest shapes to have all code compiled. */
  private static final int WARMUP_STEPS = 10;

  private final String name;
  private final String version;
  private final Function<Job, @Nullable Job> done;
  private final Function<Job, @Nullable Steps> starter;
  private final double warmup;
  private @Nullable Job job;
  private @Nullable Steps steps;
  private double last;

  /**
   * A contender that makes its steps in its own way.
   *
   * @param starter gives the steps of a job, or null if it does not know the job
   * @param warmup seconds of steps before a job is first measured; a tenth of that before each further turn
   */
  InProcess(String name, String version, Function<Job, @Nullable Steps> starter, double warmup) {
    this(name, version, job -> job instanceof Job.InSteps ? job : null, starter, warmup);
  }

  private InProcess(
      String name, String version, Function<Job, @Nullable Job> done, Function<Job, @Nullable Steps> starter,
      double warmup) {
    this.name = name;
    this.version = version;
    this.done = done;
    this.starter = starter;
    this.warmup = warmup;
  }

  /** This library with some threads. */
  static InProcess ours(int threads, double warmup) {
    return new InProcess(Suite.OURS, "", job -> start(job, threads), warmup);
  }

  /** This library's LSTM of the size of whatever other cell is measured. */
  static InProcess lstm(int threads, double warmup) {
    return new InProcess(
        Suite.LSTM, "", job -> job instanceof CellShape cell ? cell.lstm() : null, job -> start(job, threads), warmup);
  }

  private static @Nullable Steps start(Job job, int threads) {
    return job instanceof Job.InSteps own ? own.start(threads) : null;
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
  public boolean can(Job wanted) {
    return done.apply(wanted) != null;
  }

  @Override
  public double[] turn(Job wanted, int repetitions) {
    Steps ready = warm(Objects.requireNonNull(done.apply(wanted)));
    double[] ms = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      ms[i] = timed(ready);
    }
    return ms;
  }

  /** Warms a job up if it is another than before, and says how long a step of it takes, in milliseconds. */
  double milliseconds(Job wanted) {
    warm(wanted);
    return last;
  }

  private Steps warm(Job wanted) {
    Steps ready = steps;
    if (ready != null && wanted.equals(job)) {
      warm(ready, warmup / 10, 1);
      return ready;
    }
    close(); // the old job's memory goes first
    ready = starter.apply(wanted);
    if (ready == null) {
      throw new ContenderException(name + ": does not know " + wanted.id());
    }
    steps = ready;
    job = wanted;
    warm(ready, warmup, WARMUP_STEPS);
    return ready;
  }

  private void warm(Steps ready, double seconds, int fewest) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int i = 0; i < fewest || System.nanoTime() < end; i++) {
      last = timed(ready);
    }
  }

  private static double timed(Steps ready) {
    long start = System.nanoTime();
    ready.step();
    return (System.nanoTime() - start) * 1e-6;
  }

  @Override
  public void close() {
    if (steps != null) {
      steps.close();
    }
    steps = null;
    job = null;
  }
}

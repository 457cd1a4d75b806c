package io.carousel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A contender that does each job as a user does, by a command in a new process; milliseconds of the clock. */
final class ColdStarts implements Contender {
  private final ColdCommands commands;
  private final Path folder;
  private boolean trained;

  ColdStarts(ColdCommands commands) {
    this.commands = commands;
    try {
      this.folder = Files.createTempDirectory("carousel-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return commands.name();
  }

  @Override
  public String version() {
    return commands.version();
  }

  @Override
  public boolean can(Job job) {
    return job instanceof ColdJob;
  }

  @Override
  public double[] turn(Job wanted, int repetitions) {
    ColdJob job = (ColdJob) wanted;
    if (job == ColdJob.PREDICT && !trained) {
      milliseconds(ColdJob.EPOCH); // for its model
    }
    double[] ms = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      ms[i] = milliseconds(job);
    }
    return ms;
  }

  private double milliseconds(ColdJob job) {
    long start = System.nanoTime();
    Child child = Child.start(commands.commands().launch(job, folder));
    try {
      if (job == ColdJob.FIRST_STEP) {
        awaitFirstStep(child);
      } else {
        child.succeed();
      }
      trained |= job == ColdJob.EPOCH;
      return (System.nanoTime() - start) * 1e-6;
    } finally {
      child.kill();
    }
  }

  private static void awaitFirstStep(Child child) {
    for (String line = child.line(); !ColdCommands.FIRST_STEP.equals(line); line = child.line()) {
      if (line == null) {
        throw child.ended();
      }
    }
  }

  /** Removes what was written. */
  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

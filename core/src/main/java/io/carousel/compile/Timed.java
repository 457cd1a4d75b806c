package io.carousel.compile;

import io.carousel.kernel.Team;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A step that measures itself, for whoever looks where the time of a program goes.
 *
 * <p>With the property {@code carousel.profile} all steps are such, and a table of them is printed to
 * standard error when the process ends: what the first thread spent in each, without the waiting at
 * barriers between steps. The first calls, in which code is compiled, do not count.
 */
final class Timed extends Step {
  private static final boolean WANTED = Boolean.getBoolean("carousel.profile");
  private static final int WARMUP = 50;
  private static final List<Timed> ALL = new CopyOnWriteArrayList<>();

  private final Stage stage;
  private final Step step;
  private final boolean moves;
  private long runs; // of the step, or of the loop that it is in
  private int laps;
  private long nanos;

  private Timed(Stage stage, Step step) {
    this.stage = stage;
    this.step = step;
    moves = !(stage instanceof Stage.Loop) && stage.views().stream().anyMatch(view -> view.slot() != View.Slot.NONE);
  }

  /** The step itself, or a measured one if that is wanted. */
  static Step of(Stage stage, Step step) {
    if (!WANTED || step instanceof ProductSteps.Pack || step instanceof RowSteps.Random) { // the runner looks at these
      return step;
    }
    Timed timed = new Timed(stage, step);
    if (ALL.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(Timed::print));
    }
    ALL.add(timed);
    return timed;
  }

  @Override
  void bind(Binding binding) {
    step.bind(binding);
  }

  @Override
  int extent() {
    return step.extent();
  }

  @Override
  long cost() {
    return step.cost();
  }

  @Override
  void shareColumns() {
    step.shareColumns();
  }

  @Override
  boolean isTogether() {
    return step.isTogether();
  }

  @Override
  void run(Moment m, int from, int to) {
    measure(m, () -> step.run(m, from, to));
  }

  @Override
  void runColumns(Moment m, int rows, int threads) {
    measure(m, () -> step.runColumns(m, rows, threads));
  }

  @Override
  void runTogether(Moment m, Team team) {
    measure(m, () -> step.runTogether(m, team));
  }

  private void measure(Moment m, Runnable work) {
    if (m.thread != 0) {
      work.run();
      return;
    }
    long start = System.nanoTime();
    work.run();
    long taken = System.nanoTime() - start;
    if (m.time == 0 || !moves) { // after a loop the time stays where it was
      laps++;
    }
    if (laps > WARMUP) {
      nanos += taken;
      runs++;
    }
  }

  @SuppressWarnings("SystemOut") // a tool for developers, asked for by a property
  private static void print() {
    for (Timed timed : ALL) {
      if (timed.laps > WARMUP) {
        String text = timed.stage.toString();
        System.err.printf(
            Locale.ROOT, "%9.4f ms  %6d times  %s%n", timed.nanos * 1e-6 / (timed.laps - WARMUP),
            timed.runs / (timed.laps - WARMUP), text.length() > 160 ? text.substring(0, 160) : text);
      }
    }
  }
}

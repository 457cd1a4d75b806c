package io.carousel.cli;

import io.carousel.train.EpochInfo;
import io.carousel.train.StepInfo;
import io.carousel.train.TrainingListener;
import java.util.Locale;

/** Shows how a training goes: a bar on a terminal, else a plain line every few seconds. */
final class Progress implements TrainingListener {
  /** So short that the line fits into 80 columns: a longer one could not be drawn over. */
  private static final int BAR = 10;

  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  /** Of more epochs than this, only those are shown that come some seconds after the last. */
  private static final int ALL_SHOWN = 30;

  private final Terminal terminal;
  private long shown = System.nanoTime();
  private long shownEpoch;
  private long steps;

  Progress(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The steps that were made so far. */
  long steps() {
    return steps;
  }

  @Override
  public void onStep(StepInfo info) {
    steps++;
    long now = System.nanoTime();
    boolean last = info.step() == info.steps();
    if (now - shown < (terminal.interactive() ? REDRAW_NANOS : LINE_NANOS) && !(last && terminal.interactive())) {
      return;
    }
    shown = now;
    double done = (double) info.step() / info.steps();
    String figures =
        String.format(
            Locale.ROOT, "%3.0f%%  %s  %,.0f sequences/s  %s left", 100 * done,
            figures(info.loss(), info.accuracy()), info.sequencesPerSecond(), time(info.secondsLeft()));
    if (terminal.interactive()) {
      int full = (int) Math.round(BAR * done);
      terminal.redraw(
          "epoch " + info.epoch() + "/" + info.epochs() + " " + "█".repeat(full) + "░".repeat(BAR - full)
              + figures.replace("accuracy", "acc").replace("sequences", "seq"));
    } else {
      terminal.tell("epoch " + info.epoch() + "/" + info.epochs() + " " + figures);
    }
  }

  @Override
  public void onEpoch(EpochInfo info) {
    long now = System.nanoTime();
    if (info.epochs() > ALL_SHOWN && info.epoch() > 1 && info.epoch() < info.epochs()
        && now - shownEpoch < LINE_NANOS) {
      return;
    }
    shown = now;
    shownEpoch = now;
    String line =
        String.format(
            Locale.ROOT, "epoch %d/%d  %s", info.epoch(), info.epochs(), figures(info.loss(), info.accuracy()));
    if (!Double.isNaN(info.valLoss())) {
      line += String.format(
          Locale.ROOT, "  validation: %s%s", figures(info.valLoss(), info.valAccuracy()), info.best() ? "  best" : "");
    }
    line += "  " + time(info.seconds());
    if (terminal.interactive()) {
      terminal.redraw(line);
      terminal.tell("");
    } else {
      terminal.tell(line);
    }
  }

  /** Without the accuracy where there is none: of values, of steps, of several outputs. */
  private static String figures(double loss, double accuracy) {
    return String.format(Locale.ROOT, "loss %.4f", loss)
        + (Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, "  accuracy %.4f", accuracy));
  }

  /** A time as {@code 1:05} or {@code 2:03:04}. */
  static String time(double seconds) {
    if (Double.isNaN(seconds)) {
      return "?:??";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}

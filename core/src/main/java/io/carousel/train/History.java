package io.carousel.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a run went.
 *
 * @param epochs the finished epochs, in order
 * @param end why it ended
 */
public record History(List<EpochInfo> epochs, End end) {
  /** Why a run ended. */
  public enum End {
    /** All epochs were run. */
    FINISHED,
    /** The validation figure did not get better for long enough. */
    PATIENCE,
    /** It was asked to stop. */
    STOPPED,
    /** The loss was no longer a number. */
    DIVERGED
  }

  public History {
    epochs = List.copyOf(epochs);
  }

  /** The epoch whose parameters the run left behind: the last best one, else the last one. */
  public EpochInfo best() {
    if (epochs.isEmpty()) {
      throw new IllegalStateException("History: no epoch was finished");
    }
    for (int i = epochs.size() - 1; i >= 0; i--) {
      if (epochs.get(i).best()) {
        return epochs.get(i);
      }
    }
    return epochs.getLast();
  }

  /** A table with a head and a line an epoch; figures that there are not stay empty. */
  public String csv() {
    StringBuilder text = new StringBuilder("epoch,loss,accuracy,val_loss,val_accuracy,seconds,best\n");
    for (EpochInfo e : epochs) {
      text.append(
          String.join(
              ",", Integer.toString(e.epoch()), number(e.loss()), number(e.accuracy()), number(e.valLoss()),
              number(e.valAccuracy()), String.format(Locale.ROOT, "%.3f", e.seconds()),
              e.best() ? "1" : "0"));
      text.append('\n');
    }
    return text.toString();
  }

  /** Draws loss and accuracy by epoch into an SVG file that any browser shows. */
  public void plot(Path file) throws IOException {
    List<HistoryChart.Panel> panels = new ArrayList<>();
    panels.add(
        new HistoryChart.Panel("loss", values(EpochInfo::loss), values(EpochInfo::valLoss)));
    if (epochs.stream().anyMatch(e -> !Double.isNaN(e.accuracy()))) {
      panels.add(
          new HistoryChart.Panel("accuracy", values(EpochInfo::accuracy), values(EpochInfo::valAccuracy)));
    }
    Files.writeString(file, HistoryChart.svg(panels));
  }

  private double[] values(java.util.function.ToDoubleFunction<EpochInfo> figure) {
    return epochs.stream().mapToDouble(figure).toArray();
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
  }
}

package io.carousel.bench;

import java.util.List;
import java.util.Locale;

/** The rows of one suite for people: a line each, with the columns that have a meaning there. */
final class Table {
  private static final String OURS = "  %9s  %9s";
  private static final String BESIDE = "  %9s  %9s  %6s  %7s";
  private static final String SPEED = "  %8s  %8s";
  private static final String CELLS = "  %7s";

  private final Suite suite;
  private final boolean peers;
  private final boolean names;
  private final String shape;

  /**
   * A table.
   *
   * @param jobs what there will be rows of
   * @param peers how many peers there are
   */
  Table(Suite suite, List<? extends Job> jobs, int peers) {
    this.suite = suite;
    this.peers = peers > 0;
    this.names = peers > 1;
    int width = jobs.stream().mapToInt(job -> job.toString().length()).max().orElse(0);
    this.shape = "%-" + Math.max("shape".length(), width) + "s";
  }

  /** The names of the columns. */
  String columns() {
    String unit = suite.unit().equals("mb") ? "MB" : suite.unit();
    return String.format(shape + OURS, "shape", unit, "smallest")
        + (peers ? String.format(BESIDE, "peer " + unit, "smallest", "ratio", "of min.") : "")
        + (suite.inSteps() ? String.format(SPEED, "GFLOP/s", "of limit") : "")
        + (suite == Suite.CELLS ? String.format(CELLS, "to LSTM") : "");
  }

  /** One row. */
  String line(Row row) {
    Times theirs = row.theirs();
    String text = String.format(shape + OURS, row.shape(), value(row.ours().median()), value(row.ours().smallest()));
    if (peers) {
      text += theirs == null
          ? String.format(BESIDE, "", "", "", "")
          : String.format(
              BESIDE, value(theirs.median()), value(theirs.smallest()), two(row.ratio()),
              two(row.ratioOfSmallest()));
    }
    if (suite.inSteps()) {
      text += String.format(
          SPEED, String.format(Locale.ROOT, "%.0f", row.gflops()),
          String.format(Locale.ROOT, "%.0f %%", 100 * row.limitShare()));
    }
    if (suite == Suite.CELLS) {
      text += String.format(CELLS, Double.isNaN(row.toLstm()) ? "" : two(row.toLstm()));
    }
    return names && row.peer() != null ? text + "  " + row.peer() : text;
  }

  private static String value(double value) {
    String format = value < 10 ? "%.3f" : value < 100 ? "%.2f" : value < 10_000 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }

  static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}

package io.carousel.bench;

import io.carousel.store.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** What a run measured: a head that says where and with what, and a row for each shape and peer. */
final class Result {
  private static final String TABLE = "%-5s  %9s  %9s";
  private static final String BESIDE = "  %9s  %9s  %6s  %7s";
  private static final String SPEED = "  %8s  %8s";

  private final String kernels;
  private final int threads;
  private final Limits limits;
  private final double load;
  private final SequencedMap<String, String> peers;
  private final List<Row> rows = new ArrayList<>();

  /**
   * A result without rows so far.
   *
   * @param kernels which kernels run
   * @param load the machine's load before
   * @param peers the version of each peer by its name
   */
  Result(String kernels, int threads, Limits limits, double load, SequencedMap<String, String> peers) {
    this.kernels = kernels;
    this.threads = threads;
    this.limits = limits;
    this.load = load;
    this.peers = peers;
  }

  void add(Row row) {
    rows.add(row);
  }

  /** The head for people. */
  String head() {
    StringBuilder text = new StringBuilder();
    line(text, "machine", Machine.processor() + ", " + Machine.cores() + " cores, " + Machine.system());
    line(text, "jdk", Machine.jdk());
    line(text, "kernels", kernels + ", " + threads + (threads == 1 ? " thread" : " threads"));
    line(text, "limits", String.format(
        Locale.ROOT, "%.0f GFLOP/s of multiply-adds, %.1f GB/s of memory", limits.gflops(), limits.gigabytes()));
    peers.forEach((name, version) -> line(text, name, version));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-13s  %s%n", name, value));
  }

  /** The names of the columns. */
  String columns() {
    String speed = String.format(SPEED, "GFLOP/s", "of limit");
    String beside = peers.isEmpty() ? "" : String.format(BESIDE, "peer ms", "smallest", "ratio", "of min.");
    return String.format(TABLE, "shape", "ms", "smallest") + beside + speed;
  }

  /** One row for people. */
  String line(Row row) {
    Times theirs = row.theirs();
    String beside = "";
    if (!peers.isEmpty()) {
      beside = theirs == null
          ? String.format(BESIDE, "", "", "", "")
          : String.format(
              BESIDE, ms(theirs.median()), ms(theirs.smallest()), two(row.ratio()),
              two(row.ratioOfSmallest()));
    }
    String text = String.format(TABLE, row.shape(), ms(row.milliseconds()), ms(row.smallest())) + beside
        + String.format(
            Locale.ROOT, SPEED, String.format(Locale.ROOT, "%.0f", row.gflops()),
            String.format(Locale.ROOT, "%.0f %%", 100 * row.limitShare()));
    return peers.size() > 1 && row.peer() != null ? text + "  " + row.peer() : text;
  }

  /** The geometric mean of the ratios to a peer over all shapes, or not a number if there are none. */
  double meanRatio(String peer) {
    return Times.geometricMean(
        rows.stream().filter(row -> peer.equals(row.peer())).mapToDouble(Row::ratio).toArray());
  }

  /** All of it, for files. */
  JsonObject json(String now) {
    JsonObject means = new JsonObject();
    for (Map.Entry<String, String> peer : peers.entrySet()) {
      double mean = meanRatio(peer.getKey());
      means.put(peer.getKey(), Double.isNaN(mean) ? null : Row.rounded(mean));
    }
    JsonObject head =
        new JsonObject()
            .put("suite", "train")
            .put("time", now)
            .put("commit", Machine.commit())
            .put("cpu", Machine.processor())
            .put("cores", Machine.cores())
            .put("system", Machine.system())
            .put("jdk", Machine.jdk())
            .put("flags", Machine.flags())
            .put("load_before", Row.rounded(load))
            .put("kernels", kernels)
            .put("threads", threads)
            .put("limit_gflops", Row.rounded(limits.gflops()))
            .put("memory_gb_s", Row.rounded(limits.gigabytes()))
            .put("peers", peers)
            .put("mean_ratio", means);
    return new JsonObject().put("head", head).put("rows", rows.stream().map(Row::json).toList());
  }

  private static String ms(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : value < 100 ? "%.2f" : "%.1f", value);
  }

  static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}

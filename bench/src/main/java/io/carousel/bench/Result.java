package io.carousel.bench;

import io.carousel.store.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** What a run measured: a head that says where and with what, and a row for each shape and peer. */
final class Result {
  private final String kernels;
  private final int threads;
  private final Limits limits;
  private final double load;
  private final SequencedMap<String, String> peers = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /**
   * A result without rows so far.
   *
   * @param kernels which kernels run
   * @param load the machine's load before
   */
  Result(String kernels, int threads, Limits limits, double load) {
    this.kernels = kernels;
    this.threads = threads;
    this.limits = limits;
    this.load = load;
  }

  void add(Row row) {
    rows.add(row);
  }

  /** A peer that took part, with its version; true if it has not been there before. */
  boolean addPeer(String name, String version) {
    return !version.equals(peers.put(name, version));
  }

  Limits limits() {
    return limits;
  }

  /** The head for people. */
  String head() {
    return line("machine", Machine.processor() + ", " + Machine.cores() + " cores, " + Machine.system())
        + line("jdk", Machine.jdk())
        + line("kernels", kernels + ", " + threads + (threads == 1 ? " thread" : " threads"))
        + line("limits", String.format(
            Locale.ROOT, "%.0f GFLOP/s of multiply-adds, %.1f GB/s of memory", limits.gflops(),
            limits.gigabytes()));
  }

  /** A line of the head. */
  static String line(String name, String value) {
    return String.format(Locale.ROOT, "%-13s  %s%n", name, value);
  }

  /** The geometric mean of the ratios to a peer over all shapes of a suite, or not a number if there are none. */
  double meanRatio(Suite suite, String peer) {
    return Times.geometricMean(
        rows.stream().filter(row -> row.suite() == suite && peer.equals(row.peer())).mapToDouble(Row::ratio)
            .toArray());
  }

  /** All of it, for files. */
  JsonObject json(String now) {
    SequencedSet<Suite> suites = new LinkedHashSet<>();
    rows.forEach(row -> suites.add(row.suite()));
    JsonObject means = new JsonObject();
    for (Suite suite : suites) {
      JsonObject ofSuite = new JsonObject();
      for (Map.Entry<String, String> peer : peers.entrySet()) {
        Double mean = Row.rounded(meanRatio(suite, peer.getKey()));
        if (mean != null) {
          ofSuite.put(peer.getKey(), mean);
        }
      }
      means.put(suite.toString(), ofSuite);
    }
    JsonObject head =
        new JsonObject()
            .put("suites", suites.stream().map(Suite::toString).toList())
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
}

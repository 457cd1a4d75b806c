package io.carousel.bench;

import io.carousel.kernel.Kernels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The program behind {@code carousel bench}: the limits of the machine, then one shape after the other, ours
 * and the peers in turns.
 *
 * <p>Results go to standard output, all else to standard error. Exit codes: 0 done, 1 failed, 2 bad input.
 */
public final class Main {
  /** Turns of each side at a shape. */
  private static final int TURNS = 4;
  /** Short steps are repeated until a turn lasts this long: the machine's hiccups last longer than one of them. */
  private static final double TURN_MILLISECONDS = 150;

  /** The load of a core above which other processes disturb. */
  private static final double BUSY = 0.3;
  private static final String OURS = "carousel";

  private final Options options;
  private final PrintStream out;
  private final PrintStream err;

  private Main(Options options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /** Measures what the arguments say and ends the process. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  /** Measures what the arguments say; the exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      Options options = Options.parse(args);
      if (options.help()) {
        out.print(Options.USAGE);
      } else {
        new Main(options, out, err).measure();
      }
      return 0;
    } catch (IllegalArgumentException | IOException e) {
      err.println("carousel bench: " + e.getMessage());
      return 2;
    }
  }

  private void measure() throws IOException {
    Path json = options.json();
    if (json != null) {
      requireWritable(json);
    }
    double load = Machine.load();
    if (load > BUSY * Machine.cores()) {
      err.printf(
          Locale.ROOT, "The machine is busy: load %.1f on %d cores. Medians say little then, the smallest more.%n",
          load, Machine.cores());
    }
    String kernels = Kernels.chosen().describe();
    Limits limits = Limits.measure(options.threads());
    List<Peer> peers = startPeers();
    try (Ours ours = new Ours(options.threads(), options.warmup())) {
      SequencedMap<String, String> versions = new LinkedHashMap<>();
      SequencedMap<String, Contender> contenders = new LinkedHashMap<>();
      contenders.put(OURS, ours);
      for (Peer peer : peers) {
        versions.put(peer.kind().toString(), peer.version());
        contenders.put(peer.kind().toString(), peer);
      }
      Result result = new Result(kernels, options.threads(), limits, load, versions);
      out.print(result.head());
      out.println();
      out.println(result.columns());
      for (TrainingShape shape : options.shapes()) {
        for (Row row : rows(shape, ours, contenders, limits)) {
          result.add(row);
          out.println(result.line(row));
        }
        if (json != null) { // after each shape: a long run that is interrupted leaves what it had
          Files.writeString(json, result.json(now()).toPrettyString());
        }
      }
      if (options.shapes().size() > 1) {
        versions.keySet().forEach(
            peer -> out.println("mean ratio to " + peer + " (geometric): " + Result.two(result.meanRatio(peer))));
      }
    } finally {
      peers.forEach(Peer::close);
    }
  }

  private List<Peer> startPeers() {
    List<Peer> peers = new ArrayList<>();
    for (PeerKind kind : options.peers()) {
      try {
        peers.add(Peer.start(kind, options.python(), options.threads(), options.warmup()));
      } catch (Contender.ContenderException e) {
        err.println(e.getMessage());
      }
    }
    return peers;
  }

  /** One row for each peer, or one without a peer. */
  private List<Row> rows(
      TrainingShape shape, Ours ours, SequencedMap<String, Contender> contenders, Limits limits) {
    int repetitions =
        (int) Math.max(options.repetitions(), Math.ceil(TURN_MILLISECONDS / ours.milliseconds(shape)));
    SequencedMap<String, Times> times =
        SideBySide.run(shape, contenders, TURNS, repetitions, err::println);
    Times own = Objects.requireNonNull(times.remove(OURS));
    List<Row> rows = new ArrayList<>();
    if (times.isEmpty()) {
      rows.add(row(shape, own, null, null, limits));
    }
    for (Map.Entry<String, Times> each : times.entrySet()) {
      rows.add(row(shape, own, each.getKey(), each.getValue(), limits));
    }
    return rows;
  }

  private static Row row(
      TrainingShape shape, Times ours, @Nullable String peer, @Nullable Times theirs, Limits limits) {
    return new Row(shape.toString(), ours, peer, theirs, shape.work(), limits.gflops());
  }

  /** Before measuring for minutes, not after. */
  private static void requireWritable(Path json) throws IOException {
    Path folder = json.toAbsolutePath().getParent();
    if (Files.isDirectory(json) || folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new IllegalArgumentException("--json: must be a file in a folder that can be written to, got " + json);
    }
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

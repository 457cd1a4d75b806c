package io.carousel.bench;

import io.carousel.bench.longmemory.LongMemory;
import io.carousel.kernel.Kernels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * The program behind {@code carousel bench}: the limits of the machine, then suite by suite one shape after
 * the other, ours and the peers in turns.
 *
 * <p>Results go to standard output, all else to standard error. Exit codes: 0 done, 1 failed, 2 bad input.
 */
public final class Main {
  /** Short steps are repeated until a turn lasts this long: the machine's hiccups last longer than one of them. */
  private static final double TURN_MILLISECONDS = 150;

  /** The load of a core above which other processes disturb. */
  private static final double BUSY = 0.3;

  private final Options options;
  private final PrintStream out;
  private final PrintStream err;
  private final Set<String> told = new HashSet<>();

  private Main(Options options, PrintStream out, PrintStream err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  /** Measures what the arguments say and ends the process. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err, Limits::measure));
  }

  /**
   * Measures what the arguments say; the exit code.
   *
   * @param limits measures the machine with so many threads
   */
  static int run(String[] args, PrintStream out, PrintStream err, IntFunction<Limits> limits) {
    try {
      if (args.length > 0 && args[0].equals("long-memory")) {
        LongMemory.run(Arrays.copyOfRange(args, 1, args.length), Machine.home(), Machine.commit(), out, err);
        return 0;
      }
      Options options = Options.parse(args);
      if (options.help()) {
        out.print(Options.USAGE);
      } else {
        new Main(options, out, err).measure(limits);
      }
      return 0;
    } catch (IllegalArgumentException | IOException e) {
      err.println("carousel bench: " + e.getMessage());
      return 2;
    } catch (Contender.ContenderException e) { // ours: those of peers are lines
      err.println("carousel bench: " + e.getMessage());
      return 1;
    }
  }

  private void measure(IntFunction<Limits> limits) throws IOException {
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
    Result result =
        new Result(Kernels.chosen().describe(), options.threads(), limits.apply(options.threads()), load);
    out.print(result.head());
    for (Suite suite : options.suites()) {
      if (!options.jobs(suite).isEmpty()) {
        measure(suite, result);
      }
    }
  }

  private void measure(Suite suite, Result result) throws IOException {
    List<? extends Job> jobs = options.jobs(suite);
    try (Field field = new Field(suite, options, this::tellOnce)) {
      List<String> peers = field.peers().stream().map(Contender::name).toList();
      for (Contender peer : field.peers()) {
        if (result.addPeer(peer.name(), peer.version())) {
          out.print(Result.line(peer.name(), peer.version()));
        }
      }
      Table table = new Table(suite, jobs, peers.size());
      out.printf("%n%s: %s%n%s%n", suite, suite.text(), table.columns());
      for (Job job : jobs) {
        for (Row row : rows(suite, job, field, result)) {
          result.add(row);
          out.println(table.line(row));
        }
        if (options.json() != null) { // after each job: a long run that is interrupted leaves what it had
          Files.writeString(options.json(), result.json(now()).toPrettyString());
        }
      }
      if (jobs.size() > 1) {
        for (String peer : peers) {
          out.println("mean ratio to " + peer + " (geometric): " + Table.two(result.meanRatio(suite, peer)));
        }
      }
    }
  }

  /** One row for each peer that knows the job, or one without a peer. */
  private List<Row> rows(Suite suite, Job job, Field field, Result result) {
    int repetitions = 1;
    if (field.ours() instanceof InProcess ours) {
      repetitions = (int) Math.max(options.repetitions(), Math.ceil(TURN_MILLISECONDS / ours.milliseconds(job)));
    }
    SequencedMap<String, Times> times =
        SideBySide.run(job, field.contenders(), suite.turns(), repetitions, this::tellOnce);
    Times own = times.remove(Suite.OURS);
    if (own == null) {
      throw new Contender.ContenderException(job.id() + ": cannot be measured, for the reason above");
    }
    Times lstm = times.remove(Suite.LSTM);
    Row row =
        new Row(
            suite, job.toString(), own, null, null, job.work(), result.limits().gflops(),
            lstm == null ? Double.NaN : own.median() / lstm.median());
    List<Row> rows = new ArrayList<>();
    times.forEach((peer, theirs) -> rows.add(row.beside(peer, theirs)));
    return rows.isEmpty() ? List.of(row) : rows;
  }

  /** What is wrong with a peer is said once, not in each suite. */
  private void tellOnce(String line) {
    if (told.add(line)) {
      err.println(line);
    }
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

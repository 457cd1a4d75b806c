package io.carousel.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param help true to print {@link #USAGE} and do nothing else
 * @param suites what to measure, in this order
 * @param shapes the names of the jobs to measure; empty for all
 * @param threads the threads of either side
 * @param peers the peers to compare with, or null for those of each suite; may be empty
 * @param python the Python that peers are started with, or null to look for one
 * @param repetitions the fewest steps of a turn
 * @param warmup seconds of steps before a shape is measured first
 * @param data the file of labelled texts for cold starts, or null for the messages of the examples
 * @param json the result file, or null for none
 */
record Options(
    boolean help, List<Suite> suites, List<String> shapes, int threads, @Nullable List<PeerKind> peers,
    @Nullable String python, int repetitions, double warmup, @Nullable Path data, @Nullable Path json) {

  static final String USAGE =
      """
      Usage: carousel bench [OPTIONS]
      Measures this library on this machine, side by side with its peers.
      (carousel bench long-memory --help: which cells learn to remember, no matter how fast.)

        --suite train        of these, or all of them: (train)
                               train   whole training steps: forward, loss, backward, Adam
                               infer   answers of LSTM layers, one sequence at a time and in batches
                               cells   forward and backward of LSTM, GRU and other cells
                               cold    whole processes: an epoch, an answer, the time to the first step
                               memory  the most memory that training takes
        --shapes S1,S0       some shapes of the suite alone, by the names in its table (all)
        --threads N          threads of either side (the number of processors)
        --peers pytorch      of pytorch, pytorch-fused (Adam in one pass), onnxruntime, dl4j, none
                             (onnxruntime and pytorch for infer, else pytorch)
        --python PATH        the Python that has the peers (python3 or python on the path)
        --repetitions R      the fewest steps of a turn, of four turns a side (10)
        --warmup SECONDS     steps before a shape is measured, at least (3)
        --data FILE          labelled texts for cold: TSV, gzipped or not, with the columns text and label
                             (the messages of the examples)
        --json FILE          writes the results there as well
      """;

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  static Options parse(String... arguments) {
    boolean help = false;
    List<Suite> suites = List.of(Suite.TRAIN);
    List<String> shapes = List.of();
    int threads = Runtime.getRuntime().availableProcessors();
    List<PeerKind> peers = null;
    String python = null;
    int repetitions = 10;
    double warmup = 3;
    Path data = null;
    Path json = null;
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      String value = null;
      int equals = name.indexOf('=');
      if (name.startsWith("--") && equals > 0) {
        value = name.substring(equals + 1);
        name = name.substring(0, equals);
      }
      if (name.equals("--help") || name.equals("-h")) {
        help = true;
        continue;
      }
      if (!USAGE.contains("\n  " + name + " ")) {
        throw new IllegalArgumentException("there is no option " + name + "; see carousel bench --help");
      }
      if (value == null) {
        if (++i == arguments.length) {
          throw new IllegalArgumentException(name + ": needs a value; see carousel bench --help");
        }
        value = arguments[i];
      }
      switch (name) {
        case "--suite" -> suites = value.equals("all") ? List.of(Suite.values()) : each(name, value, Suite.values());
        case "--shapes" -> shapes = List.of(value.split(",", -1));
        case "--threads" -> threads = (int) number(name, value, 1, 1024, true);
        case "--peers" -> peers = value.equals("none") ? List.of() : each(name, value, PeerKind.values());
        case "--python" -> python = value;
        case "--repetitions" -> repetitions = (int) number(name, value, 1, 10_000, true);
        case "--warmup" -> warmup = number(name, value, 0, 600, false);
        case "--data" -> data = Path.of(value);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalStateException(name);
      }
    }
    if (suites.contains(Suite.COLD) && !help) {
      ColdData.of(data); // for its check
    }
    return new Options(
        help, suites, canonical(shapes, suites), threads, peers, python, repetitions, warmup, data, json);
  }

  /** The jobs of a suite that are wanted. */
  List<? extends Job> jobs(Suite suite) {
    return suite.jobs().stream().filter(job -> shapes.isEmpty() || shapes.contains(job.toString())).toList();
  }

  /** The peers to compare with in a suite. */
  List<PeerKind> peers(Suite suite) {
    return peers == null ? suite.peers() : peers;
  }

  /** The names of shapes as the suites spell them. */
  private static List<String> canonical(List<String> shapes, List<Suite> suites) {
    List<String> known = suites.stream().flatMap(suite -> names(suite.jobs())).distinct().toList();
    return shapes.stream().map(shape -> match("--shapes", shape, known)).distinct().toList();
  }

  private static Stream<String> names(Collection<? extends Job> jobs) {
    return jobs.stream().map(Job::toString);
  }

  /** The values whose text is in a list separated by commas. */
  private static <V> List<V> each(String option, String list, V[] values) {
    List<V> found = new ArrayList<>();
    for (String word : list.split(",", -1)) {
      V match = match(option, word, Arrays.asList(values));
      if (!found.contains(match)) {
        found.add(match);
      }
    }
    return List.copyOf(found);
  }

  /** The value whose text is a word, large letters or small. */
  private static <V> V match(String option, String word, List<V> values) {
    for (V value : values) {
      if (String.valueOf(value).equalsIgnoreCase(word.strip())) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        option + ": must be of " + values + ", got " + (word.isBlank() ? "nothing" : word));
  }

  private static double number(String option, String text, double least, double most, boolean whole) {
    double value = Double.NaN;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // reported below, as a value out of range is
    }
    if (!(value >= least && value <= most) || (whole && value != Math.rint(value))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s: must be a %snumber from %.0f to %.0f, got %s", option, whole ? "whole " : "",
              least, most, text));
    }
    return value;
  }
}

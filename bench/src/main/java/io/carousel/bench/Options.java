package io.carousel.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param help true to print {@link #USAGE} and do nothing else
 * @param shapes the shapes to measure, in the order given
 * @param threads the threads of either side
 * @param peers the peers to compare with; may be empty
 * @param python the Python that peers are started with, or null to look for one
 * @param repetitions the fewest steps of a turn
 * @param warmup seconds of steps before a shape is measured first
 * @param json the result file, or null for none
 */
record Options(
    boolean help, List<TrainingShape> shapes, int threads, List<PeerKind> peers, @Nullable String python,
    int repetitions, double warmup, @Nullable Path json) {

  static final String USAGE =
      """
      Usage: carousel bench [OPTIONS]
      Measures whole training steps (forward, loss, backward, Adam), side by side with a peer.

        --suite train        what to measure; train is the only suite so far
        --shapes S1,S0       the shapes, of S0 S1 S2 S4 M1 M2 L1 L2 (all)
        --threads N          threads of either side (the number of processors)
        --peers pytorch      of pytorch, pytorch-fused (Adam in one pass), none (pytorch)
        --python PATH        the Python that has the peer (python3 or python on the path)
        --repetitions R      the fewest steps of a turn, of four turns a side (10)
        --warmup SECONDS     steps before a shape is measured, at least (1)
        --json FILE          writes the results there as well
      """;

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException with one line that says what is wrong
   */
  static Options parse(String... arguments) {
    boolean help = false;
    List<TrainingShape> shapes = List.of(TrainingShape.values());
    int threads = Runtime.getRuntime().availableProcessors();
    List<PeerKind> peers = List.of(PeerKind.PYTORCH);
    String python = null;
    int repetitions = 10;
    double warmup = 1;
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
        case "--suite" -> {
          if (!value.equals("train")) {
            throw new IllegalArgumentException("--suite: must be train, got " + value);
          }
        }
        case "--shapes" -> shapes = each(name, value, TrainingShape.values());
        case "--threads" -> threads = (int) number(name, value, 1, 1024, true);
        case "--peers" -> peers = value.equals("none") ? List.of() : each(name, value, PeerKind.values());
        case "--python" -> python = value;
        case "--repetitions" -> repetitions = (int) number(name, value, 1, 10_000, true);
        case "--warmup" -> warmup = number(name, value, 0, 600, false);
        case "--json" -> json = Path.of(value);
        default -> throw new IllegalStateException(name);
      }
    }
    return new Options(help, shapes, threads, peers, python, repetitions, warmup, json);
  }

  /** The values whose text is in a list separated by commas. */
  private static <V> List<V> each(String option, String list, V[] values) {
    List<V> found = new ArrayList<>();
    for (String word : list.split(",", -1)) {
      V match = null;
      for (V value : values) {
        match = value.toString().equalsIgnoreCase(word.strip()) ? value : match;
      }
      if (match == null) {
        throw new IllegalArgumentException(
            option + ": must be of " + Arrays.toString(values) + ", got " + (word.isBlank() ? "nothing" : word));
      }
      if (!found.contains(match)) {
        found.add(match);
      }
    }
    return List.copyOf(found);
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

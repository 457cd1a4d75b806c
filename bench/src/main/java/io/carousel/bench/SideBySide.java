package io.carousel.bench;

import io.carousel.bench.Contender.ContenderException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Lets contenders take turns at one job, A B A B: what the machine does beside it meets all of them alike.
 */
final class SideBySide {
  private SideBySide() {}

  /**
   * What each contender measured, all turns together, by its name. Those that do not know the job sit it out.
   *
   * @param contenders in the order of their turns; one that cannot go on is closed and taken out
   * @param turns of each
   * @param repetitions of the job in a turn
   * @param complaints gets the message of one that cannot go on
   */
  static SequencedMap<String, Times> run(
      Job job, List<Contender> contenders, int turns, int repetitions, Consumer<String> complaints) {
    Map<Contender, double[]> taken = new HashMap<>();
    for (int turn = 0; turn < turns; turn++) {
      for (Contender each : List.copyOf(contenders)) {
        if (!each.can(job)) {
          continue;
        }
        try {
          taken.merge(each, each.turn(job, repetitions), SideBySide::joined);
        } catch (ContenderException e) {
          each.close();
          contenders.remove(each); // a part of its turns would not be what the others' are
          taken.remove(each);
          complaints.accept(String.valueOf(e.getMessage()));
        }
      }
    }
    SequencedMap<String, Times> times = new LinkedHashMap<>();
    for (Contender each : contenders) {
      if (taken.containsKey(each)) {
        times.put(each.name(), new Times(Objects.requireNonNull(taken.get(each))));
      }
    }
    return times;
  }

  private static double[] joined(double[] first, double[] then) {
    double[] all = Arrays.copyOf(first, first.length + then.length);
    System.arraycopy(then, 0, all, first.length, then.length);
    return all;
  }
}

package io.carousel.bench;

import io.carousel.bench.Contender.ContenderException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Lets contenders take turns at one shape, A B A B: what the machine does beside it meets all of them alike.
 */
final class SideBySide {
  private SideBySide() {}

  /**
   * Milliseconds of all steps of each contender.
   *
   * @param contenders by name, in the order of their turns; one that cannot go on is taken out
   * @param turns of each
   * @param repetitions steps of a turn
   * @param complaints gets the message of one that cannot go on
   */
  static SequencedMap<String, Times> run(
      TrainingShape shape, SequencedMap<String, Contender> contenders, int turns, int repetitions,
      Consumer<String> complaints) {
    Map<String, double[]> taken = new HashMap<>();
    for (int turn = 0; turn < turns; turn++) {
      for (Map.Entry<String, Contender> each : List.copyOf(contenders.entrySet())) {
        try {
          taken.merge(each.getKey(), each.getValue().turn(shape, repetitions), SideBySide::joined);
        } catch (ContenderException e) {
          contenders.remove(each.getKey()); // a part of its turns would not be what the others' are
          complaints.accept(String.valueOf(e.getMessage()));
        }
      }
    }
    SequencedMap<String, Times> times = new LinkedHashMap<>();
    contenders.keySet().forEach(name -> times.put(name, new Times(taken.getOrDefault(name, new double[0]))));
    return times;
  }

  private static double[] joined(double[] first, double[] then) {
    double[] all = Arrays.copyOf(first, first.length + then.length);
    System.arraycopy(then, 0, all, first.length, then.length);
    return all;
  }
}

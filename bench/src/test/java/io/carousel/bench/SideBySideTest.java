package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.bench.Contender.ContenderException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private final List<String> calls = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final SequencedMap<String, Contender> contenders = new LinkedHashMap<>();

  private Contender fake(String name, double first, int turns) {
    return (shape, repetitions) -> {
      calls.add(name);
      long turn = calls.stream().filter(name::equals).count();
      if (turn > turns) {
        throw new ContenderException(name + " is out of breath");
      }
      double[] ms = new double[repetitions];
      java.util.Arrays.setAll(ms, i -> first + 10 * (turn - 1) + i);
      return ms;
    };
  }

  @Test
  void turnsAlternateAndEachKeepsItsOwnTimes() {
    contenders.put("a", fake("a", 100, 9));
    contenders.put("b", fake("b", 200, 9));
    SequencedMap<String, Times> times = SideBySide.run(TrainingShape.S2, contenders, 2, 3, complaints::add);
    assertThat(calls).containsExactly("a", "b", "a", "b");
    assertThat(times.sequencedKeySet()).containsExactly("a", "b");
    assertThat(List.copyOf(times.values())).extracting(Times::count).containsExactly(6, 6);
    assertThat(List.copyOf(times.values())).extracting(Times::smallest).containsExactly(100.0, 200.0);
    assertThat(List.copyOf(times.values())).extracting(Times::median).containsExactly(106.0, 206.0);
    assertThat(complaints).isEmpty();
  }

  @Test
  void oneThatCannotGoOnIsTakenOutForGood() {
    contenders.put("a", fake("a", 1, 9));
    contenders.put("b", fake("b", 2, 1));
    SequencedMap<String, Times> times = SideBySide.run(TrainingShape.S2, contenders, 3, 1, complaints::add);
    assertThat(calls).containsExactly("a", "b", "a", "b", "a");
    assertThat(times.sequencedKeySet()).containsExactly("a");
    assertThat(List.copyOf(times.values())).extracting(Times::count).containsExactly(3);
    assertThat(complaints).containsExactly("b is out of breath");
    assertThat(contenders.sequencedKeySet()).containsExactly("a");
  }
}

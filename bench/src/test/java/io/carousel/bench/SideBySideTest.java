package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.bench.Contender.ContenderException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private final List<String> calls = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<Contender> contenders = new ArrayList<>();

  /** Knows S2 alone, measures 100, 110 … in its first turn, and gives up after some. */
  private final class Fake implements Contender {
    private final String name;
    private final double first;
    private final int turns;
    private int turn;

    Fake(String name, double first, int turns) {
      this.name = name;
      this.first = first;
      this.turns = turns;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public boolean can(Job job) {
      return job == TrainingShape.S2;
    }

    @Override
    public double[] turn(Job job, int repetitions) {
      calls.add(name);
      if (turn++ == turns) {
        throw new ContenderException(name + " is out of breath");
      }
      double[] ms = new double[repetitions];
      Arrays.setAll(ms, i -> first + 10 * (turn - 1) + i);
      return ms;
    }

    @Override
    public void close() {
      calls.add(name + " ends");
    }
  }

  private SequencedMap<String, Times> run(Job job, int turns, int repetitions) {
    return SideBySide.run(job, contenders, turns, repetitions, complaints::add);
  }

  @Test
  void turnsAlternateAndEachKeepsItsOwnTimes() {
    contenders.add(new Fake("a", 100, 9));
    contenders.add(new Fake("b", 200, 9));
    SequencedMap<String, Times> times = run(TrainingShape.S2, 2, 3);
    assertThat(calls).containsExactly("a", "b", "a", "b");
    assertThat(times.sequencedKeySet()).containsExactly("a", "b");
    assertThat(List.copyOf(times.values())).extracting(Times::count).containsExactly(6, 6);
    assertThat(List.copyOf(times.values())).extracting(Times::smallest).containsExactly(100.0, 200.0);
    assertThat(List.copyOf(times.values())).extracting(Times::median).containsExactly(106.0, 206.0);
    assertThat(complaints).isEmpty();
  }

  @Test
  void oneThatCannotGoOnIsTakenOutForGood() {
    contenders.add(new Fake("a", 1, 9));
    contenders.add(new Fake("b", 2, 1));
    SequencedMap<String, Times> times = run(TrainingShape.S2, 3, 1);
    assertThat(calls).containsExactly("a", "b", "a", "b", "b ends", "a");
    assertThat(times.sequencedKeySet()).containsExactly("a");
    assertThat(List.copyOf(times.values())).extracting(Times::count).containsExactly(3);
    assertThat(complaints).containsExactly("b is out of breath");
    assertThat(contenders).extracting(Contender::name).containsExactly("a");
  }

  @Test
  void whoDoesNotKnowAJobSitsItOut() {
    contenders.add(new Fake("a", 1, 9));
    assertThat(run(TrainingShape.S0, 2, 1)).isEmpty();
    assertThat(calls).isEmpty();
    assertThat(contenders).hasSize(1);
  }
}

package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class LimitsTest {
  @Test
  void everyThreadDoesEveryRound() {
    AtomicIntegerArray calls = new AtomicIntegerArray(3);
    Rounds rounds = new Rounds(3, 5);
    rounds.run(calls::incrementAndGet);
    assertThat(calls).hasToString("[5, 5, 5]");
    assertThat(rounds.bestOfThreads()).hasSize(3).doesNotContain(Double.POSITIVE_INFINITY);
  }

  @Test
  void theBestRoundLastsFromTheFirstStartToTheLastEnd() {
    Rounds rounds = new Rounds(2, 2);
    rounds.run(
        thread -> {
          if (thread == 1) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
          }
        });
    double[] each = rounds.bestOfThreads();
    assertThat(rounds.best()).isGreaterThanOrEqualTo(Math.max(each[0], each[1]));
  }
}

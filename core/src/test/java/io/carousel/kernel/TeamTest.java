package io.carousel.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All threads of a team run each task once, wait for each other, and tell what went wrong. */
@Timeout(60) // a team that hangs shall fail, not block
final class TeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40})
  void everyThreadRunsEveryTaskOnce(int threads) {
    try (Team team = Team.of(threads)) {
      assertThat(team.threads()).isEqualTo(threads);
      AtomicIntegerArray runs = new AtomicIntegerArray(threads);
      for (int i = 1; i <= 50; i++) {
        team.run(
            (thread, of) -> {
              assertThat(of).isEqualTo(threads);
              runs.incrementAndGet(thread);
            });
        for (int thread = 0; thread < threads; thread++) {
          assertThat(runs.get(thread)).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void theCallerIsThreadZero() {
    try (Team team = Team.of(3)) {
      Thread[] who = new Thread[3];
      team.run((thread, threads) -> who[thread] = Thread.currentThread());
      assertThat(who[0]).isSameAs(Thread.currentThread());
      assertThat(who[1]).isNotSameAs(who[0]).isNotSameAs(who[2]);
      assertThat(who[1].isDaemon()).isTrue();
    }
  }

  /** Each thread writes its place and, after the barrier, reads its neighbor's. */
  @ParameterizedTest
  @CsvSource({"1, 100", "2, 500", "3, 300", "7, 50", "24, 10"})
  void nobodyPassesABarrierBeforeAllHaveComeToIt(int threads, int rounds) {
    try (Team team = Team.of(threads)) {
      int[] places = new int[threads];
      AtomicInteger wrong = new AtomicInteger();
      team.run(
          (thread, of) -> {
            for (int round = 1; round <= rounds; round++) {
              places[thread] = round;
              team.barrier();
              if (places[(thread + 1) % of] != round) {
                wrong.incrementAndGet();
              }
              team.barrier();
            }
          });
      assertThat(wrong).hasValue(0);
      assertThat(places).containsOnly(rounds);
    }
  }

  /** Whoever fails, and whether the others wait or not, the caller hears of it, and the team works on. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "2, 1", "5, 0", "5, 3", "5, 4"})
  void aFailureReachesTheCallerAndTheTeamStaysUsable(int threads, int failing) {
    try (Team team = Team.of(threads)) {
      AtomicInteger passed = new AtomicInteger();
      for (int round = 0; round < 20; round++) {
        boolean barriers = round % 2 == 0;
        assertThatThrownBy(
                () ->
                    team.run(
                        (thread, of) -> {
                          if (thread == failing) {
                            throw new IllegalArgumentException("thread " + thread);
                          }
                          if (barriers) {
                            team.barrier();
                            passed.incrementAndGet();
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("thread " + failing);
        AtomicInteger ran = new AtomicInteger();
        team.run(
            (thread, of) -> {
              team.barrier();
              ran.incrementAndGet();
              team.barrier();
            });
        assertThat(ran).hasValue(threads);
      }
      assertThat(passed).hasValue(0);
    }
  }

  @Test
  void allMayFail() {
    try (Team team = Team.of(4)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      (thread, of) -> {
                        throw new UnsupportedOperationException("all");
                      }))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("all");
    }
  }

  @Test
  void errorsAreToldToo() {
    try (Team team = Team.of(2)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      (thread, of) -> {
                        if (thread == 1) {
                          throw new AssertionError("worker");
                        }
                        team.barrier();
                      }))
          .isInstanceOf(AssertionError.class)
          .hasMessage("worker");
    }
  }

  /** Threads that have gone to sleep wake for the next task. */
  @Test
  void workGoesOnAfterAPause() throws InterruptedException {
    try (Team team = Team.of(3)) {
      AtomicInteger ran = new AtomicInteger();
      for (int i = 0; i < 3; i++) {
        team.run((thread, of) -> ran.incrementAndGet());
        Thread.sleep(30);
      }
      assertThat(ran).hasValue(9);
    }
  }

  @Test
  void oneTaskAtATime() throws InterruptedException {
    try (Team team = Team.of(2)) {
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      AtomicInteger done = new AtomicInteger();
      Runnable caller =
          () -> {
            for (int i = 0; i < 50; i++) {
              team.run(
                  (thread, of) -> {
                    if (thread == 0) {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    }
                    team.barrier();
                    if (thread == 0) {
                      inside.decrementAndGet();
                    }
                    done.incrementAndGet();
                  });
            }
          };
      Thread[] callers = {new Thread(caller), new Thread(caller), new Thread(caller)};
      for (Thread thread : callers) {
        thread.start();
      }
      for (Thread thread : callers) {
        thread.join();
      }
      assertThat(most).hasValue(1);
      assertThat(done).hasValue(300);
    }
  }

  @Test
  void aTaskWithinATaskIsRefused() {
    try (Team team = Team.of(2)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      (thread, of) -> {
                        if (thread == 0) {
                          team.run((inner, others) -> {});
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Team: a task cannot run another on its own team");
      team.run((thread, of) -> {});
    }
  }

  @Test
  void aClosedTeamRunsNothingAndItsThreadsEnd() throws InterruptedException {
    Team team = Team.of(3);
    Thread[] who = new Thread[3];
    team.run((thread, threads) -> who[thread] = Thread.currentThread());
    team.close();
    team.close();
    who[1].join(10_000);
    who[2].join(10_000);
    assertThat(who[1].isAlive()).isFalse();
    assertThat(who[2].isAlive()).isFalse();
    assertThatThrownBy(() -> team.run((thread, threads) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Team: is closed");
  }

  /** Closing waits for the task that runs, which ends as if nothing had happened. */
  @Test
  void closingDuringATask() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      Team team = Team.of(3);
      AtomicInteger ran = new AtomicInteger();
      AtomicInteger started = new AtomicInteger();
      Thread caller =
          new Thread(
              () -> {
                started.incrementAndGet();
                try {
                  for (int round = 0; round < 1_000_000; round++) {
                    team.run(
                        (thread, of) -> {
                          team.barrier();
                          ran.incrementAndGet();
                        });
                  }
                } catch (IllegalStateException e) {
                  started.incrementAndGet();
                }
              });
      caller.start();
      while (ran.get() == 0) {
        Thread.onSpinWait();
      }
      team.close();
      caller.join();
      assertThat(started).hasValue(2);
      assertThat(ran.get() % 3).isZero();
    }
  }

  @Test
  void sizes() {
    for (int threads : new int[] {0, -1, 1025}) {
      assertThatThrownBy(() -> Team.of(threads))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Team: threads must be from 1 to 1024, got " + threads);
    }
  }
}

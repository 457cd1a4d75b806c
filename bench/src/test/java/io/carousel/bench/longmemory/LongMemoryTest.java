package io.carousel.bench.longmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attempts at the tasks, and the command that makes the table of them. */
class LongMemoryTest {
  @TempDir private Path folder;

  private String run(String... arguments) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      LongMemory.run(arguments, folder, "abc123", o, o);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theCommandWritesTheTableAndKeepsOtherRows() throws IOException {
    String[] small = {"--tasks", "reber", "--units", "3", "--budget", "40", "--cells", "lstm,gru"};
    assertThat(run(small)).contains("2 of 2: reber gru: 40 of 40 sequences, ", "s left, loss ", "not solved");
    String page = Files.readString(folder.resolve("docs/long-memory.md"));
    assertThat(page).contains("| lstm | – |", "| gru | – |", "3 units, batches of 4", "Seed 1, commit abc123",
        "](long-memory.svg)");
    String first = Files.readString(folder.resolve("bench/results/long-memory.json"));
    run("--tasks", "reber", "--units", "2", "--budget", "40", "--cells", "gru");
    List<Outcome> outcomes = new Outcomes(folder.resolve("bench/results/long-memory.json")).all();
    assertThat(outcomes).extracting(Outcome::cell).containsExactly("lstm", "gru");
    assertThat(outcomes).extracting(each -> each.recipe().units()).containsExactly(3, 2);
    assertThat(Files.readString(folder.resolve("bench/results/long-memory.json"))).isNotEqualTo(first);
    assertThat(Files.readString(folder.resolve("docs/long-memory.svg")))
        .contains("reber: training loss", ">lstm</text>").doesNotContain("NaN");
  }

  @Test
  void wrongOptionsAreRefused() {
    refused("--cells: must be of lstm, ", "--cells", "lstn");
    refused("--tasks: must be of reber, ", "--tasks", "");
    refused("--units: must be a whole number of at least 1.0, got x", "--units", "x");
    refused("--seed: needs a value", "--seed");
    refused("there is no option --sed", "--sed", "1");
  }

  private void refused(String why, String... arguments) {
    assertThatIllegalArgumentException().isThrownBy(() -> run(arguments)).withMessageContaining(why);
  }

  /** Every cell of the table learns, to the same bits on one thread and on two. */
  @ParameterizedTest
  @MethodSource("cells")
  void oneThreadOrTwoGiveTheSameBits(Cells.Entry cell) {
    Recipe recipe = new Recipe(5, 6, 1e-2, 120, 60);
    Attempt one = attempt(new ReberGrammar(), cell, recipe, 1);
    Attempt two = attempt(new ReberGrammar(), cell, recipe, 2);
    assertThat(one.curve()).hasSize(2).isEqualTo(two.curve());
    assertThat(one.figure()).isEqualTo(two.figure());
    assertThat(one.end()).isNotEqualTo(Attempt.End.DIVERGED);
    assertThat(one.curve().getLast()).isLessThan(one.curve().getFirst());
  }

  static List<Cells.Entry> cells() {
    return Cells.ALL;
  }

  private static Attempt attempt(Task task, Cells.Entry cell, Recipe recipe, int threads) {
    return Attempt.run(task, cell, recipe, 3, threads, progress -> {});
  }

  /** The LSTM solves every task within its budget; each takes up to some minutes on two cores. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("io.carousel.bench.longmemory.TasksTest#tasks")
  void theLstmSolvesTheTask(Task task) {
    List<Attempt.Progress> heard = new ArrayList<>();
    Attempt attempt = Attempt.run(task, Cells.ALL.getFirst(), task.recipe(), 1, 2, heard::add);
    System.out.printf(
        "%s: %s after %,d sequences of %,d, %.0f s; test: %s%n", task.name(), attempt.end(), attempt.sequences(),
        task.recipe().budget(), attempt.seconds(), attempt.figure());
    assertThat(heard).isNotEmpty();
    assertThat(attempt.end()).isEqualTo(Attempt.End.SOLVED);
  }
}

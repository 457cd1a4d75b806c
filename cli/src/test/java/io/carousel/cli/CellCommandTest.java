package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells as text on the command line: looked at, and trained with. */
class CellCommandTest {
  private static final String TEXTBOOK = "../examples/cells/textbook.cell";

  @TempDir private Path folder;

  @Test
  void checkSaysAllThereIsToKnow() {
    Outcome outcome = Cli.run("cell", "check", TEXTBOOK, "--units", "6", "--features", "4", "--threads", "1");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("Textbook(H=6)\ninput   x [B,4]\noutput  [B,6]\n")
        .contains("param   V_c [6,6]", "282 parameters", "one step backward", "dU_i = h ⊗ ")
        .containsPattern("worst relative difference from finite differences \\d\\.\\de-(0[789]|1\\d)\n")
        .containsPattern("speed: forward and backward take \\d+\\.\\d\\d of the time of an LSTM with 6 units\n");
  }

  @Test
  void theCatalogueIsThere() {
    assertThat(Cli.run("cell", "list").out()).startsWith("lstm\ngru\n");
    assertThat(Cli.run("cell", "show", "lstm").out()).contains("cell LSTM(H)\nstate h[H], c[H]\n");
    assertThat(Cli.run("cell", "latex", TEXTBOOK).out()).startsWith("\\begin{align*}\n  i_t &= \\sigma");
  }

  @Test
  void badInput() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.cell"), "cell A(H)\nstate h[H]\nh' = tanh(W x) * g\n");
    String error = "carousel: " + bad + " line 3, column 18: h' uses g, which is not defined; did you mean h?\n"
        + "  h' = tanh(W x) * g\n                   ^\n";
    Path data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
    for (String[] command : new String[][] {{"cell", "check", bad.toString()}, {"cell", "latex", bad.toString()},
      train(data, "--cell", bad.toString())}) {
      Outcome outcome = Cli.run(command);
      assertThat(outcome.err()).isEqualTo(error);
      assertThat(outcome.code()).isEqualTo(2);
    }
    Outcome nowhere = Cli.run(train(data, "--cell", "lstn"));
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).hasLineCount(1).startsWith("carousel: --cell: must be one of lstm, gru, ")
        .endsWith(", or a file with a cell's equations, got lstn; for example gru\n");
    assertThat(Cli.run("cell", "check", "lstn").err())
        .startsWith("carousel: cell: must be a file with a cell's equations, or one of lstm, ");
    assertThat(Cli.run("cell", "check", "gru", "--units", "0").err())
        .isEqualTo("carousel: --units: must be a whole number from 1 to 4096, got 0; for example 32\n");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private String[] train(Path data, String... more) {
    return Cli.small(Cli.concat(
        new String[] {"train", "text-classifier", "--data", data.toString(), "--no-header", "--text", "2", "--label",
            "1", "--out", folder.resolve("run").toString()}, more));
  }

  @Test
  void aModelKeepsTheTextOfItsCell() throws IOException {
    Path cell = Files.copy(Path.of(TEXTBOOK), folder.resolve("mine.cell"));
    Path data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
    Outcome trained = Cli.run(train(data, "--cell", cell.toString()));
    assertThat(trained.code()).as(trained.err()).isZero();
    Files.delete(cell);
    String run = folder.resolve("run").toString();
    assertThat(Cli.run("summary", run).out()).contains("Textbook(H=8)", "cell: Textbook");
    assertThat(Cli.run("predict", run, "--text", "see you").code()).isZero();
    assertThat(Cli.run("evaluate", run, "--data", data.toString()).code()).isZero();
  }

  @Test
  void aNameOfTheCatalogueTrains() throws IOException {
    Path data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
    assertThat(Cli.run(train(data, "--cell", "gru")).code()).isZero();
    assertThat(Cli.run("summary", folder.resolve("run").toString()).out()).contains("GRU", "cell: gru");
  }
}

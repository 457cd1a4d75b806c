package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

  /** A file that is no cell, and what is said of it after its name. */
  private record Bad(String text, String error) {}

  static List<Bad> bads() {
    return List.of(
        new Bad("cell A(H)\nstate h[H]\nh' = tanh(W x) * g\n",
            " line 3, column 18: h' uses g, which is not defined; did you mean h?\n"
                + "  h' = tanh(W x) * g\n                   ^\n"),
        new Bad("", " line 1, column 1: a cell begins with its name and its size, for example cell Mine(H), got an empty"
            + " text\n  \n  ^\n"),
        new Bad("name,text\nham,ok\n", " line 1, column 1: a cell begins with its name and its size, for example cell"
            + " Mine(H), got name\n  name,text\n  ^\n"),
        new Bad("cell A(H)\nstate h[H]\nh' = tanh(W x + R h)\ninit R = ortogonal\n",
            " line 4, column 10: nothing begins as ortogonal; did you mean orthogonal?\n"
                + "  init R = ortogonal\n           ^\n"),
        new Bad("\u0000\u0001\u00ff", ": must be a cell's equations as text in UTF-8, this is something else; check the path\n"));
  }

  @ParameterizedTest
  @MethodSource("bads")
  void aFileThatIsNoCellIsRefusedByEveryCommand(Bad bad) throws IOException {
    Path file = folder.resolve("bad.cell");
    Files.write(file, bad.text().getBytes(StandardCharsets.ISO_8859_1));
    Path data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
    for (String[] command : new String[][] {{"cell", "check", file.toString()}, {"cell", "latex", file.toString()},
      {"cell", "show", file.toString()}, train(data, "--cell", file.toString())}) {
      Outcome outcome = Cli.run(command);
      assertThat(outcome.err()).isIn("carousel: " + file + bad.error(), "carousel: --cell: " + file + bad.error());
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.out()).isEmpty();
      assertThat(folder.resolve("run")).doesNotExist();
    }
  }

  @Test
  void sizesThatDoNotFitAreRefusedBeforeAnythingIsPrintedOrWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("wide.cell"), "cell A(H)\nstate h[H]\nh' = tanh(R h[0:9] + W x)\n");
    String error = "carousel: " + file + " line 3, column 14: a part must lie within its vector and have at least one"
        + " element, got [0:9] of [8] where {H=8, F=8}\n  h' = tanh(R h[0:9] + W x)\n               ^\n";
    Outcome check = Cli.run("cell", "check", file.toString(), "--units", "8");
    assertThat(check.err()).isEqualTo(error);
    assertThat(check.out()).isEmpty();
    Path data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
    Outcome train = Cli.run(train(data, "--cell", file.toString()));
    assertThat(train.code()).isEqualTo(2);
    assertThat(train.err()).endsWith(error);
    assertThat(folder.resolve("run")).doesNotExist();
    assertThat(Cli.run("cell", "check", file.toString(), "--units", "9", "--threads", "1").code()).isZero();
  }

  @Test
  void whatIsNeitherANameNorAFileIsRefused() throws IOException {
    Path data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
    Outcome nowhere = Cli.run(train(data, "--cell", "lstn"));
    assertThat(nowhere.code()).isEqualTo(2);
    assertThat(nowhere.err()).hasLineCount(1).startsWith("carousel: --cell: must be one of lstm, gru, ")
        .endsWith(", or a file with a cell's equations, got lstn; for example gru\n");
    for (String asked : List.of("check", "latex", "show")) {
      for (String name : List.of("lstn", folder.toString(), "")) {
        Outcome outcome = Cli.run("cell", asked, name);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).hasLineCount(1)
            .startsWith("carousel: cell: must be a file with a cell's equations, or one of lstm, ")
            .endsWith(", got " + name + "; check the path\n");
      }
      assertThat(Cli.run("cell", asked).err()).startsWith("carousel: Missing required parameter: 'CELL'; see");
    }
    assertThat(Cli.run("cell", "check", "gru", "--units", "0").err())
        .isEqualTo("carousel: --units: must be a whole number from 1 to 4096, got 0; for example 32\n");
    assertThat(Cli.run("cell", "list", "gru").err())
        .isEqualTo("carousel: there is nothing called gru; see carousel cell list --help\n");
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

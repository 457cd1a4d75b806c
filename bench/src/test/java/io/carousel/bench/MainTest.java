package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.store.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs, with scripts in the place of Python. */
@DisabledOnOs(OS.WINDOWS)
class MainTest {
  private static final String GREETING =
      "echo '{\"peer\":\"pytorch\",\"version\":\"9.9, 1 thread\",\"jobs\":[\"train S2\"]}'\n";

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    try (PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      return Main.run(arguments, o, e, threads -> new Limits(1000, 50)); // measuring takes seconds
    }
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What was said beside the results, but for the load of the machine. */
  private List<String> err() {
    return err.toString(StandardCharsets.UTF_8).lines().filter(line -> !line.contains("is busy")).toList();
  }

  private String python(String script) throws IOException {
    Path program = folder.resolve("python");
    Files.writeString(program, "#!/bin/sh\n" + script);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program.toString();
  }

  private JsonObject measured(String python) throws IOException {
    Path json = folder.resolve("out.json");
    int code =
        run("--shapes", "S2", "--threads", "1", "--repetitions", "1", "--warmup", "0", "--python", python, "--json",
            json.toString());
    assertThat(code).isZero();
    JsonObject row = JsonObject.parse(Files.readString(json), "out.json").objects("rows").getFirst();
    assertThat(row.string("shape")).isEqualTo("S2");
    assertThat(row.number("ms")).isPositive();
    assertThat(row.number("limit_share")).isBetween(0.0, 1.0);
    assertThat(out()).contains("GFLOP/s of multiply-adds").containsPattern("(?m)^S2 ");
    return row;
  }

  @Test
  void aShapeBesideAPeer() throws IOException {
    String python =
        python(
            "echo \"$*\" >'" + folder + "/arguments'\n" + GREETING
                + "while read -r word suite shape count; do\n"
                + "  echo \"$word $suite $shape\" >>'" + folder + "/asked'\n"
                + "  echo '{\"ms\":[4000.0,2000.0,3000.0],\"peak_rss_mb\":5}'\n"
                + "done\n");
    JsonObject row = measured(python);
    assertThat(row.string("peer")).isEqualTo("pytorch");
    assertThat(row.number("peer_ms")).isEqualTo(3000);
    assertThat(row.number("peer_ms_min")).isEqualTo(2000);
    assertThat(row.number("ratio")).isLessThan(1);
    assertThat(folder.resolve("arguments")).hasContent("-B -m pytorch_peer --threads 1 --warmup 0.000");
    assertThat(Files.readAllLines(folder.resolve("asked"))).containsOnly("run train S2").hasSize(4);
    assertThat(out()).contains("9.9, 1 thread");
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo '{\"error\":\"No module named torch\"}'; exit 3"
            + " | pytorch: no column, since No module named torch; get it with pip install torch for a Python 3",
        "echo 'Segmentation fault' >&2; exit 9 | since its process ended; its last words: Segmentation fault",
        "echo 'hello' | since it said \"hello\" instead of JSON",
      })
  void withoutThePeerThereIsALineAndNoColumn(String script, String line) throws IOException {
    JsonObject row = measured(python(script + "\n"));
    assertThat(row.get("peer")).isNull();
    assertThat(row.get("ratio")).isNull();
    assertThat(err()).singleElement().asString().contains(line);
    assertThat(out()).doesNotContain("ratio");
  }

  @Test
  void withoutPythonThereIsALineThatSaysWhatToInstall() throws IOException {
    assertThat(measured(folder.resolve("no-python").toString()).get("peer")).isNull();
    assertThat(err()).singleElement().asString()
        .contains("there is no ", "no-python; get it with pip install torch", "--python");
  }

  @Test
  void aPeerThatEndsOnTheWayLeavesOurRow() throws IOException {
    JsonObject row = measured(python(GREETING + "read -r line; echo 'Killed' >&2; exit 1\n"));
    assertThat(row.get("peer")).isNull();
    assertThat(err()).singleElement().asString().contains("its process ended; its last words: Killed");
  }

  @Test
  void aPeerWithoutTheShapeIsALine() throws IOException {
    String python = python(GREETING.replace("train S2", "train S0"));
    assertThat(measured(python).get("peer")).isNull();
    assertThat(err()).containsExactly("pytorch: no column, since it has none of these shapes of suite train");
  }

  @Test
  void aPeerThatIsMissingInTwoSuitesIsMissedOnce() {
    String missing = folder.resolve("no-python").toString();
    int code =
        run("--suite", "train,infer", "--shapes", "S2,I256-H256-T1-B1", "--threads", "1", "--repetitions", "1",
            "--warmup", "0", "--peers", "pytorch", "--python", missing);
    assertThat(code).isZero();
    assertThat(out()).containsPattern("(?m)^S2 ").containsPattern("(?m)^I256-H256-T1-B1 ");
    assertThat(err()).singleElement().asString().startsWith("pytorch: no column");
  }

  @Test
  void aCellIsComparedWithTheLstmOfItsSize() throws IOException {
    Path json = folder.resolve("out.json");
    int code =
        run("--suite", "cells", "--shapes", "lstm-S,rnn-S", "--threads", "1", "--repetitions", "1", "--warmup", "0",
            "--peers", "none", "--json", json.toString());
    assertThat(code).isZero();
    List<JsonObject> rows = JsonObject.parse(Files.readString(json), "out.json").objects("rows");
    assertThat(rows).extracting(row -> row.string("shape")).containsExactly("lstm-S", "rnn-S");
    assertThat(rows.getFirst().get("to_lstm")).isNull();
    assertThat(rows.getLast().number("to_lstm")).isBetween(0.01, 1.5); // a quarter of the work, noise or not
    assertThat(out()).contains("to LSTM");
  }

  @Test
  void deeplearning4jIsBuiltOnRequest() {
    run("--shapes", "S2", "--threads", "1", "--repetitions", "1", "--warmup", "0", "--peers", "dl4j");
    assertThat(err()).singleElement().asString().contains("dl4j: no column", "mvn -Pdl4j -pl bench");
  }

  @Test
  void badInputIsOneLineAndExitCodeTwo() {
    assertThat(run("--shapes", "S9")).isEqualTo(2);
    assertThat(run("--json", folder.resolve("none/out.json").toString())).isEqualTo(2);
    assertThat(run("--suite", "cold", "--data", folder.resolve("none.tsv").toString())).isEqualTo(2);
    assertThat(err()).hasSize(3).allMatch(line -> line.startsWith("carousel bench: --"));
    assertThat(out()).isEmpty();
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(out()).contains(
            "--suite", "--shapes", "--threads", "--peers", "--python", "--repetitions", "--warmup", "--data",
            "--json");
    for (Suite suite : Suite.values()) {
      assertThat(out()).contains(" " + suite + " ");
    }
    for (PeerKind peer : PeerKind.values()) {
      assertThat(out()).contains(peer.toString());
    }
  }
}

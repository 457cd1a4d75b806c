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
      "echo '{\"peer\":\"pytorch\",\"version\":\"9.9\",\"python\":\"3\",\"threads\":1,\"adam\":\"default\","
          + "\"onednn\":true,\"cpu\":\"AVX\"}'\n";

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    try (PrintStream o = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream e = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      return Main.run(arguments, o, e);
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
            "echo \"$1 $3 $4 $5 $6 $7\" >'" + folder + "/arguments'\n" + GREETING
                + "while read -r word shape count; do\n"
                + "  echo \"$word $shape\" >>'" + folder + "/asked'\n"
                + "  echo '{\"shape\":\"S2\",\"ms\":[4000.0,2000.0,3000.0],\"parameters\":5}'\n"
                + "done\n");
    JsonObject row = measured(python);
    assertThat(row.string("peer")).isEqualTo("pytorch");
    assertThat(row.number("peer_ms")).isEqualTo(3000);
    assertThat(row.number("peer_ms_min")).isEqualTo(2000);
    assertThat(row.number("ratio")).isLessThan(1);
    assertThat(folder.resolve("arguments")).hasContent("-c --threads 1 --adam default --warmup");
    assertThat(Files.readAllLines(folder.resolve("asked"))).containsOnly("run S2").hasSize(4);
    assertThat(out()).contains("9.9, Python 3, 1 threads");
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo '{\"error\":\"No module named torch; get it with: pip install torch\"}'; exit 3"
            + " | pytorch: no column, since No module named torch; get it with: pip install torch; or name a",
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
    assertThat(err()).singleElement().asString().contains("no-python; install Python 3", "pip install torch", "--python");
  }

  @Test
  void aPeerThatEndsOnTheWayLeavesOurRow() throws IOException {
    JsonObject row = measured(python(GREETING + "read -r line; echo 'Killed' >&2; exit 1\n"));
    assertThat(row.get("peer")).isNull();
    assertThat(err()).singleElement().asString().contains("its process ended; its last words: Killed");
  }

  @Test
  void badInputIsOneLineAndExitCodeTwo() {
    assertThat(run("--shapes", "S9")).isEqualTo(2);
    assertThat(run("--json", folder.resolve("none/out.json").toString())).isEqualTo(2);
    assertThat(err()).hasSize(2).allMatch(line -> line.startsWith("carousel bench: --"));
    assertThat(out()).isEmpty();
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(run("--help")).isZero();
    assertThat(out()).contains("--suite", "--shapes", "--threads", "--peers", "--python", "--repetitions", "--json");
  }
}

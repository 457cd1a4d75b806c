package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher on the jar that was just packaged, from another folder, as a user starts it. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final Path LAUNCHER = Path.of("..", "carousel").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private Outcome launch(String... args) throws IOException, InterruptedException {
    return launchIn("", args);
  }

  private Outcome launchIn(String locale, String... args) throws IOException, InterruptedException {
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    // Through a script, since this JVM may be in a locale in which it cannot pass every letter on.
    String command = Stream.concat(Stream.of(LAUNCHER.toString()), Stream.of(args)).map(LauncherIT::quoted)
        .collect(Collectors.joining(" "));
    String setting = locale.isEmpty() ? "" : "export LC_ALL=" + locale + "\n";
    Path script = Files.writeString(folder.resolve("command.sh"), setting + "exec " + command + "\n");
    Process process =
        new ProcessBuilder("sh", script.toString()).directory(folder.toFile()).redirectOutput(out.toFile())
            .redirectError(err.toFile()).start();
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void trainsMeasuresAndAnswers() throws Exception {
    Outcome quickstart = launch("quickstart", "--epochs", "3", "--seed", "7");
    assertThat(quickstart.code()).as(quickstart.err()).isZero();
    assertThat(quickstart.out())
        .contains("on 1,114 texts", "model   runs/quickstart/model.safetensors")
        .containsPattern("spam [01]\\.\\d{3}  Congratulations").containsPattern("ham  [01]\\.\\d{3}  Hi mum")
        .containsPattern("accuracy 0\\.9[789]\\d\\d");
    assertThat(quickstart.err()).contains("epoch 3/3").doesNotContain("WARNING");

    Outcome one = launch("predict", "runs/quickstart", "--text", "Free prize, call 09061701461 now: “£1000”");
    assertThat(one.out()).matches("spam\t[01]\\.\\d{4}\n");
    assertThat(one.err()).isEmpty();

    // A single text is answered by scalar code, a table by vector code: the same bits.
    Path table = Files.write(folder.resolve("t.csv"), List.of("text",
        "\"Free prize, call 09061701461 now: “£1000”\""));
    Outcome many = launch("predict", "runs/quickstart", "--data", table.toString(), "--column", "text", "--json");
    Outcome same = launch("predict", "runs/quickstart", "--text", "Free prize, call 09061701461 now: “£1000”",
        "--json");
    assertThat(many.json().objects("predictions").getFirst()).isEqualTo(same.json());
    assertThat(many.err()).isEmpty();
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @BeforeEach
  void makeTheArchiveOfClasses() throws Exception {
    assertThat(launch("--version").code()).isZero(); // tells so if it has to
  }

  @Test
  void textsOfAnyLanguageArriveInAnyLocale() throws Exception {
    for (String locale : List.of("C", "POSIX", "C.UTF-8")) {
      Outcome outcome = launchIn(locale, "summary", "größe-模型");
      assertThat(outcome.err()).isEqualTo("carousel: größe-模型: cannot be read: there is no such file\n");
    }
  }

  @Test
  void aFileThatIsNoCellIsRefusedAtItsPlace() throws Exception {
    Files.writeString(folder.resolve("bad.cell"), "cell A(H)\nstate h[H]\nh' = tanh(W x) * g\n");
    Files.write(folder.resolve("m.tsv"), Cli.messages(0, 20));
    for (String[] command : new String[][] {{"cell", "check", "bad.cell"}, {"cell", "latex", "bad.cell"},
      {"cell", "show", "bad.cell"}, {"train", "text-classifier", "--data", "m.tsv", "--no-header", "--text", "2",
        "--label", "1", "--cell", "bad.cell", "--out", "run"}}) {
      Outcome outcome = launch(command);
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err()).isEqualTo("carousel: bad.cell line 3, column 18: h' uses g, which is not defined;"
          + " did you mean h?\n  h' = tanh(W x) * g\n                   ^\n");
    }
    assertThat(folder.resolve("run")).doesNotExist();
    assertThat(launch("cell", "list").out()).startsWith("lstm\ngru\n");
  }

  @Test
  void refusesInOneLine() throws Exception {
    Outcome outcome = launch("predict", "nowhere", "--text", "hi");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isEqualTo("carousel: nowhere: cannot be read: there is no such file\n");
  }
}

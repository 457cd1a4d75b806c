package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that is asked to end by a signal; SIGTERM, since whoever runs the tests may ignore SIGINT. */
@DisabledOnOs(OS.WINDOWS)
class StopTest {
  @TempDir private Path folder;

  private Process train(Path out) throws IOException {
    Path data = Files.write(folder.resolve("messages.tsv"), Cli.messages(0, 200));
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(), "--add-modules=jdk.incubator.vector", "-cp",
                System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(
        List.of(
            "train", "text-classifier", "--data", data.toString(), "--no-header", "--text", "2", "--label",
                "1", "--out",
            out.toString(), "--units", "8", "--embedding", "8", "--epochs", "10000", "--patience", "0"));
    return new ProcessBuilder(command).start();
  }

  @Test
  void keepsTheBestModelSoFarAndSaysWhereItIs() throws Exception {
    Path out = folder.resolve("run");
    Process process = train(out);
    List<String> told = new ArrayList<>();
    try (BufferedReader err = reader(process.getErrorStream()); BufferedReader result = reader(process.getInputStream())) {
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        told.add(line);
        if (line.startsWith("epoch 1/")) {
          process.toHandle().destroy(); // unlike Process.destroy, leaves the streams open
        }
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(told).contains("stopping …");
      assertThat(result.lines().toList()).contains("model   " + out.resolve("model.safetensors")
          + "  (stopped: the best so far)");
    }
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("model.safetensors", "metrics.json", "history.csv", "report.html");
    assertThat(Cli.run("predict", out.toString(), "--text", "hi").code()).isZero();
  }

  private static BufferedReader reader(java.io.InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }
}

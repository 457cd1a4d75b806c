package io.carousel.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.store.JsonObject;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  @TempDir Path folder;

  @Test
  void metricsCanBeReadBack() throws IOException {
    ClassificationMetrics metrics =
        ClassificationMetrics.of(new float[][] {{0.75f, 0.25f}, {1, 0}}, new int[] {0, 1});
    RunFiles.writeMetrics(folder, metrics, List.of("ham", "sp\"am"));
    JsonObject json =
        JsonObject.parse(Files.readString(folder.resolve("metrics.json")), "metrics.json");
    assertThat(json).isEqualTo(RunFiles.metrics(metrics, List.of("ham", "sp\"am")));
    assertThat(json.names()).startsWith("rows", "accuracy", "macro_f1");
    assertThat(json.integer("rows")).isEqualTo(2);
    assertThat(json.number("accuracy")).isEqualTo(0.5);
    assertThat(json.number("loss")).isEqualTo(metrics.logLoss());
    assertThat(json.objects("classes").get(1).string("label")).isEqualTo("sp\"am");
    assertThat(json.objects("classes").get(1).integer("support")).isEqualTo(1);
    assertThat(json.get("confusion")).isEqualTo(List.of(List.of(1L, 0L), List.of(1L, 0L)));
    assertThat(json.objects("calibration")).hasSize(10);
  }

  @Test
  void historyIsATable() throws IOException {
    RunFiles.writeHistory(folder, new History(ReportSamples.epochs(3), History.End.FINISHED));
    List<String> lines = Files.readAllLines(folder.resolve("history.csv"));
    assertThat(lines).hasSize(4);
    assertThat(lines.getFirst()).startsWith("epoch,loss,accuracy,val_loss,val_accuracy,seconds");
    assertThat(lines.get(3)).startsWith("3,0.0536");
  }

  @Test
  void reportIsThere() throws IOException {
    RunFiles.writeReport(
        folder,
        ReportSamples.of(
            "run", List.of("a", "b"), ReportSamples.equal(2), 20, 1, 1, List.of("text")));
    assertThat(Files.readString(folder.resolve("report.html")))
        .startsWith("<!DOCTYPE html>")
        .endsWith("</html>\n");
  }
}

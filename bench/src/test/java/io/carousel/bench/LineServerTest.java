package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.store.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineServerTest {
  private static List<JsonObject> answers(String... lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InProcess ours = InProcess.ours(1, 0)) {
      LineServer.serve(
          ours, List.of(TrainingShape.S2), new BufferedReader(new StringReader(String.join("\n", lines))),
          new PrintStream(out, true, StandardCharsets.UTF_8));
    }
    return out.toString(StandardCharsets.UTF_8).lines().map(line -> JsonObject.parse(line, "answer")).toList();
  }

  @Test
  void greetsAndRuns() throws IOException {
    List<JsonObject> answers = answers("run train S2 3");
    assertThat(answers).hasSize(2);
    assertThat(answers.getFirst().string("peer")).isEqualTo("carousel");
    assertThat(answers.getFirst().strings("jobs")).containsExactly("train S2");
    assertThat(answers.getLast().numbers("ms")).hasSize(3);
    assertThat(answers.getLast().number("peak_rss_mb")).isGreaterThanOrEqualTo(0);
  }

  @Test
  void whatItDoesNotKnowIsAnError() throws IOException {
    List<JsonObject> answers = answers("run train S2 0", "run train S0 1", "hello");
    assertThat(answers).hasSize(4);
    assertThat(answers.subList(1, 4)).allSatisfy(answer -> assertThat(answer.string("error")).startsWith("expected"));
  }

  @Test
  void quitEndsIt() throws IOException {
    assertThat(answers("quit", "hello")).hasSize(1);
  }
}

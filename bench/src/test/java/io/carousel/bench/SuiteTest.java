package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteTest {
  static List<Job> repeatable() {
    return Suite.repeatable();
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void hasJobsOfDifferentNames(Suite suite) {
    assertThat(suite.jobs()).isNotEmpty().extracting(Job::toString).doesNotHaveDuplicates();
    assertThat(suite.jobs()).allSatisfy(job -> assertThat(job.text()).isNotBlank());
    assertThat(suite.peers()).contains(PeerKind.PYTORCH);
  }

  @Test
  void everyIdIsOneJob() {
    assertThat(repeatable()).extracting(Job::id).doesNotHaveDuplicates();
  }

  /** A step of all but the larger ones, which would take too long here. */
  @ParameterizedTest
  @MethodSource("repeatable")
  void aJobTakesStepsAndTheirWorkIsCounted(Job.InSteps job) {
    assertThat(job.work()).isPositive().isFinite();
    if (job.work() < 3.2e8) {
      try (Steps steps = job.start(1)) {
        steps.step();
      }
    }
  }

  /** What Python spells out once more. */
  @Test
  void thePeersKnowTheSameShapes() {
    for (TrainingShape shape : TrainingShape.values()) {
      assertThat(script("pytorch_training.py")).contains('"' + shape.toString() + '"');
    }
    for (CellShape.Kind kind : CellShape.Kind.values()) {
      String word = new CellShape(kind, CellShape.Size.S).toString().replaceFirst("-S$", "");
      assertThat(script("pytorch_cells.py")).contains("\n    \"" + word + "\": ");
    }
    String tuples = script("inference_shapes.py");
    for (InferenceShape s : InferenceShape.ALL) {
      assertThat(tuples)
          .contains(String.format(Locale.ROOT, "    (%d, %d, %d, %d),\n", s.inputs(), s.units(), s.steps(), s.rows()));
    }
    assertThat(Pattern.compile("(?m)^    \\(").matcher(tuples).results()).hasSize(InferenceShape.ALL.size());
  }

  private static String script(String name) {
    try (var in = SuiteTest.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

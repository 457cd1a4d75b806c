package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.train.EpochInfo;
import io.carousel.train.StepInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Progress progress(boolean interactive) {
    return new Progress(
        new Terminal(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), err, interactive));
  }

  private String shown() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void drawsABarThatFitsEightyColumns() {
    Progress progress = progress(true);
    progress.onStep(new StepInfo(100, 100, 700, 700, 12.34567, 0.98765, 123456, 7384));
    assertThat(shown())
        .isEqualTo("\repoch 100/100 ██████████100%  loss 12.3457  acc 0.9877  123,456 seq/s  2:03:04 left\u001B[K");
    assertThat(progress.steps()).isEqualTo(1);
  }

  @Test
  void manyStepsWithoutATerminalAreNoFlood() {
    Progress progress = progress(false);
    for (int i = 1; i <= 10_000; i++) {
      progress.onStep(new StepInfo(1, 1, i, 10_000, 0.5, 0.5, 100, 10));
    }
    assertThat(shown().lines().count()).isLessThan(3);
  }

  @Test
  void anEpochIsALine() {
    Progress progress = progress(false);
    progress.onEpoch(new EpochInfo(1, 2, 0.5, 0.75, 0.4, 0.8, 61.2, true));
    progress.onEpoch(new EpochInfo(2, 2, 0.25, 0.9, Double.NaN, Double.NaN, 59, false));
    assertThat(shown())
        .isEqualTo(
            """
            epoch 1/2  loss 0.5000  accuracy 0.7500  validation: loss 0.4000  accuracy 0.8000  best  1:01
            epoch 2/2  loss 0.2500  accuracy 0.9000  0:59
            """);
  }

  @Test
  void whereThereIsNoAccuracyNoneIsShown() {
    progress(true).onStep(new StepInfo(1, 1, 2, 2, 0.5, Double.NaN, 100, 10));
    assertThat(shown()).isEqualTo("\repoch 1/1 ██████████100%  loss 0.5000  100 seq/s  0:10 left\u001B[K");
    err.reset();
    progress(false).onEpoch(new EpochInfo(1, 1, 0.5, Double.NaN, 0.4, Double.NaN, 2, true));
    assertThat(shown()).isEqualTo("epoch 1/1  loss 0.5000  validation: loss 0.4000  best  0:02\n");
  }

  @Test
  void timesAreReadable() {
    assertThat(Progress.time(0.4)).isEqualTo("0:00");
    assertThat(Progress.time(3599.4)).isEqualTo("59:59");
    assertThat(Progress.time(3600)).isEqualTo("1:00:00");
    assertThat(Progress.time(Double.NaN)).isEqualTo("?:??");
  }
}

package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.tensor.CounterRandom;
import org.junit.jupiter.api.Test;

class GeneratedDatasetTest {
  /** Rows of 0 to 4 steps of two features; at each step twice the first feature and its sign are to be learned. */
  private static Sample values(long key) {
    int length = CounterRandom.below(5, key, 100);
    float[] x = new float[2 * length];
    float[] y = new float[2 * length];
    for (int t = 0; t < length; t++) {
      x[2 * t] = CounterRandom.uniform(key, t) - 0.5f;
      y[2 * t] = 2 * x[2 * t];
      y[2 * t + 1] = Math.signum(x[2 * t]);
    }
    return Sample.ofStepValues(length, x, y);
  }

  private static final GeneratedDataset DATA = GeneratedDataset.of(2, 30, 5, GeneratedDatasetTest::values);

  @Test
  void aRowIsAFunctionOfTheSeedAndItsNumber() {
    int[] some = {17, 3};
    Batch batch = DATA.batch(some);
    assertThat(batch.features()).containsExactly(DATA.batch(some).features());
    assertThat(DATA.subset(new int[] {5, 3, 17}).batch(new int[] {2, 1}).features()).isEqualTo(batch.features());
    assertThat(GeneratedDataset.of(2, 20, 5, GeneratedDatasetTest::values).batch(some).features())
        .as("the number of rows changes none").isEqualTo(batch.features());
    assertThat(GeneratedDataset.of(2, 30, 6, GeneratedDatasetTest::values).batch(some).features())
        .isNotEqualTo(batch.features());
  }

  @Test
  void stepsAreTimeMajorAndPadded() {
    int[] all = new int[30];
    for (int i = 0; i < 30; i++) {
      all[i] = i;
    }
    Batch batch = DATA.batch(all);
    assertThat(batch.steps()).isEqualTo(4);
    assertThat(batch.targetCount()).isEqualTo(4 * 2);
    assertThat(batch.lengths()).contains(0, 4);
    float[] x = batch.features();
    float[] y = batch.targets();
    for (int t = 0; t < 4; t++) {
      for (int b = 0; b < 30; b++) {
        int at = 2 * (t * 30 + b);
        assertThat(batch.lengths()[b]).isEqualTo(DATA.length(b));
        boolean padding = t >= DATA.length(b);
        assertThat(x[at]).isEqualTo(padding ? 0 : DATA.sample(b).features()[2 * t]);
        assertThat(y[at]).isEqualTo(2 * x[at]);
        assertThat(y[at + 1]).isEqualTo(Math.signum(x[at]));
      }
    }
  }

  @Test
  void endlessDataHaveOtherRowsAtEachEpoch() {
    GeneratedDataset endless = DATA.endless();
    int[] row = {4};
    assertThat(DATA.epoch(3).batch(row).features()).isEqualTo(DATA.batch(row).features());
    assertThat(endless.epoch(1).batch(row).features()).isEqualTo(DATA.batch(row).features());
    assertThat(endless.epoch(2).sample(4).features())
        .isEqualTo(GeneratedDataset.of(2, 35, 5, GeneratedDatasetTest::values).sample(34).features());
    assertThat(endless.subset(new int[] {9, 4}).epoch(2).sample(1).features())
        .as("a subset goes on as the whole does").isEqualTo(endless.epoch(2).sample(4).features());
  }

  @Test
  void classesStandForARowOrForItsSteps() {
    GeneratedDataset ofRows = GeneratedDataset.of(1, 3, 1, key -> Sample.ofClass(2, new float[] {1, 2}, 7));
    assertThat(ofRows.batch(new int[] {0, 1}).classes()).containsExactly(7, 7);
    assertThat(ofRows.classes()).isNull();
    GeneratedDataset ofSteps = GeneratedDataset.of(
        1, 3, 1, key -> Sample.ofStepClasses(2, new float[] {1, 2}, new int[] {4, 5}));
    assertThat(ofSteps.batch(new int[] {0, 1}).classes()).containsExactly(4, 4, 5, 5);
    GeneratedDataset empty = GeneratedDataset.of(
        1, 1, 1, key -> Sample.ofStepClasses(0, new float[] {}, new int[] {}));
    assertThat(empty.batch(new int[] {0}).classes()).containsExactly(0);
  }

  @Test
  void samplesThatDoNotFitAreRefused() {
    refused("Sample: features must be [T,F], got 3 values for 2 steps", () -> Sample.ofClass(2, new float[3], 0));
    refused("Sample: there must be a target at each of the 2 steps, got 1",
        () -> Sample.ofStepClasses(2, new float[2], new int[1]));
    refused("Sample: classes must be numbers from 0, got -1", () -> Sample.ofClass(1, new float[1], -1));
    refused("at least one feature and one row, got 0 and 1",
        () -> GeneratedDataset.of(0, 1, 1, GeneratedDatasetTest::values));
    refused("samples must have 3 features a step, got 2 values for 1 steps",
        () -> GeneratedDataset.of(3, 1, 1, key -> Sample.ofValues(1, new float[2], 1)).batch(new int[] {0}));
    refused("all samples must have classes or targets alike",
        () -> GeneratedDataset.of(1, 9, 1, key -> (key & 1) == 0
            ? Sample.ofValues(1, new float[1], 1) : Sample.ofClass(1, new float[1], 1))
            .batch(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8}));
  }

  private static void refused(String why, Runnable what) {
    assertThatIllegalArgumentException().isThrownBy(what::run).withMessageContaining(why);
  }
}

package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final List<TrainingShape> JOBS = List.of(TrainingShape.S1, TrainingShape.M1);

  private static final Row BESIDE =
      new Row(Suite.TRAIN, "S1", new Times(8, 5, 11), "pytorch", new Times(16, 20 / 3.0, 17), 2e9, 500, Double.NaN);

  private static final Row ALONE = new Row(Suite.TRAIN, "M1", new Times(1, 3), null, null, 2e9, 500, Double.NaN);

  private static Table table(int peers) {
    return new Table(Suite.TRAIN, JOBS, peers);
  }

  private static String[] words(String line) {
    return line.strip().split("\\s+");
  }

  @Test
  void aLineHasTheColumnsWidths() {
    assertThat(words(table(1).line(BESIDE)))
        .containsExactly("S1", "8.000", "5.000", "16.00", "6.667", "0.50", "0.75", "250", "50", "%");
    assertThat(table(1).line(BESIDE)).hasSameSizeAs(table(1).columns());
    assertThat(table(1).line(ALONE)).hasSameSizeAs(table(1).columns());
    assertThat(table(0).line(ALONE)).hasSameSizeAs(table(0).columns());
  }

  @Test
  void peersHaveColumnsOnlyWhereThereAreSome() {
    assertThat(table(0).columns()).doesNotContain("ratio");
    assertThat(table(1).columns()).contains("peer ms", "ratio");
    assertThat(table(2).line(BESIDE)).endsWith("pytorch");
  }

  @Test
  void theFirstColumnIsAsWideAsTheLongestName() {
    Table table = new Table(Suite.INFER, InferenceShape.ALL, 0);
    Row row = new Row(Suite.INFER, "I1024-H1024-T25-B1", new Times(1), null, null, 2e9, 500, Double.NaN);
    assertThat(table.line(row)).hasSameSizeAs(table.columns());
  }

  @Test
  void memoryIsInMegabytesAndHasNoSpeed() {
    Table table = new Table(Suite.MEMORY, JOBS, 1);
    Row row = new Row(Suite.MEMORY, "M1", new Times(100), "pytorch", new Times(400), 2e9, 500, Double.NaN);
    assertThat(words(table.columns())).containsExactly(
        "shape", "MB", "smallest", "peer", "MB", "smallest", "ratio", "of", "min.");
    assertThat(words(table.line(row))).containsExactly("M1", "100.0", "100.0", "400.0", "400.0", "0.25", "0.25");
  }
}

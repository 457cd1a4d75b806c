package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final int BATCH = 8;
  private static final TokenDataset DATA = data(1003, 200);

  @Test
  void everyRowIsInOneBatch() {
    for (boolean shuffle : new boolean[] {true, false}) {
      List<int[]> batches = Batches.of(DATA, BATCH, 7, shuffle);
      assertThat(batches).hasSize(126);
      assertThat(batches.stream().filter(rows -> rows.length != BATCH)).hasSize(1);
      assertThat(batches.stream().flatMapToInt(Arrays::stream).sorted().toArray())
          .isEqualTo(IntStream.range(0, 1003).toArray());
    }
  }

  @Test
  void sameKeySameBatches() {
    assertThat(flat(Batches.of(DATA, BATCH, 7, true))).isEqualTo(flat(Batches.of(DATA, BATCH, 7, true)));
    assertThat(flat(Batches.of(DATA, BATCH, 7, true))).isNotEqualTo(flat(Batches.of(DATA, BATCH, 8, true)));
    assertThat(flat(Batches.of(DATA, BATCH, 7, false))).isEqualTo(flat(Batches.of(DATA, BATCH, 8, false)));
  }

  @Test
  void batchesHoldLikeLengthsInRandomOrder() {
    List<int[]> batches = Batches.of(DATA, BATCH, 7, true);
    long padded = batches.stream().mapToLong(rows -> (long) DATA.batch(rows).steps() * rows.length).sum();
    long words = IntStream.range(0, DATA.size()).mapToLong(DATA::length).sum();
    assertThat(padded).isLessThan(words * 11 / 10);
    int[] longest = batches.stream().mapToInt(rows -> DATA.batch(rows).steps()).toArray();
    assertThat(longest).isNotEqualTo(Arrays.stream(longest).sorted().toArray());
    // Another epoch groups other rows: a row meets mostly strangers.
    int[] first = batches.get(0);
    List<int[]> other = Batches.of(DATA, BATCH, 8, true);
    int[] again = other.stream().filter(rows -> contains(rows, first[0])).findFirst().orElseThrow();
    assertThat(Arrays.stream(first).filter(row -> contains(again, row)).count()).isLessThan(BATCH / 2);
  }

  @Test
  void withoutShufflingRowsAreSortedByLengthThenPlace() {
    TokenDataset data = new TokenDataset(
        List.of(new int[] {1, 1}, new int[] {1}, new int[] {1, 1}, new int[] {}, new int[] {1}), null);
    assertThat(Batches.of(data, 2, 0, false))
        .containsExactly(new int[] {3, 1}, new int[] {4, 0}, new int[] {2});
    assertThat(Batches.of(data, 100, 0, false)).containsExactly(new int[] {3, 1, 4, 0, 2});
    assertThat(Batches.of(data, Integer.MAX_VALUE, 0, true)).hasSize(1);
    assertThat(Batches.of(data.subset(new int[0]), 2, 0, true)).isEmpty();
    assertThatThrownBy(() -> Batches.of(data, 0, 0, true)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Batches: the batch size must be at least 1, got 0");
  }

  @Test
  void splitKeepsTheSharesOfTheClasses() {
    int[] classes = IntStream.range(0, 1000).map(i -> i % 10 == 0 ? 1 : 0).toArray();
    Split split = Split.stratified(classes, 0.2, 3);
    assertThat(split.heldOut()).hasSize(200).isSorted();
    assertThat(split.train()).hasSize(800).isSorted();
    assertThat(Arrays.stream(split.heldOut()).filter(row -> classes[row] == 1)).hasSize(20);
    assertThat(IntStream.concat(Arrays.stream(split.train()),
        Arrays.stream(split.heldOut())).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
  }

  @Test
  void splitDependsOnTheKeyAlone() {
    int[] classes = new int[100];
    assertThat(Split.stratified(classes, 0.5, 3).heldOut()).isEqualTo(Split.random(100, 0.5, 3).heldOut());
    assertThat(Split.random(100, 0.5, 3).heldOut()).isNotEqualTo(Split.random(100, 0.5, 4).heldOut());
  }

  @Test
  void splitLeavesARowOfEachClassForTraining() {
    Split split = Split.stratified(new int[] {0, 0, 0, 1, 2, 2}, 0.9, 1);
    assertThat(split.heldOut()).hasSize(3);
    assertThat(split.train()).contains(3);
    assertThatThrownBy(() -> Split.stratified(new int[] {0, 0, 1, 1}, 0.1, 1))
        .isInstanceOf(DataException.class)
        .hasMessage("Split: holding out 0.1 must leave some rows on both sides, it holds out none of 4"
            + " rows; hold out more or give more rows");
    for (double fraction : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> Split.random(10, fraction, 1)).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Split: the fraction to hold out must be above 0 and below 1, got " + fraction);
    }
  }

  private static boolean contains(int[] rows, int wanted) {
    return Arrays.stream(rows).anyMatch(row -> row == wanted);
  }

  private static List<Integer> flat(List<int[]> batches) {
    return batches.stream().flatMapToInt(Arrays::stream).boxed().toList();
  }

  private static TokenDataset data(int rows, int longest) {
    List<int[]> sequences = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int[] sequence = new int[CounterRandom.below(longest, 11, row)];
      Arrays.fill(sequence, 1);
      sequences.add(sequence);
    }
    return new TokenDataset(sequences, null);
  }
}

package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamDatasetTest {
  private static int[] count(int to) {
    int[] numbers = new int[to];
    Arrays.setAll(numbers, i -> i + 1);
    return numbers;
  }

  @Test
  void eachRowGoesOnWhereTheOneBeforeEnded() {
    StreamDataset stream = StreamDataset.ofTokens(count(12), 2, 2); // 11 steps: two lanes of 5
    assertThat(stream.lanes()).isEqualTo(2);
    List<int[]> batches = Batches.of(stream, 32, 7, true);
    assertThat(batches).hasSize(3);
    Batch first = stream.batch(batches.get(0));
    assertThat(first.tokens()).containsExactly(1, 6, 2, 7);
    assertThat(first.classes()).containsExactly(2, 7, 3, 8);
    assertThat(stream.batch(batches.get(1)).tokens()).containsExactly(3, 8, 4, 9);
    Batch last = stream.batch(batches.get(2));
    assertThat(last.steps()).isEqualTo(1);
    assertThat(last.tokens()).containsExactly(5, 10);
    assertThat(last.classes()).containsExactly(6, 11);
    assertThat(last.lengths()).containsExactly(1, 1);
  }

  @Test
  void aSeriesHasItsTargetsAtEachStep() {
    Tensor x = Tensor.of(new float[] {1, 10, 2, 20, 3, 30, 4, 40}, 4, 2);
    Batch values =
        StreamDataset.of(x, Tensor.of(new float[] {5, 6, 7, 8}, 4, 1), 2, 1).batch(new int[] {2, 3});
    assertThat(values.features()).containsExactly(2, 20, 4, 40);
    assertThat(values.targets()).containsExactly(6, 8);
    Batch classes = StreamDataset.ofClasses(x, new int[] {3, 2, 1, 0}, 1, 3).batch(new int[] {0});
    assertThat(classes.features()).containsExactly(1, 10, 2, 20, 3, 30);
    assertThat(classes.classes()).containsExactly(3, 2, 1);
  }

  @Test
  void apartThePiecesAreRowsLikeOthers() {
    StreamDataset apart = StreamDataset.ofTokens(count(12), 2, 2).apart();
    assertThat(apart.lanes()).isZero();
    assertThat(apart.size()).isEqualTo(6);
    assertThat(Batches.of(apart, 4, 7, true)).hasSize(2);
    assertThat(apart.subset(new int[] {3}).batch(new int[] {0}).tokens()).containsExactly(8, 9);
  }

  @Test
  void streamsOfOneDataSetAreCutAlike() {
    StreamDataset two = StreamDataset.ofTokens(count(13), 2, 3);
    assertThat(JointDataset.of("a", two).input("b", two).target("c", two).lanes()).isEqualTo(2);
    refused("JointDataset: streams must have as many lanes, got 2 of a beside 4; cut them alike, or use apart()",
        () -> JointDataset.of("a", two).input("b", StreamDataset.ofTokens(count(13), 4, 3)));
    assertThat(JointDataset.of("a", two).input("b", TensorDataset.of(Tensor.zeros(4, 5), null)).lanes()).isEqualTo(2);
    refused("JointDataset: beside a stream b must be a stream too, or have one array a row, got sequences; cut it alike,"
        + " or use apart()", () -> JointDataset.of("a", two).input("b", TensorDataset.of(Tensor.zeros(4, 5, 2), null)));
  }

  @Test
  void whatCannotBeCutIsRefused() {
    refused("StreamDataset: there must be at least one lane, one step a piece and one step a lane, got 4 lanes and"
        + " pieces of 2 for 3 steps", () -> StreamDataset.ofTokens(count(4), 4, 2));
    refused("StreamDataset: word numbers must be at least 1, got 0 at place 1",
        () -> StreamDataset.ofTokens(new int[] {1, 0, 2}, 1, 2));
    refused("StreamDataset: there must be as many classes as rows, got 3 for 2 rows",
        () -> StreamDataset.ofClasses(Tensor.zeros(2, 1), new int[3], 1, 1));
    refused("StreamDataset: a series must be [steps,features], got [4]",
        () -> StreamDataset.ofClasses(Tensor.zeros(4), new int[4], 1, 1));
  }

  private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}

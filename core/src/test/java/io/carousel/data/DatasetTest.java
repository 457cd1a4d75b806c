package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static final TokenDataset TOKENS =
      new TokenDataset(List.of(new int[] {5, 6, 7}, new int[] {}, new int[] {8}), new int[] {1, 0, 2});

  /** Values 0 to 11 in 2 rows of 3 steps of 2 features. */
  private static final Tensor X = Tensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2, 3, 2);

  private static final Tensor Y = Tensor.of(new float[] {0.5f, 1.5f}, 2, 1);

  @Test
  void tokensAreTimeMajorAndPaddedToTheLongest() {
    Batch batch = TOKENS.batch(new int[] {2, 0});
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.steps()).isEqualTo(3);
    assertThat(batch.tokens()).containsExactly(8, 5, 0, 6, 0, 7);
    assertThat(batch.lengths()).containsExactly(1, 3);
    assertThat(batch.classes()).containsExactly(2, 1);
    assertThat(batch.features()).isNull();
    assertThat(batch.targets()).isNull();
    assertThat(batch.featureCount()).isZero();
  }

  @Test
  void anEmptySequenceStillHasAStepOfPadding() {
    Batch batch = TOKENS.batch(new int[] {1});
    assertThat(batch.steps()).isEqualTo(1);
    assertThat(batch.tokens()).containsExactly(0);
    assertThat(batch.lengths()).containsExactly(0);
  }

  @Test
  void subsetsAreInTheGivenOrder() {
    TokenDataset subset = TOKENS.subset(new int[] {2, 0});
    assertThat(subset.size()).isEqualTo(2);
    assertThat(subset.length(0)).isEqualTo(1);
    assertThat(subset.sequence(1)).containsExactly(5, 6, 7);
    assertThat(subset.classes()).containsExactly(2, 1);
    assertThat(new TokenDataset(List.of(new int[] {1}), null).subset(new int[] {0}).classes()).isNull();
  }

  @Test
  void tokensAreChecked() {
    assertThatThrownBy(() -> new TokenDataset(List.of(new int[] {1}, new int[] {3, 0}), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TokenDataset: word numbers must be at least 1, got 0 in row 1; leave padding out,"
            + " batches add it by themselves");
    assertThatThrownBy(() -> new TokenDataset(List.of(new int[] {1}), new int[] {0, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TokenDataset: there must be as many classes as rows, got 2 for 1 rows");
    assertThatThrownBy(() -> new TokenDataset(List.of(new int[] {1}), new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TokenDataset: classes must be numbers from 0, got -1 in row 0");
  }

  @Test
  void featuresAreTimeMajor() {
    Batch batch = TensorDataset.of(X, Y).batch(new int[] {1, 0});
    assertThat(batch.steps()).isEqualTo(3);
    assertThat(batch.featureCount()).isEqualTo(2);
    assertThat(batch.features()).containsExactly(6, 7, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5);
    assertThat(batch.targets()).containsExactly(1.5f, 0.5f);
    assertThat(batch.targetCount()).isEqualTo(1);
    assertThat(batch.lengths()).containsExactly(3, 3);
    assertThat(batch.tokens()).isNull();
    assertThat(batch.classes()).isNull();
  }

  @Test
  void whatLiesBeyondALengthIsPadding() {
    TensorDataset data = TensorDataset.ofClasses(X, new int[] {1, 0}).withLengths(new int[] {2, 0});
    Batch both = data.batch(new int[] {0, 1});
    assertThat(both.steps()).isEqualTo(2);
    assertThat(both.features()).containsExactly(0, 1, 0, 0, 2, 3, 0, 0);
    assertThat(both.classes()).containsExactly(1, 0);
    Batch empty = data.batch(new int[] {1});
    assertThat(empty.steps()).isEqualTo(1);
    assertThat(empty.features()).containsExactly(0, 0);
  }

  @Test
  void rowsWithoutStepsHaveOne() {
    TensorDataset data = TensorDataset.of(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2), null);
    Batch batch = data.batch(new int[] {1, 0});
    assertThat(batch.steps()).isEqualTo(1);
    assertThat(batch.lengths()).containsExactly(1, 1);
    assertThat(batch.features()).containsExactly(3, 4, 1, 2);
  }

  @Test
  void imagesHaveNoStepsAndSequencesOfImagesHave() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2, 1);
    TensorDataset images = TensorDataset.ofClasses(x, new int[] {1, 0}).withoutSteps();
    assertThat(images.featureCount()).isEqualTo(6);
    Batch batch = images.subset(new int[] {1, 0}).batch(new int[] {1, 0});
    assertThat(batch.steps()).isEqualTo(1);
    assertThat(batch.features()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    TensorDataset clips = TensorDataset.of(x, null);
    assertThat(clips.featureCount()).isEqualTo(2);
    assertThat(clips.batch(new int[] {1, 0}).features()).containsExactly(7, 8, 1, 2, 9, 10, 3, 4, 11, 12, 5, 6);
  }

  @Test
  void tensorSubsetGivesTheSameBatches() {
    TensorDataset data = TensorDataset.of(X, Y).withLengths(new int[] {2, 3});
    TensorDataset subset = data.subset(new int[] {1});
    assertThat(subset.size()).isEqualTo(1);
    assertThat(subset.length(0)).isEqualTo(3);
    Batch batch = subset.batch(new int[] {0});
    assertThat(batch.features()).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(batch.targets()).containsExactly(1.5f);
    assertThat(data.subset(new int[0]).size()).isZero();
  }

  @Test
  void tensorsAreChecked() {
    assertThatThrownBy(() -> TensorDataset.of(Tensor.zeros(4), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: x must be [rows,steps,features] or [rows,features], got [4]");
    assertThatThrownBy(() -> TensorDataset.of(X, Tensor.zeros(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: y must be [rows,values], or [rows,steps,values] with the steps of x, got"
            + " [2] for x [2, 3, 2]; a single value is [rows,1]");
    assertThatThrownBy(() -> TensorDataset.of(X, Tensor.zeros(3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: there must be as many targets as rows, got 3 for 2 rows");
    assertThatThrownBy(() -> TensorDataset.of(X, Y).withLengths(new int[] {4, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: lengths must be from 0 to the 3 steps of x, got 4");
  }

  @Test
  void batchesAreChecked() {
    assertThatThrownBy(() -> new Batch(2, new int[3], null, new int[] {1, 2}, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Batch: tokens must be [T,B], got B=2, T=2");
    assertThatThrownBy(() -> new Batch(1, null, null, new int[] {1}, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Batch: must have either tokens or features, got B=1, T=1");
    assertThatThrownBy(() -> new Batch(1, new int[1], null, new int[] {2}, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Batch: lengths must be from 0 to the number of steps, got B=1, T=1");
    assertThatThrownBy(() -> TOKENS.batch(new int[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Batch: must have at least one row and one step, got B=0, T=1");
  }

  @Test
  void featuresMayHaveTargetsAtEachStep() {
    Tensor y = Tensor.of(new float[] {10, 11, 12, 13, 14, 15}, 2, 3, 1);
    TensorDataset data = TensorDataset.of(X, y).withLengths(new int[] {2, 3});
    Batch batch = data.batch(new int[] {0, 1});
    assertThat(batch.targets()).containsExactly(10, 13, 11, 14, 0, 15);
    assertThat(data.subset(new int[] {1, 0}).batch(new int[] {1, 0}).targets()).isEqualTo(batch.targets());
    assertThat(data.batch(new int[] {0}).targets()).as("cut to the longest").containsExactly(10, 11);
    assertThatThrownBy(() -> TensorDataset.of(X, Tensor.zeros(2, 2, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: y must be [rows,values], or [rows,steps,values] with the steps of x, got"
            + " [2, 2, 1] for x [2, 3, 2]; a single value is [rows,1]");
  }

  @Test
  void featuresMayHaveAClassAtEachStep() {
    TensorDataset data = TensorDataset.ofStepClasses(X, new int[][] {{1, 2, 3}, {4, 5, 6}});
    assertThat(data.classes()).isNull();
    Batch batch = data.withLengths(new int[] {1, 3}).batch(new int[] {1, 0});
    assertThat(batch.classes()).containsExactly(4, 1, 5, 0, 6, 0);
    assertThat(data.subset(new int[] {1}).batch(new int[] {0}).classes()).containsExactly(4, 5, 6);
    assertThatThrownBy(() -> TensorDataset.ofStepClasses(X, new int[][] {{1, 2, 3}, {4, 5}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: there must be a class at each of the 3 steps of x, got 2");
    assertThatThrownBy(() -> TensorDataset.ofStepClasses(X, new int[][] {{1, 2, 3}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TensorDataset: there must be as many classes as rows, got 1 for 2 rows");
  }

  @Test
  void wordsMayHaveAClassEach() {
    TokenDataset data = TokenDataset.ofStepClasses(
        List.of(new int[] {5, 6}, new int[] {}, new int[] {7}),
        List.of(new int[] {1, 2}, new int[] {}, new int[] {3}));
    assertThat(data.classes()).isNull();
    assertThat(data.batch(new int[] {2, 0, 1}).classes()).containsExactly(3, 1, 0, 0, 2, 0);
    assertThat(data.subset(new int[] {0}).batch(new int[] {0}).classes()).containsExactly(1, 2);
    assertThatThrownBy(() -> TokenDataset.ofStepClasses(List.of(new int[] {5, 6}), List.of(new int[] {1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TokenDataset: there must be a class at each word, got 1 for 2 words in row 0");
  }
}

package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class WordDropoutTest {
  private static Batch batch(int steps, int rows) {
    int[] tokens = new int[steps * rows];
    int[] lengths = new int[rows];
    for (int b = 0; b < rows; b++) {
      lengths[b] = steps - b % steps;
      for (int t = 0; t < lengths[b]; t++) {
        tokens[t * rows + b] = 2 + t;
      }
    }
    return new Batch(steps, tokens, null, lengths, new int[rows], null);
  }

  private static int[] tokens(Batch batch) {
    return Objects.requireNonNull(batch.tokens());
  }

  @Test
  void makesTheRightShareOfWordsUnknownAndNothingElse() {
    Batch before = batch(50, 200);
    int[] original = tokens(before).clone();
    Batch after = new WordDropout(0.3).change(before, 7);
    assertThat(before.tokens()).isEqualTo(original);
    int[] changed = tokens(after);
    int words = 0;
    int unknown = 0;
    for (int i = 0; i < original.length; i++) {
      if (original[i] == Vocabulary.PADDING) {
        assertThat(changed[i]).isEqualTo(Vocabulary.PADDING);
      } else {
        words++;
        unknown += changed[i] == Vocabulary.UNKNOWN ? 1 : 0;
        assertThat(changed[i]).isIn(Vocabulary.UNKNOWN, original[i]);
      }
    }
    assertThat((double) unknown / words).isBetween(0.28, 0.32);
    assertThat(after.lengths()).isEqualTo(before.lengths());
    assertThat(after.classes()).isEqualTo(before.classes());
  }

  @Test
  void dependsOnTheKeyAlone() {
    WordDropout dropout = new WordDropout(0.5);
    assertThat(dropout.change(batch(9, 5), 1).tokens()).isEqualTo(dropout.change(batch(9, 5), 1).tokens());
    assertThat(dropout.change(batch(9, 5), 1).tokens()).isNotEqualTo(dropout.change(batch(9, 5), 2).tokens());
  }

  @Test
  void refusesWhatItCannotDo() {
    assertThatThrownBy(() -> new WordDropout(1)).hasMessage("WordDropout: rate must be from 0 to below 1, got 1.0");
    Batch features = new Batch(1, null, new float[] {1}, new int[] {1}, null, null);
    assertThatThrownBy(() -> new WordDropout(0.1).change(features, 1))
        .hasMessage("WordDropout: batch must be of tokens, got features");
  }
}

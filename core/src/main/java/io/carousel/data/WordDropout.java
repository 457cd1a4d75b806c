package io.carousel.data;

import io.carousel.tensor.CounterRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes words unknown: each word of a text, with a probability, becomes {@link Vocabulary#UNKNOWN}.
 *
 * <p>A model then cannot rely on a rare word that gives a training text away, and learns what to make of
 * the unknown ones that it will meet.
 *
 * <p>Source: Iyyer, Manjunatha, Boyd-Graber, Daumé: Deep unordered composition rivals syntactic methods for
 * text classification, 2015, section 3.2. <i>Differs from the source</i>: there the words are left out.
 *
 * @param rate the probability, 0 to below 1
 */
public record WordDropout(double rate) implements Augmentation {
  public WordDropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("WordDropout: rate must be from 0 to below 1, got " + rate);
    }
  }

  @Override
  public Batch change(Batch batch, long key) {
    int @Nullable [] tokens = batch.tokens();
    if (tokens == null) {
      throw new IllegalArgumentException("WordDropout: batch must be of tokens, got features");
    }
    if (rate == 0) {
      return batch;
    }
    int[] changed = tokens.clone();
    long stream = CounterRandom.key(key, "words");
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] != Vocabulary.PADDING && CounterRandom.uniform(stream, i) < rate) {
        changed[i] = Vocabulary.UNKNOWN;
      }
    }
    return new Batch(batch.steps(), changed, null, batch.lengths(), batch.classes(), batch.targets());
  }
}

package io.carousel.bench;

import io.carousel.data.Batch;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Loss;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Batches of made-up data. */
final class MadeUp {
  /** The seed of all that is random, parameters too. */
  static final long SEED = 7;

  /** Words in the made-up texts are numbered from 1 to this less one. */
  static final int WORDS = 10_000;

  private MadeUp() {}

  /**
   * Sequences of full length with targets that suit the model: one a row, or one a step.
   *
   * @param loss what the targets are for; null for none
   */
  static Batch batch(Model model, int steps, int rows, @Nullable Loss loss) {
    boolean tokens = model.input().kind() == Input.Kind.TOKENS;
    int targets = model.inference().shape().rank() == 3 ? steps * rows : rows;
    boolean classes = loss != null && loss.classifies();
    boolean values = loss != null && !loss.classifies();
    int[] lengths = new int[rows];
    Arrays.fill(lengths, steps);
    return new Batch(
        steps,
        tokens ? whole("tokens", steps * rows, 1, WORDS) : null,
        tokens ? null : values("features", steps * rows * model.input().features()),
        lengths,
        classes ? whole("classes", targets, 0, Math.max(2, model.outputs())) : null,
        values ? values("targets", targets * model.outputs()) : null);
  }

  private static int[] whole(String stream, int count, int from, int to) {
    long key = CounterRandom.key(SEED, stream);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = from + CounterRandom.below(to - from, key, i);
    }
    return numbers;
  }

  private static float[] values(String stream, int count) {
    long key = CounterRandom.key(SEED, stream);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = CounterRandom.uniform(key, i) - 0.5f;
    }
    return values;
  }
}

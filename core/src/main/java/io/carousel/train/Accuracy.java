package io.carousel.train;

import io.carousel.data.Batch;
import org.jspecify.annotations.Nullable;

/** Counts the rows whose class was found. */
public final class Accuracy {
  private Accuracy() {}

  /**
   * The number of rows whose most probable class is the right one.
   *
   * <p>A single output is the logit of class 1, found where it is above 0. Of several outputs the largest
   * counts, the first of equals; where the targets are values, it must be where their largest is. Several
   * outputs under {@link Loss#BINARY_CROSS_ENTROPY} are labels of their own: a row counts if all of them are
   * right.
   *
   * @param loss says what the logits mean
   * @param logits [B,K]
   * @param batch has the classes or target values
   */
  public static int correct(Loss loss, float[] logits, Batch batch) {
    if (!loss.classifies()) {
      return 0;
    }
    int rows = batch.rows();
    int outputs = logits.length / rows;
    int[] classes = batch.classes();
    float[] targets = batch.targets();
    int correct = 0;
    for (int row = 0; row < rows; row++) {
      int from = row * outputs;
      boolean right;
      if (loss == Loss.BINARY_CROSS_ENTROPY) {
        right = labels(logits, from, outputs, classes == null ? -1 : classes[row], targets);
      } else {
        int wanted = classes == null ? largest(targets, from, outputs) : classes[row];
        right = largest(logits, from, outputs) == wanted;
      }
      correct += right ? 1 : 0;
    }
    return correct;
  }

  private static boolean labels(
      float[] logits, int from, int count, int ofClass, float @Nullable [] targets) {
    for (int i = from; i < from + count; i++) {
      boolean wanted = ofClass == 1;
      if (ofClass < 0 && targets != null) {
        wanted = targets[i] > 0.5f;
      }
      if ((logits[i] > 0) != wanted) {
        return false;
      }
    }
    return true;
  }

  private static int largest(float @Nullable [] values, int from, int count) {
    if (values == null) {
      return -1;
    }
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[from + i] > values[from + best]) {
        best = i;
      }
    }
    return best;
  }
}

package io.carousel.data;

import org.jspecify.annotations.Nullable;

/**
 * A single made sequence with what is to be learned of it: what a {@link GeneratedDataset} is made of.
 *
 * @param length the number of steps T; may be 0
 * @param features [T,F]
 * @param classes the class alone, or those of the steps [T], or null
 * @param targets values [K], or [T,K] for some at each step, or null
 * @param eachStep true if classes or targets stand at each step
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
public record Sample(
    int length, float[] features, int @Nullable [] classes, float @Nullable [] targets, boolean eachStep) {
  public Sample {
    int places = eachStep ? length : 1;
    if (length < 0 || (length == 0 ? features.length > 0 : features.length == 0 || features.length % length > 0)) {
      throw new IllegalArgumentException(
          "Sample: features must be [T,F], got " + features.length + " values for " + length + " steps");
    }
    if (classes != null && classes.length != places
        || targets != null && places > 0 && targets.length % places > 0) {
      throw new IllegalArgumentException(
          "Sample: there must be " + (eachStep ? "a target at each of the " + length + " steps" : "one class")
              + ", got " + (classes != null ? classes.length : targets == null ? 0 : targets.length));
    }
    Checks.notNegative("Sample", classes);
  }

  /** A sequence with a class. */
  public static Sample ofClass(int length, float[] features, int id) {
    return new Sample(length, features, new int[] {id}, null, false);
  }

  /** A sequence with a class at each step, [T]. */
  public static Sample ofStepClasses(int length, float[] features, int[] classes) {
    return new Sample(length, features, classes, null, true);
  }

  /** A sequence with target values, [K]. */
  public static Sample ofValues(int length, float[] features, float... targets) {
    return new Sample(length, features, null, targets, false);
  }

  /** A sequence with target values at each step, [T,K]. */
  public static Sample ofStepValues(int length, float[] features, float[] targets) {
    return new Sample(length, features, null, targets, true);
  }
}

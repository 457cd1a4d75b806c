package io.carousel.data;

import io.carousel.tensor.CounterRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sequences that are made when they are asked for: row i is a function of the seed and i, and is not kept.
 *
 * <pre>
 *   Dataset train = GeneratedDataset.of(2, 1_000, 7, key -> Sample.ofValues(…)).endless();
 *   trainer.fit(train, Fit.epochs(74).batchSize(20)); // 74,000 sequences, none of them twice
 * </pre>
 *
 * A row is made once for its length and once for its batch, which costs little beside training on it.
 */
public final class GeneratedDataset implements Dataset {
  /** Makes a sequence; the same for the same key. */
  @FunctionalInterface
  public interface Generator {
    /**
     * A sequence.
     *
     * @param key a random key of its own, for {@link CounterRandom}
     */
    Sample make(long key);
  }

  private final int features;
  private final Generator generator;
  private final long key;
  /** Where this data set begins in the stream of all rows. */
  private final long first;
  /** The rows of a subset, counted from {@link #first}; null for all of them. */
  private final int @Nullable [] rows;
  /** The number of rows, of a subset those of the data set that it is of. */
  private final int whole;
  private final boolean endless;

  private GeneratedDataset(
      int features, Generator generator, long key, long first, int @Nullable [] rows, int whole,
      boolean endless) {
    this.features = features;
    this.generator = generator;
    this.key = key;
    this.first = first;
    this.rows = rows;
    this.whole = whole;
    this.endless = endless;
  }

  /**
   * The first rows of the stream of a seed, the same at each epoch.
   *
   * @param features F of the samples
   * @param size the number of rows
   * @throws IllegalArgumentException if there are no features or rows
   */
  public static GeneratedDataset of(int features, int size, long seed, Generator generator) {
    if (features < 1 || size < 1) {
      throw new IllegalArgumentException(
          "GeneratedDataset: there must be at least one feature and one row, got " + features + " and " + size);
    }
    return new GeneratedDataset(
        features, generator, CounterRandom.key(seed, "samples"), 0, null, size, false);
  }

  /** The same, but each epoch has the rows that follow those of the epoch before. */
  public GeneratedDataset endless() {
    return new GeneratedDataset(features, generator, key, first, rows, whole, true);
  }

  @Override
  public GeneratedDataset epoch(int epoch) {
    long from = endless ? first + (epoch - 1L) * whole : first;
    return new GeneratedDataset(features, generator, key, from, rows, whole, endless);
  }

  @Override
  public int size() {
    return rows == null ? whole : rows.length;
  }

  /** A row. */
  public Sample sample(int row) {
    long at = first + (rows == null ? row : rows[row]);
    return generator.make(CounterRandom.key(key, at));
  }

  @Override
  public int length(int row) {
    return sample(row).length();
  }

  /** Null: classes are not known before rows are made. */
  @Override
  public int @Nullable [] classes() {
    return null;
  }

  @Override
  public Batch batch(int[] of) {
    int count = of.length;
    Sample[] samples = Arrays.stream(of).mapToObj(this::sample).toArray(Sample[]::new);
    int[] lengths = new int[count];
    int longest = 1;
    for (int b = 0; b < count; b++) {
      lengths[b] = samples[b].length();
      longest = Math.max(longest, lengths[b]);
      check(samples[b], samples[0]);
    }
    float[] values = new float[Math.multiplyExact(longest * count, features)];
    for (int b = 0; b < count; b++) {
      Checks.timeMajor(samples[b].features(), 0, lengths[b], features, values, b, count);
    }
    return new Batch(
        longest, null, values, lengths, classes(samples, lengths, longest), targets(samples, lengths, longest));
  }

  private static int @Nullable [] classes(Sample[] samples, int[] lengths, int longest) {
    if (samples[0].classes() == null) {
      return null;
    }
    int[][] each = Arrays.stream(samples).map(Sample::classes).toArray(int[][]::new);
    return samples[0].eachStep() ? Checks.timeMajor(each, lengths, longest)
        : Arrays.stream(each).mapToInt(one -> one[0]).toArray();
  }

  private static float @Nullable [] targets(Sample[] samples, int[] lengths, int longest) {
    int count = samples.length;
    int width = 0;
    for (Sample sample : samples) {
      width = Math.max(width, width(sample));
    }
    if (samples[0].targets() == null) {
      return null;
    }
    boolean eachStep = samples[0].eachStep();
    float[] batch = new float[Math.multiplyExact((eachStep ? longest : 1) * count, width)];
    for (int b = 0; b < count; b++) {
      float[] own = samples[b].targets();
      if (own != null) {
        Checks.timeMajor(own, 0, eachStep ? lengths[b] : 1, width, batch, b, count);
      }
    }
    return batch;
  }

  /** K; 0 where there are no values. */
  private static int width(Sample sample) {
    float[] targets = sample.targets();
    return targets == null || targets.length == 0 ? 0 : targets.length / (sample.eachStep() ? sample.length() : 1);
  }

  private void check(Sample sample, Sample other) {
    if (sample.features().length != sample.length() * features) {
      throw new IllegalArgumentException(
          "GeneratedDataset: samples must have " + features + " features a step, got "
              + sample.features().length + " values for " + sample.length() + " steps");
    }
    boolean alike = (sample.classes() == null) == (other.classes() == null)
        && (sample.targets() == null) == (other.targets() == null) && sample.eachStep() == other.eachStep()
        && (width(sample) == width(other) || sample.length() == 0 || other.length() == 0);
    if (!alike) {
      throw new IllegalArgumentException(
          "GeneratedDataset: all samples must have classes or targets alike, got samples that differ");
    }
  }

  @Override
  public GeneratedDataset subset(int[] of) {
    int[] chosen = rows == null ? of.clone() : Checks.pick(rows, of);
    return new GeneratedDataset(features, generator, key, first, chosen, whole, endless);
  }

  @Override
  public String toString() {
    return "GeneratedDataset(" + size() + " rows of [T," + features + "]" + (endless ? " an epoch)" : ")");
  }
}

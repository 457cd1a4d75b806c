package io.carousel.data;

import io.carousel.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One long sequence, cut into lanes that lie side by side, and these into pieces of some steps: for truncated
 * backpropagation through time.
 *
 * <pre>
 *   stream a b c d e f g h i j k l, 2 lanes, pieces of 3 steps
 *   batch 1: a b c   batch 2: d e f      each row goes on where the row at its place in the batch before ended
 *            g h i            j k l
 * </pre>
 *
 * A trainer, an evaluator and a predictor take the batches in this order, each of as many rows as there are lanes
 * whatever their batch size, and carry what recurrent layers remember from one to the next; at the start of each
 * pass it is fresh. The last pieces may be shorter; fewer steps than lanes, those at the end that do not fill one more
 * step of every lane, are left out. Arrays are not copied.
 *
 * <p>Source: Zaremba, Sutskever, Vinyals: Recurrent neural network regularization, 2014, section 4.1.
 */
public final class StreamDataset implements Dataset {
  private final int @Nullable [] tokens;
  private final @Nullable Tensor x;
  private final int @Nullable [] classes;
  /** Where in {@link #classes} the first step has its class: 1 where the next word is to be learned. */
  private final int ahead;

  private final @Nullable Tensor y;
  private final int lanes;
  private final int steps;
  /** The steps of a lane. */
  private final int lane;
  /** The pieces of a subset, each on its own; null for all of them, in lanes. */
  private final int @Nullable [] rows;

  private StreamDataset(
      int @Nullable [] tokens, @Nullable Tensor x, int @Nullable [] classes, int ahead, @Nullable Tensor y,
      int lanes, int steps, int lane, int @Nullable [] rows) {
    this.tokens = tokens;
    this.x = x;
    this.classes = classes;
    this.ahead = ahead;
    this.y = y;
    this.lanes = lanes;
    this.steps = steps;
    this.lane = lane;
    this.rows = rows;
  }

  private static int lane(int length, int lanes, int steps) {
    if (lanes < 1 || steps < 1 || length < lanes) {
      throw new IllegalArgumentException(
          "StreamDataset: there must be at least one lane, one step a piece and one step a lane, got " + lanes
              + " lanes and pieces of " + steps + " for " + Math.max(0, length) + " steps");
    }
    return length / lanes;
  }

  /**
   * Word numbers of which at each step the next one is to be learned.
   *
   * @param stream word numbers from 1 on
   * @param lanes B, the rows of each batch
   * @param steps T, the steps of a piece
   * @throws IllegalArgumentException if there are too few words for the lanes, or a number is too small
   */
  public static StreamDataset ofTokens(int[] stream, int lanes, int steps) {
    for (int at = 0; at < stream.length; at++) {
      if (stream[at] < Vocabulary.UNKNOWN) {
        throw new IllegalArgumentException(
            "StreamDataset: word numbers must be at least 1, got " + stream[at] + " at place " + at);
      }
    }
    return new StreamDataset(
        stream, null, stream, 1, null, lanes, steps, lane(stream.length - 1, lanes, steps), null);
  }

  /**
   * A series with target values at each step.
   *
   * @param x [N,F], or any other arrays at each step, [N,h,w,c]
   * @param y [N,K]
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public static StreamDataset of(Tensor x, Tensor y, int lanes, int steps) {
    Checks.sameSize("StreamDataset", "targets", stepsOf(x), stepsOf(y));
    return new StreamDataset(null, x, null, 0, y, lanes, steps, lane(x.size(0), lanes, steps), null);
  }

  /** A series with a class at each step, from 0 on; as {@link #of}. */
  public static StreamDataset ofClasses(Tensor x, int[] classes, int lanes, int steps) {
    Checks.sameSize("StreamDataset", "classes", stepsOf(x), classes.length);
    Checks.notNegative("StreamDataset", classes);
    return new StreamDataset(null, x, classes, 0, null, lanes, steps, lane(x.size(0), lanes, steps), null);
  }

  private static int stepsOf(Tensor series) {
    if (series.rank() < 2 || series.values().length == 0) {
      throw new IllegalArgumentException(
          "StreamDataset: a series must be [steps,features], got " + java.util.Arrays.toString(series.sizes()));
    }
    return series.size(0);
  }

  /** The same pieces each on its own: shuffled while training, with nothing carried from one to another. */
  public StreamDataset apart() {
    return subset(IntStream.range(0, size()).toArray());
  }

  @Override
  public int lanes() {
    return rows == null ? lanes : 0;
  }

  @Override
  public int size() {
    return rows == null ? lanes * Math.ceilDiv(lane, steps) : rows.length;
  }

  @Override
  public int length(int row) {
    int piece = (rows == null ? row : rows[row]) / lanes;
    return Math.min(steps, lane - piece * steps);
  }

  /** Where in the stream a row begins. */
  private int from(int row) {
    int piece = rows == null ? row : rows[row];
    return piece % lanes * lane + piece / lanes * steps;
  }

  /** Null: classes stand at steps. */
  @Override
  public int @Nullable [] classes() {
    return null;
  }

  @Override
  public Batch batch(int[] of) {
    int[] lengths = new int[of.length];
    int longest = 1;
    for (int b = 0; b < of.length; b++) {
      lengths[b] = length(of[b]);
      longest = Math.max(longest, lengths[b]);
    }
    return new Batch(
        longest, whole(tokens, 0, of, lengths, longest), numbers(x, of, lengths, longest), lengths,
        whole(classes, ahead, of, lengths, longest), numbers(y, of, lengths, longest));
  }

  /** Pieces of whole numbers side by side, [longest,B]. */
  private int @Nullable [] whole(int @Nullable [] all, int later, int[] of, int[] lengths, int longest) {
    if (all == null) {
      return null;
    }
    int[] batch = new int[Math.multiplyExact(longest, of.length)];
    for (int b = 0; b < of.length; b++) {
      int from = from(of[b]) + later;
      for (int t = 0; t < lengths[b]; t++) {
        batch[t * of.length + b] = all[from + t];
      }
    }
    return batch;
  }

  /** Pieces of a series side by side, [longest,B,…]. */
  private float @Nullable [] numbers(@Nullable Tensor all, int[] of, int[] lengths, int longest) {
    if (all == null) {
      return null;
    }
    int width = all.values().length / all.size(0);
    float[] batch = new float[Math.multiplyExact(longest * of.length, width)];
    for (int b = 0; b < of.length; b++) {
      Checks.timeMajor(all.values(), from(of[b]) * width, lengths[b], width, batch, b, of.length);
    }
    return batch;
  }

  /** Some of the pieces, each on its own. */
  @Override
  public StreamDataset subset(int[] of) {
    return new StreamDataset(
        tokens, x, classes, ahead, y, lanes, steps, lane, rows == null ? of.clone() : Checks.pick(rows, of));
  }

  @Override
  public String toString() {
    return "StreamDataset(" + (rows == null ? lanes + " lanes of " + lane + " steps" : rows.length + " pieces")
        + ", pieces of " + steps + ")";
  }
}

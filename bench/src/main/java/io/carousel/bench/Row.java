package io.carousel.bench;

import io.carousel.store.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one shape, beside one peer or none.
 *
 * @param shape its short name
 * @param ours milliseconds of each step
 * @param peer the peer's name, or null
 * @param theirs milliseconds of each step of the peer, or null
 * @param work floating-point operations of a step
 * @param limit the machine's limit, in 10⁹ operations a second
 */
record Row(
    String shape, Times ours, @Nullable String peer, @Nullable Times theirs, double work, double limit) {

  /** The median step, in milliseconds. */
  double milliseconds() {
    return ours.median();
  }

  double smallest() {
    return ours.smallest();
  }

  /** The median step over the peer's; smaller is better. Not a number without a peer. */
  double ratio() {
    return theirs == null ? Double.NaN : milliseconds() / theirs.median();
  }

  /** The smallest step over the peer's, on a noisy machine the steadier of the two. */
  double ratioOfSmallest() {
    return theirs == null ? Double.NaN : smallest() / theirs.smallest();
  }

  /** Operations of products, in 10⁹ a second, in the median step. */
  double gflops() {
    return work / milliseconds() * 1e-6;
  }

  /** The part of the limit that this is. */
  double limitShare() {
    return gflops() / limit;
  }

  JsonObject json() {
    return new JsonObject()
        .put("shape", shape)
        .put("ms", rounded(milliseconds()))
        .put("ms_min", rounded(smallest()))
        .put("steps", ours.count())
        .put("peer", peer)
        .put("peer_ms", theirs == null ? null : rounded(theirs.median()))
        .put("peer_ms_min", theirs == null ? null : rounded(theirs.smallest()))
        .put("ratio", theirs == null ? null : rounded(ratio()))
        .put("ratio_min", theirs == null ? null : rounded(ratioOfSmallest()))
        .put("gflop", rounded(work * 1e-9))
        .put("gflops", rounded(gflops()))
        .put("limit_share", rounded(limitShare()));
  }

  /** To four digits: more are noise. */
  static double rounded(double value) {
    return value == 0 ? 0 : new java.math.BigDecimal(value).round(new java.math.MathContext(4)).doubleValue();
  }
}

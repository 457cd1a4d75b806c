package io.carousel.bench;

import io.carousel.store.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one job, beside one peer or none; in the unit of the suite, milliseconds or MB.
 *
 * @param suite whose job it is
 * @param shape its short name
 * @param ours what was measured of ours
 * @param peer the peer's name, or null
 * @param theirs what was measured of the peer, or null
 * @param work floating-point operations; not a number where they are not counted
 * @param limit the machine's limit, in 10⁹ operations a second
 * @param toLstm for a cell our median over that of our LSTM of the same size, in turns with it; else not a number
 */
record Row(
    Suite suite, String shape, Times ours, @Nullable String peer, @Nullable Times theirs, double work, double limit,
    double toLstm) {

  /** The same beside a peer. */
  Row beside(String name, Times measured) {
    return new Row(suite, shape, ours, name, measured, work, limit, toLstm);
  }

  /** Our median over the peer's; smaller is better. Not a number without a peer. */
  double ratio() {
    return theirs == null ? Double.NaN : ours.median() / theirs.median();
  }

  /** Our smallest over the peer's, on a noisy machine the steadier of the two. */
  double ratioOfSmallest() {
    return theirs == null ? Double.NaN : ours.smallest() / theirs.smallest();
  }

  /** Operations of products, in 10⁹ a second, by the median. Not a number where they are not counted. */
  double gflops() {
    return suite.inSteps() ? work / ours.median() * 1e-6 : Double.NaN;
  }

  /** The part of the limit that this is. */
  double limitShare() {
    return gflops() / limit;
  }

  JsonObject json() {
    String unit = suite.unit();
    JsonObject json =
        new JsonObject()
            .put("suite", suite.toString())
            .put("shape", shape)
            .put(unit, rounded(ours.median()))
            .put(unit + "_min", rounded(ours.smallest()))
            .put("count", ours.count())
            .put("peer", peer)
            .put("peer_" + unit, theirs == null ? null : rounded(theirs.median()))
            .put("peer_" + unit + "_min", theirs == null ? null : rounded(theirs.smallest()))
            .put("ratio", rounded(ratio()))
            .put("ratio_min", rounded(ratioOfSmallest()));
    if (suite.inSteps()) {
      json.put("gflop", rounded(work * 1e-9)).put("gflops", rounded(gflops()))
          .put("limit_share", rounded(limitShare()));
    }
    if (suite == Suite.CELLS) {
      json.put("to_lstm", rounded(toLstm));
    }
    return json;
  }

  /** To four digits: more are noise. Null if it is not a number. */
  static @Nullable Double rounded(double value) {
    return Double.isNaN(value) ? null : value == 0 ? Double.valueOf(0)
        : Double.valueOf(new BigDecimal(value).round(new MathContext(4)).doubleValue());
  }
}

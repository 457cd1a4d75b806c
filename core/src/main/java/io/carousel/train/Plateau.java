package io.carousel.train;

/**
 * Lowers the learning rate where a run no longer gets better: once {@code patience} epochs in a row were not
 * better than the best so far, the rate is multiplied by {@code factor}, and the counting begins anew.
 *
 * <p>What counts is the validation figure that {@link Fit#monitor} names, or without validation data the training
 * loss. The factor holds for one call of {@code fit} and multiplies that of the {@link Schedule}.
 *
 * <p>Source: Keras's {@code ReduceLROnPlateau}. Differs from the source: any improvement counts, however small.
 *
 * @param factor what the rate is multiplied by, above 0 and below 1
 * @param patience the epochs, at least 1
 * @param lowest the product of all factors does not fall below this, from 0 to 1
 */
public record Plateau(double factor, int patience, double lowest) {
  public Plateau {
    if (!(factor > 0 && factor < 1) || patience < 1 || !(lowest >= 0 && lowest <= 1)) {
      throw new IllegalArgumentException(
          "Plateau: the factor must be above 0 and below 1, the patience at least 1 and the lowest factor from 0"
              + " to 1, got " + factor + ", " + patience + " and " + lowest);
    }
  }

  /** Without a lowest factor. */
  public Plateau(double factor, int patience) {
    this(factor, patience, 0);
  }

  /** A plateau watched over a run. */
  static final class Watch {
    private final Plateau plateau;
    private double best = Double.POSITIVE_INFINITY;
    private int since;
    private double product = 1;

    Watch(Plateau plateau) {
      this.plateau = plateau;
    }

    /** Takes note of an epoch's figure, of which less is better. */
    void epoch(double figure) {
      if (figure < best) {
        best = figure;
        since = 0;
      } else if (++since == plateau.patience) {
        product = Math.max(plateau.lowest, product * plateau.factor);
        since = 0;
      }
    }

    /** What the learning rate is multiplied by now. */
    double factor() {
      return product;
    }
  }
}

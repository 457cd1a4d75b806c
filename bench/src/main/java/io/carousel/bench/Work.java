package io.carousel.bench;

import io.carousel.layer.Activation;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Input;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Model;

/**
 * Counts the floating-point operations of a training step that cannot be avoided.
 *
 * <p>Only matrix products count, a multiplication and an addition as two. A product of the forward pass has two
 * more in the backward pass, by its weights and by its input, but for the input where that is data, whose
 * gradient nobody needs. Activations, loss and optimizer are not counted though they take time, so a share of
 * the limit computed from this never flatters.
 */
final class Work {
  private final long rows;
  private final long steps;
  private double operations;
  private long features;
  private boolean sequence;
  /** True if what flows to the next layer depends on parameters, so that it has a gradient. */
  private boolean learned;

  private Work(Model model, int rows, int steps) {
    this.rows = rows;
    this.steps = steps;
    this.features = model.input().features();
    this.sequence = model.input().kind() != Input.Kind.VECTOR;
  }

  /** Floating-point operations of forward and backward pass over {@code rows} sequences of {@code steps}. */
  static double ofTrainingStep(Model model, int rows, int steps) {
    Work work = new Work(model, rows, steps);
    model.layers().forEach(work::add);
    return work.operations;
  }

  private void add(Layer layer) {
    switch (layer) {
      case Embedding e -> {
        features = e.dimension();
        learned = e.trainable();
      }
      case Lstm l -> {
        lstm(l.units());
        leave(l.units(), l.sequences());
      }
      case Bidirectional b when b.layer() instanceof Lstm l -> {
        lstm(l.units());
        lstm(l.units());
        leave(2L * l.units(), l.sequences());
      }
      case Dense d -> {
        product(features, d.units(), learned);
        leave(d.units(), sequence);
      }
      case Dropout _, Activation _ -> {}
      default -> throw new IllegalArgumentException("Work: does not know how much work " + layer + " is");
    }
  }

  private void lstm(long units) {
    product(features, 4 * units, learned);
    product(units, 4 * units, true);
  }

  private void product(long inputs, long outputs, boolean byInput) {
    operations += 2.0 * rows * (sequence ? steps : 1) * inputs * outputs * (byInput ? 3 : 2);
  }

  private void leave(long newFeatures, boolean asSequence) {
    features = newFeatures;
    sequence = asSequence;
    learned = true;
  }
}

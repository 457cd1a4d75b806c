package io.carousel.bench;

import io.carousel.data.Batch;
import io.carousel.layer.Parameters;
import io.carousel.train.Adam;
import io.carousel.train.Gradients;
import io.carousel.train.OptimizerState;
import io.carousel.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/** This library, through the interface that a training loop of one's own uses. */
final class Ours implements Contender, AutoCloseable {
  /** Steps of the long warm-up at least: a second holds too few of the largest shapes to have all code compiled. */
  private static final int WARMUP_STEPS = 10;

  private static final long SEED = 7;

  private final int threads;
  private final double warmup;
  private @Nullable Loop loop;

  /**
   * Some threads, and seconds of warm-up.
   *
   * @param warmup seconds of steps before a shape is first measured; a tenth of that before each further turn
   */
  Ours(int threads, double warmup) {
    this.threads = threads;
    this.warmup = warmup;
  }

  @Override
  public double[] turn(TrainingShape shape, int repetitions) {
    Loop ready = warm(shape);
    double[] ms = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      ms[i] = ready.step();
    }
    return ms;
  }

  /** Warms a shape up if it is another than before, and says how long a step of it takes, in milliseconds. */
  double milliseconds(TrainingShape shape) {
    return warm(shape).last;
  }

  private Loop warm(TrainingShape shape) {
    if (loop != null && loop.shape == shape) {
      loop.warm(warmup / 10, 1);
      return loop;
    }
    close(); // the old shape's memory goes first
    Loop made = new Loop(shape, threads);
    loop = made;
    made.warm(warmup, WARMUP_STEPS);
    return made;
  }

  /** Ends the threads of the last shape. */
  @Override
  public void close() {
    if (loop != null) {
      loop.step.close();
      loop = null;
    }
  }

  /** One shape, ready to take training steps. */
  private static final class Loop {
    final TrainingShape shape;
    final TrainingStep step;
    private final Batch batch;
    private final OptimizerState adam;
    double last;

    Loop(TrainingShape shape, int threads) {
      this.shape = shape;
      this.batch = shape.batch();
      var model = shape.model();
      Parameters parameters = model.build(SEED);
      this.adam = new Adam(1e-3).start(parameters);
      this.step = TrainingStep.of(model, parameters, shape.loss(), threads);
    }

    /** One training step; its milliseconds. */
    double step() {
      long start = System.nanoTime();
      Gradients gradients = step.gradients(batch, adam.steps());
      adam.step(gradients);
      last = (System.nanoTime() - start) * 1e-6;
      if (!Double.isFinite(gradients.loss())) {
        throw new IllegalStateException(shape + ": the loss must stay finite, got " + gradients.loss());
      }
      return last;
    }

    void warm(double seconds, int steps) {
      long end = System.nanoTime() + (long) (seconds * 1e9);
      for (int i = 0; i < steps || System.nanoTime() < end; i++) {
        step();
      }
    }
  }
}

package io.carousel.bench;

import io.carousel.data.Batch;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.train.Adam;
import io.carousel.train.Gradients;
import io.carousel.train.Loss;
import io.carousel.train.OptimizerState;
import io.carousel.train.TrainingStep;
import org.jspecify.annotations.Nullable;

/** Training steps on one batch, through the interface that a training loop of one's own uses. */
final class TrainingSteps implements Steps {
  private final TrainingStep step;
  private final Batch batch;
  private final @Nullable OptimizerState optimizer;
  private long number;

  private TrainingSteps(TrainingStep step, Batch batch, @Nullable OptimizerState optimizer) {
    this.step = step;
    this.batch = batch;
    this.optimizer = optimizer;
  }

  /** Whole steps: forward, loss, backward, Adam. */
  static TrainingSteps whole(Model model, Batch batch, Loss loss, int threads) {
    Parameters parameters = model.build(MadeUp.SEED);
    return new TrainingSteps(
        TrainingStep.of(model, parameters, loss, threads), batch, new Adam(1e-3).start(parameters));
  }

  /** Forward, loss and backward, without an optimizer; parameters count as changed at each step. */
  static TrainingSteps gradients(Model model, Batch batch, Loss loss, int threads) {
    return new TrainingSteps(
        TrainingStep.of(model, model.build(MadeUp.SEED), loss, threads), batch, null);
  }

  @Override
  public void step() {
    Gradients gradients = step.gradients(batch, number++);
    if (optimizer != null) {
      optimizer.step(gradients);
    }
    if (!Double.isFinite(gradients.loss())) {
      throw new IllegalStateException("the loss must stay finite, got " + gradients.loss());
    }
  }

  @Override
  public void close() {
    step.close();
  }
}

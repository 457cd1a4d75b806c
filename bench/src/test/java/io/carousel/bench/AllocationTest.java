package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.train.Adam;
import io.carousel.train.Gradients;
import io.carousel.train.Loss;
import io.carousel.train.OptimizerState;
import io.carousel.train.TrainingStep;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A training step that has been taken before allocates next to nothing, however large the batch is. */
final class AllocationTest {
  private static final int CLASSES = 40;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aStepAllocatesNothingThatGrowsWithTheBatch() {
    long small = bytes(8, 5);
    long large = bytes(128, 40);
    // Without the copies, a row of the large batch may cost 16 bytes; its logits alone would be 160.
    assertThat(large).as("bytes of a step with 128 rows of 40 steps").isLessThan(small + 128 * 16);
  }

  /** The bytes of the step that allocates least: the JIT and others allocate now and then. */
  private static long bytes(int rows, int steps) {
    Model model =
        Model.sequential(
            new Embedding(50, 8), new Bidirectional(new Lstm(16)), new Dense(CLASSES, Activation.SOFTMAX));
    Parameters parameters = model.build(3);
    OptimizerState adam = new Adam(1e-3).start(parameters);
    int[] tokens = new int[rows * steps];
    Arrays.fill(tokens, 1);
    int[] lengths = new int[rows];
    Arrays.fill(lengths, steps);
    Batch batch = new Batch(steps, tokens, null, lengths, new int[rows], null);
    long least = Long.MAX_VALUE;
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.CATEGORICAL_CROSS_ENTROPY, 1)) {
      // Until the JIT has removed them, vectors are objects.
      for (int i = 0; i < 2_000 && least > 20_000 || i < 200; i++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Gradients gradients = step.gradients(batch, i);
        gradients.clip(1);
        adam.step(gradients);
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
    }
    return least;
  }
}

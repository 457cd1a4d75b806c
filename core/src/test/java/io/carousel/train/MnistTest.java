package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carousel.cell.Activation;
import io.carousel.data.Idx;
import io.carousel.data.TensorDataset;
import io.carousel.layer.Dense;
import io.carousel.layer.Lstm;
import io.carousel.layer.TimeDistributed;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Digits as sequences: 60,000 images to train on, 10,000 of the original test set, five epochs of batches of 32. Rate
 * and schedule were chosen for the rows, on a tenth of the training images held out; the hierarchy has Keras's rate.
 */
@Tag("slow")
class MnistTest {
  private static final Dense CLASSES = new Dense(10, Activation.SOFTMAX);

  /** 28 steps of 28 pixels. */
  @Test
  void rows() throws IOException {
    Model model = Model.sequential(Input.sequence(28), new Lstm(128), CLASSES);
    assertThat(accuracy(model, new Adam(2e-3), 28)).isGreaterThanOrEqualTo(0.985);
  }

  /** 28 rows of 28 pixels each, an LSTM over the pixels of a row and one over rows: Keras's mnist_hierarchical_rnn. */
  @Test
  void hierarchy() throws IOException {
    Model model =
        Model.sequential(Input.sequence(28, 1), new TimeDistributed(new Lstm(128)), new Lstm(128), CLASSES);
    assertThat(accuracy(model, new RmsProp(1e-3), 28, 1)).isGreaterThanOrEqualTo(0.985);
  }

  private static double accuracy(Model model, Optimizer optimizer, int... step) throws IOException {
    Trainer trainer =
        Trainer.of(model).loss(Loss.CATEGORICAL_CROSS_ENTROPY).optimizer(optimizer).schedule(Schedule.cosine(0)).seed(1);
    trainer.fit(read("train", step), Fit.epochs(5).batchSize(32));
    return trainer.evaluate(read("t10k", step)).accuracy();
  }

  private static TensorDataset read(String part, int... step) throws IOException {
    Path folder = Path.of(System.getenv().getOrDefault("CAROUSEL_DATA", "../../shared/data"), "mnist");
    assumeTrue(Files.exists(folder), "no " + folder + "; CAROUSEL_DATA names the folder of data sets");
    int[] digits = Idx.labels(folder.resolve(part + "-labels-idx1-ubyte.gz"));
    float[] pixels = Idx.images(folder.resolve(part + "-images-idx3-ubyte.gz")).values();
    Tensor x = step.length == 1
        ? Tensor.of(pixels, digits.length, 28, step[0])
        : Tensor.of(pixels, digits.length, 28, step[0], step[1]);
    return TensorDataset.ofClasses(x, digits);
  }
}

package io.carousel.examples;

import io.carousel.cell.*;
import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.tensor.Tensor;
import io.carousel.train.*;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Digits as sequences of 28 rows of 28 pixels. Arguments: the folder of MNIST's files, images to train on, epochs. */
public final class MnistRows {
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/mnist");
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : 60_000;
    int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    Model model = Model.sequential(Input.sequence(28), new Lstm(128), new Dense(10, Activation.SOFTMAX));
    Trainer trainer = Trainer.of(model).loss(Loss.CATEGORICAL_CROSS_ENTROPY).optimizer(new Adam(1e-3)).seed(1);
    trainer.fit(read(folder, "train", rows), Fit.epochs(epochs).batchSize(32));
    System.out.println("test: " + trainer.evaluate(read(folder, "t10k", Math.min(rows, 10_000))));
  }

  private static TensorDataset read(Path folder, String part, int rows) throws IOException {
    Tensor images = Idx.images(folder.resolve(part + "-images-idx3-ubyte.gz"));
    int[] digits = Idx.labels(folder.resolve(part + "-labels-idx1-ubyte.gz"));
    return TensorDataset.ofClasses(images, digits).subset(IntStream.range(0, rows).toArray());
  }
}

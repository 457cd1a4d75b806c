package io.carousel.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The jobs in Deeplearning4j's words: the same layers, sizes, losses and full lengths, data [B,F,T]. Its last step
 * of a bidirectional layer is that of the last time step in both directions, which is as much work.
 */
final class Dl4jModels {
  private Dl4jModels() {}

  /** What does a job once, made ready when it is first called; null if there are no layers for it. */
  static @Nullable Supplier<Runnable> of(Job job) {
    return switch (job) {
      case TrainingShape shape -> layers(shape) == null ? null : () -> training(shape);
      case InferenceShape shape -> () -> inference(shape);
      case CellShape shape -> layer(shape) == null ? null : () -> gradients(shape);
      default -> null;
    };
  }

  private static @Nullable List<Layer> layers(TrainingShape shape) {
    return switch (shape) {
      case S0 -> List.of(words(), lstm(64), new LastTimeStep(lstm(32)), sigmoid());
      case S1 -> List.of(
          words(), new LastTimeStep(new Bidirectional(Bidirectional.Mode.CONCAT, lstm(64))),
          new DenseLayer.Builder().nOut(64).activation(Activation.RELU).build(), sigmoid());
      case S2 -> List.of(new LastTimeStep(lstm(128)), linear());
      case S4 -> List.of(lstm(64), new LastTimeStep(lstm(32)), linear());
      case M1 -> List.of(lstm(256), outputs());
      case M2 -> List.of(lstm(512), outputs());
      case L1, L2 -> null; // its labels are one number for each word of the vocabulary: another job
    };
  }

  private static Runnable training(TrainingShape shape) {
    List<Layer> layers = layers(shape);
    int rows = shape.rows();
    int steps = shape.steps();
    int features = shape.model().input().features();
    boolean words = layers.getFirst() instanceof EmbeddingSequenceLayer;
    INDArray x = words
        ? Transforms.floor(Nd4j.rand(rows, steps).muli(MadeUp.WORDS))
        : Nd4j.rand(rows, features, steps).subi(0.5);
    INDArray y = layers.getLast() instanceof RnnLossLayer
        ? Nd4j.rand(rows, features, steps).subi(0.5)
        : Nd4j.rand(rows, 1).gt(0.5).castTo(x.dataType());
    MultiLayerNetwork net = network(layers, InputType.recurrent(words ? MadeUp.WORDS : features, steps));
    return () -> net.fit(x, y);
  }

  private static Runnable inference(InferenceShape shape) {
    INDArray x = Nd4j.rand(shape.rows(), shape.inputs(), shape.steps()).subi(0.5);
    MultiLayerNetwork net =
        network(List.of(new LastTimeStep(lstm(shape.units()))), InputType.recurrent(shape.inputs(), shape.steps()));
    return () -> net.output(x);
  }

  private static @Nullable BaseRecurrentLayer layer(CellShape shape) {
    int units = shape.size().units();
    return switch (shape.kind()) {
      case LSTM -> lstm(units);
      case PEEPHOLE -> new GravesLSTM.Builder().nOut(units).activation(Activation.TANH).build();
      case RNN -> new SimpleRnn.Builder().nOut(units).activation(Activation.TANH).build();
      default -> null;
    };
  }

  private static Runnable gradients(CellShape shape) {
    CellShape.Size size = shape.size();
    INDArray x = Nd4j.rand(size.rows(), size.units(), size.steps()).subi(0.5);
    INDArray y = Nd4j.rand(size.rows(), size.units(), size.steps()).subi(0.5);
    MultiLayerNetwork net =
        network(Arrays.asList(layer(shape), outputs()), InputType.recurrent(size.units(), size.steps()));
    net.setInput(x);
    net.setLabels(y);
    return net::computeGradientAndScore;
  }

  private static MultiLayerNetwork network(List<? extends Layer> layers, InputType input) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(MadeUp.SEED).updater(new Adam(1e-3)).list();
    layers.forEach(list::layer);
    MultiLayerNetwork net = new MultiLayerNetwork(list.setInputType(input).build());
    net.init();
    return net;
  }

  private static EmbeddingSequenceLayer words() {
    return new EmbeddingSequenceLayer.Builder().nIn(MadeUp.WORDS).nOut(64).build();
  }

  private static LSTM lstm(int units) {
    return new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
  }

  private static OutputLayer sigmoid() {
    return new OutputLayer.Builder(LossFunction.XENT).nOut(1).activation(Activation.SIGMOID).build();
  }

  private static OutputLayer linear() {
    return new OutputLayer.Builder(LossFunction.MSE).nOut(1).activation(Activation.IDENTITY).build();
  }

  private static RnnLossLayer outputs() {
    return new RnnLossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build();
  }
}

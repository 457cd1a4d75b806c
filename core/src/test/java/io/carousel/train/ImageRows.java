package io.carousel.train;

import io.carousel.cell.Activation;
import io.carousel.cell.ConvLstmCell;
import io.carousel.cell.Convolution;
import io.carousel.cell.DepthwiseConvLstmCell;
import io.carousel.cell.ZoneoutCell;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.GlobalPooling;
import io.carousel.layer.Gru;
import io.carousel.layer.Lstm;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Reshape;
import io.carousel.layer.TimeDistributed;
import io.carousel.layer.WindowPooling;
import io.carousel.model.Input;
import io.carousel.train.LayerContractTest.Row;
import java.util.List;

/** The rows of the layer contract for convolutions, pooling, and whatever takes images. */
final class ImageRows {
  private ImageRows() {}

  /** The rows, for sequences of so many features among others. */
  static List<Row> rows(int features) {
    Input sequence = Input.sequence(features);
    Input images = Input.vector(4, 3, 2);
    Input clips = Input.sequence(4, 3, 2);
    Input series = Input.sequence(5, 2);
    return List.of(
        new Row("dense on images", images, new Dense(4, Activation.TANH), "[B,4,3,4]", 4 * 3),
        new Row("spatial dropout on images", clips, Dropout.spatial(0.4), "[B,T,4,3,2]", 0),
        new Row("mean over clips", clips, new Pooling(Pooling.Kind.MEAN), "[B,4,3,2]", 0),
        new Row("last and max over clips", clips, new Pooling(Pooling.Kind.LAST, Pooling.Kind.MAX),
            "[B,4,3,4]", 0),
        new Row("conv1d", sequence, Conv.over(4, 3).activation(Activation.TANH),
            "[B,T,4]", 4 * (3 * features + 1)),
        new Row("conv1d, causal, dilated", sequence, Conv.over(17, 2).causal().dilation(3), "[B,T,17]",
            17 * (2 * features + 1)),
        new Row("conv1d, stride", sequence, Conv.over(4, 3).stride(2), "[B,T/2,4]", 4 * (3 * features + 1)),
        new Row("conv1d, valid, stride", sequence, Conv.over(4, 3).stride(2).valid(),
            "[B,T/2,4]", 4 * (3 * features + 1)),
        new Row("depthwise conv1d", sequence, Conv.over(2, 4).depthwise().activation(Activation.TANH),
            "[B,T,10]", 2 * features * (4 + 1)),
        new Row("separable conv1d", sequence, Conv.over(7, 3).separable(),
            "[B,T,7]", features * 3 + 7 * (features + 1)),
        new Row("conv1d of places", Input.vector(3, 2), Conv.over(6, 2).valid().activation(Activation.TANH),
            "[B,2,6]", 6 * (2 * 2 + 1)),
        new Row("conv2d", images, Conv.over(5, 3, 3).activation(Activation.TANH),
            "[B,4,3,5]", 5 * (9 * 2 + 1)),
        new Row("conv2d, stride", images, Conv.over(5, 3, 3).stride(2), "[B,2,2,5]", 5 * (9 * 2 + 1)),
        new Row("conv2d of steps, valid", clips, Conv.over(3, 2, 3).valid(), "[B,T,3,1,3]", 3 * (6 * 2 + 1)),
        new Row("depthwise conv2d", images, Conv.over(3, 3, 2).depthwise(), "[B,4,3,6]", 6 * (6 + 1)),
        new Row("separable conv2d of steps", clips, Conv.over(3, 2, 2).separable().stride(2), "[B,T,2,2,3]",
            2 * 4 + 3 * (2 + 1)),
        new Row("max pooling of steps", sequence, WindowPooling.max(2), "[B,T/2,5]", 0),
        new Row("max pooling of steps, all", sequence, WindowPooling.max(3).stride(2).same(), "[B,T/2,5]", 0),
        new Row("mean pooling of steps", sequence, WindowPooling.mean(3), "[B,T/3,5]", 0),
        new Row("max pooling of images", images, WindowPooling.max(2, 2), "[B,2,1,2]", 0),
        new Row("mean pooling of images, all", images, WindowPooling.mean(2, 2).same(), "[B,2,2,2]", 0),
        new Row("global max of images", images, new GlobalPooling(true), "[B,2]", 0),
        new Row("global mean of clips", clips, new GlobalPooling(false), "[B,T,2]", 0),
        new Row("flatten", clips, Reshape.flatten(), "[B,T,24]", 0),
        new Row("reshape", images, Reshape.to(6, 4), "[B,6,4]", 0),
        new Row("conv lstm 1d", series, Recurrent.of(ConvLstmCell.of(4, 3)),
            "[B,5,4]", 16 * (3 * (2 + 4) + 1)),
        new Row("conv lstm 1d, stride, valid", series,
            Recurrent.of(new ConvLstmCell(3, new Convolution(List.of(2), List.of(2), 1, Convolution.Padding.VALID)))
                .returnSequences(), "[B,T,2,3]", 12 * (2 * (2 + 3) + 1)),
        new Row("conv lstm 2d", clips, Recurrent.of(ConvLstmCell.of(3, 3, 3)).returnSequences(), "[B,T,4,3,3]",
            12 * (9 * (2 + 3) + 1)),
        new Row("reverse conv lstm 2d", clips, Recurrent.of(ConvLstmCell.of(2, 2, 3)).with(false, true), "[B,4,3,2]",
            8 * (6 * (2 + 2) + 1)),
        new Row("conv lstm 1d, peepholes, stride", series,
            Recurrent.of(new ConvLstmCell(
                3, new Convolution(List.of(3), List.of(2), 1, Convolution.Padding.SAME)).withPeepholes()), "[B,3,3]",
            12 * (3 * (2 + 3) + 1) + 3 * 9),
        new Row("conv lstm 2d, peepholes", clips, Recurrent.of(ConvLstmCell.of(3, 3, 2).withPeepholes()).returnSequences(),
            "[B,T,4,3,3]", 12 * (6 * (2 + 3) + 1) + 4 * 3 * 9),
        new Row("depthwise conv lstm 1d", series, Recurrent.of(DepthwiseConvLstmCell.of(3, 3)).returnSequences(),
            "[B,T,5,3]", 3 * (2 + 3) + 12 * (2 + 3 + 1)),
        new Row("depthwise conv lstm 2d", clips, Recurrent.of(DepthwiseConvLstmCell.of(4, 3, 3)), "[B,4,3,4]",
            9 * (2 + 4) + 16 * (2 + 4 + 1)),
        new Row("depthwise conv lstm 2d, without mixing", clips,
            Recurrent.of(DepthwiseConvLstmCell.of(2, 3, 3).withoutMixing()), "[B,4,3,2]", 8 * (9 + 9 + 1)),
        new Row("lstm at each step", series, new TimeDistributed(new Lstm(3)), "[B,T,3]", 12 * (2 + 3 + 1)),
        new Row("reverse gru at each step, sequences", series, new TimeDistributed(new Gru(4).with(true, true)),
            "[B,T,5,4]", 12 * (2 + 4 + 2)),
        new Row("both directions at each step", series, new TimeDistributed(new Bidirectional(new Lstm(2))),
            "[B,T,4]", 2 * 8 * (2 + 2 + 1)),
        new Row("dense at each step", sequence, new TimeDistributed(new Dense(2)), "[B,T,2]", 2 * (features + 1)),
        new Row("zoneout of a conv lstm", series,
            Recurrent.of(ZoneoutCell.of(ConvLstmCell.of(3, 3), 0.2, 0.5)), "[B,5,3]", 12 * (3 * (2 + 3) + 1)));
  }
}

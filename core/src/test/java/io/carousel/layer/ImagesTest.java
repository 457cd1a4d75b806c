package io.carousel.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.ConvLstmCell;
import io.carousel.cell.Convolution;
import io.carousel.cell.DepthwiseConvLstmCell;
import io.carousel.expr.Expr;
import io.carousel.expr.Interpreter;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Layers over images and neighborhoods: what they refuse, lengths after them, what runs outside the loop. */
class ImagesTest {
  private static final Input SEQUENCE = Input.sequence(5);
  private static final Input IMAGES = Input.vector(6, 5, 2);

  private static void refused(String message, ThrowingCallable code) {
    assertThatIllegalArgumentException().isThrownBy(code).withMessageContaining(message);
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    refused("Conv1D(filters=3, window=2): input must be [B,T,F], [B,n,c] or [B,T,n,c], got [B,6,5,2]; add a Reshape",
        () -> Model.sequential(IMAGES, Conv.over(3, 2)));
    refused("Conv2D(filters=3, window=2x2, stride=2, causal): input must be [B,h,w,c] or [B,T,h,w,c], got [B,T,5]",
        () -> Model.sequential(SEQUENCE, Conv.over(3, 2, 2).stride(2).causal()));
    refused("Conv2D(filters=3, window=7x2, valid): Convolution: a window over 7 places does not fit into 6;",
        () -> Model.sequential(IMAGES, Conv.over(3, 7, 2).valid()));
    refused("got [B,T] tokens; add an Embedding", () -> Model.sequential(Input.tokens(), Conv.over(3, 2)));
    refused("MaxPooling2D(window=2x2, stride=2, valid): input must be [B,h,w,c] or [B,T,h,w,c], got [B,T,5]",
        () -> Model.sequential(SEQUENCE, WindowPooling.max(2, 2)));
    refused("GlobalMeanPooling(): input must be [B,h,w,c], [B,n,c] or the same at each step, got [B,T,5]; over the",
        () -> Model.sequential(SEQUENCE, new GlobalPooling(false)));
    refused("Reshape(4, 2): input must have as many numbers a step as [4, 2], got [B,6,5,2]",
        () -> Model.sequential(IMAGES, Reshape.to(4, 2)));
    refused("ConvLSTM2D(units=3, window=2x2): each step must be [B,h,w,c], got [B,5]; add a Reshape",
        () -> Model.sequential(SEQUENCE, Recurrent.of(ConvLstmCell.of(3, 2, 2))));
    refused("without mixing, x must have as many channels as there are units, 3, got 2",
        () -> Model.sequential(Input.sequence(5, 2), Recurrent.of(DepthwiseConvLstmCell.of(3, 2).withoutMixing())));
    refused("LSTM(units=4): input must be [B,T,F], got [B,6,5,2]",
        () -> Model.sequential(IMAGES, new Lstm(4)));
    refused("each step must be a vector [B,F], got [B,6,5,2]; flatten it before, or use a convolutional cell",
        () -> Model.sequential(Input.sequence(6, 5, 2), new Lstm(4)));
    refused("TimeDistributed(LSTM(units=4)): input must be [B,T,n,F], a sequence of vectors at each step, got [B,T,5]",
        () -> Model.sequential(SEQUENCE, new TimeDistributed(new Lstm(4))));
    refused("TimeDistributed(Pooling(mean)): the layer must work at each step alone (Pooling(mean): input must be [B,T,F]",
        () -> Model.sequential(SEQUENCE, new TimeDistributed(new Pooling(Pooling.Kind.MEAN))));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    refused("Conv: filters must be at least 1", () -> Conv.over(0, 3));
    refused("Convolution: window, strides and dilation must be at least 1", () -> Conv.over(3, 0));
    refused("Convolution: window, strides and dilation must be at least 1", () -> Conv.over(3, 2).stride(0));
    refused("ConvLSTM: units must be at least 1, got 0", () -> ConvLstmCell.of(0, 3));
  }

  @Test
  void aRowHasTheLengthOfWhatItGivesAlone() {
    int[] lengths = {7, 6, 3, 2, 1, 0};
    assertThat(after(Conv.over(1, 3), lengths)).containsExactly(7, 6, 3, 2, 1, 0);
    assertThat(after(Conv.over(1, 3).stride(2), lengths)).containsExactly(4, 3, 2, 1, 1, 0);
    assertThat(after(Conv.over(1, 3).valid(), lengths)).containsExactly(5, 4, 1, 0, 0, 0);
    assertThat(after(Conv.over(1, 3).valid().stride(2), lengths)).containsExactly(3, 2, 1, 0, 0, 0);
    assertThat(after(Conv.over(1, 2).causal().dilation(3).stride(3), lengths)).containsExactly(3, 2, 1, 1, 1, 0);
    assertThat(after(WindowPooling.max(2), lengths)).containsExactly(3, 3, 1, 1, 0, 0);
  }

  private static int[] after(Layer layer, int[] lengths) {
    Expr before = Expr.intInput("lengths", Shape.of(Shape.B));
    Signal in = Signal.of(Expr.input("x", Shape.of(Shape.T, Shape.B, 1)), before);
    Expr found = layer.apply(in, new Scope("layer", false)).requireLengths();
    double[] values = Interpreter.of(lengths.length, 7, 0).set("lengths", lengths).eval(found.cast());
    return java.util.Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  /** What the input needs is done for all steps before the loop: the loop knows the state's weights alone. */
  @Test
  void convolutionsOfTheInputAreOutsideTheLoop() {
    Convolution window = Convolution.same(3, 3);
    for (var cell : List.of(new ConvLstmCell(2, window), new DepthwiseConvLstmCell(2, window, false))) {
      Model model = Model.sequential(Input.sequence(6, 5, 2), Recurrent.of(cell));
      List<Expr> scans = Expr.topological(List.of(model.inference())).stream()
          .filter(node -> node.op() instanceof Op.Scan).toList();
      assertThat(scans).hasSize(1);
      List<String> captured = Expr.topological(Scans.captured(scans.getFirst())).stream()
          .filter(node -> node.op() instanceof Op.Parameter).map(node -> node.op().word()).toList();
      assertThat(captured).isNotEmpty().allMatch(name -> name.endsWith(".R") || name.endsWith(".E"));
      assertThat(Scans.elements(scans.getFirst())).singleElement()
          .satisfies(all -> assertThat(all.shape().size(-1)).isEqualTo(8));
    }
  }
}

package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.cell.Convolution;
import io.carousel.cell.Convolution.Padding;
import io.carousel.expr.Expr;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A convolution along a sequence, or over the height and width of an image.
 *
 * <pre>
 *   full        y[t] = activation(Σₖ x[t·stride + k·dilation − before] W[k] + b)
 *   depthwise   y[t] = activation(Σₖ x[t·stride + k·dilation − before] ⊙ D[k] + b), each channel on its own
 *   separable   a depthwise convolution without bias, then a product P with the channels of each place
 * </pre>
 *
 * Along a sequence: [B,T,F] to [B,⌈T/stride⌉,filters]; or arrays [B,n,c] of n places, also at each step of a
 * sequence [B,T,n,c]. Over images: [B,h,w,c] or, at each step, [B,T,h,w,c]. A row's steps beyond its length count
 * as zeros, and its length after is that of what it would give alone.
 *
 * <p>W [places·c, filters], D [places, c·m], P [c·m, filters], b; W, D, P begin Glorot uniform over the window, b
 * zero. Of a depthwise convolution {@code filters} is m, the outputs of each channel.
 *
 * <p>Source: LeCun et al.: Backpropagation applied to handwritten zip code recognition, 1989; dilated: Yu, Koltun:
 * Multi-Scale Context Aggregation by Dilated Convolutions, 2016; causal: van den Oord et al.: WaveNet, 2016; separable:
 * Chollet: Xception, 2017. Differs from Keras where a sequence has a stride, see {@link Convolution}.
 *
 * @param filters the number of outputs at each place, of a depthwise convolution for each channel
 * @param window window, strides, dilation and padding; one axis or two
 * @param form full, depthwise or separable
 * @param activation what is done to each output
 */
public record Conv(int filters, Convolution window, Form form, Activation activation) implements Layer {
  /** Which channels an output sees. */
  public enum Form {
    FULL,
    DEPTHWISE,
    SEPARABLE;

    /** Its name in model files, {@code full}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Conv {
    if (filters < 1 || window.window().size() > 2) {
      throw new IllegalArgumentException(
          "Conv: filters must be at least 1 and the window have one or two axes, got " + filters + ", " + window);
    }
  }

  /** A convolution along a sequence, zeros on both sides. */
  public static Conv over(int filters, int window) {
    return new Conv(filters, Convolution.same(window), Form.FULL, Activation.LINEAR);
  }

  /** A convolution over images, zeros on all sides. */
  public static Conv over(int filters, int height, int width) {
    return new Conv(filters, Convolution.same(height, width), Form.FULL, Activation.LINEAR);
  }

  /** The same with windows so far apart, along all axes. */
  public Conv stride(int stride) {
    return with(new Convolution(
        window.window(), Collections.nCopies(window.window().size(), stride), window.dilation(), window.padding()));
  }

  /** The same with the places of a window so far apart. */
  public Conv dilation(int dilation) {
    return with(new Convolution(window.window(), window.strides(), dilation, window.padding()));
  }

  /** The same without zeros around the input. */
  public Conv valid() {
    return with(new Convolution(window.window(), window.strides(), window.dilation(), Padding.VALID));
  }

  /** The same with zeros before the input alone, so that nothing sees what comes after it. */
  public Conv causal() {
    return with(new Convolution(window.window(), window.strides(), window.dilation(), Padding.CAUSAL));
  }

  /** The same of each channel on its own, {@code filters} outputs each. */
  public Conv depthwise() {
    return new Conv(filters, window, Form.DEPTHWISE, activation);
  }

  /** The same as a convolution of each channel and a product with the channels. */
  public Conv separable() {
    return new Conv(filters, window, Form.SEPARABLE, activation);
  }

  /** The same with an activation. */
  public Conv activation(Activation function) {
    return new Conv(filters, window, form, function);
  }

  private Conv with(Convolution changed) {
    return new Conv(filters, changed, form, activation);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Windows windows = Windows.of(this, in, window);
    int channels = in.features();
    Expr x = windows.input();
    int axis = windows.axis();
    Expr y = switch (form) {
      case FULL -> window.of(x, axis, scope.parameter(
          "W", Shape.of(window.places() * channels, filters), Initializers.glorotUniform(window.places(), channels, filters)));
      case DEPTHWISE -> window.depthwise(x, axis, depth(scope, channels, filters));
      case SEPARABLE -> window.depthwise(x, axis, depth(scope, channels, 1)).matmul(
          scope.parameter("P", Shape.of(channels, filters), Initializers.glorotUniform(1, channels, filters)));
    };
    int outputs = y.shape().size(-1);
    Expr b = scope.parameter("b", Shape.of(outputs), Initializers.zeros());
    return windows.signal(activation.of(y.plus(b)));
  }

  private Expr depth(Scope scope, int channels, int each) {
    return scope.parameter(
        "D", Shape.of(window.places(), channels * each), Initializers.glorotUniform(window.places(), channels, each));
  }

  @Override
  public String kind() {
    String axes = "conv" + window.window().size() + "d";
    return form == Form.FULL ? axes : form.word() + "_" + axes;
  }

  @Override
  public String toString() {
    return "Conv" + window.window().size() + "D(filters=" + filters + ", " + window
        + (form == Form.FULL ? "" : ", " + form.word())
        + (activation == Activation.LINEAR ? "" : ", " + activation.word()) + ")";
  }
}

package io.carousel.layer;

import io.carousel.cell.Convolution;
import io.carousel.cell.Convolution.Padding;
import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.Collections;
import java.util.List;

/**
 * The largest, or the mean, of each feature over windows along a sequence or over an image: [B,T,F] to
 * [B,⌈T/stride⌉,F], [B,h,w,c] to [B,h',w',c], or the same at each step of a sequence. Padding, whether around
 * an image or beyond the length of a row, counts as not there.
 *
 * <p>Source: Keras's MaxPooling and AveragePooling. Differs from it where a sequence is padded and strided, see {@link
 * Convolution}.
 *
 * @param largest true for the largest, false for the mean
 * @param window the windows
 */
public record WindowPooling(boolean largest, Convolution window) implements Layer {
  public WindowPooling {
    if (window.window().size() > 2) {
      throw new IllegalArgumentException("WindowPooling: the window must have one or two axes, got " + window);
    }
  }

  /** The largest over windows side by side; what does not fill a window is left out. */
  public static WindowPooling max(int... sizes) {
    return new WindowPooling(true, beside(sizes));
  }

  /** The mean over windows side by side; what does not fill a window is left out. */
  public static WindowPooling mean(int... sizes) {
    return new WindowPooling(false, beside(sizes));
  }

  private static Convolution beside(int... sizes) {
    List<Integer> window = java.util.Arrays.stream(sizes).boxed().toList();
    return new Convolution(window, window, 1, Padding.VALID);
  }

  /** The same with windows so far apart, along all axes. */
  public WindowPooling stride(int stride) {
    return new WindowPooling(
        largest,
        new Convolution(
            window.window(), Collections.nCopies(window.window().size(), stride), window.dilation(),
            window.padding()));
  }

  /** The same with windows that may reach beyond the input, so that nothing is left out. */
  public WindowPooling same() {
    return new WindowPooling(
        largest, new Convolution(window.window(), window.strides(), window.dilation(), Padding.SAME));
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Windows windows = Windows.of(this, in, window);
    Expr inside = windows.inside();
    if (largest) {
      Expr value = window.max(in.value(), inside, windows.axis());
      // A window without anything inside, beyond a row's length, has the least number; it must not overflow later.
      Expr any = window.sum(inside, windows.axis());
      return windows.signal(Expr.select(any, value, Expr.constant(0)));
    }
    Expr count = Expr.maximum(window.sum(inside, windows.axis()), Expr.constant(1));
    return windows.signal(window.sum(windows.input(), windows.axis()).over(count));
  }

  @Override
  public String kind() {
    return (largest ? "max" : "mean") + "_pooling" + window.window().size() + "d";
  }

  @Override
  public String toString() {
    return (largest ? "MaxPooling" : "MeanPooling") + window.window().size() + "D(" + window + ")";
  }
}

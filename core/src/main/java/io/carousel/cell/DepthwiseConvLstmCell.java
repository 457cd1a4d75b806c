package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.Collections;
import java.util.List;

/**
 * Depthwise-convolutional long short-term memory: the input and the hidden state each pass a convolution of each
 * channel on its own; a product then mixes the channels of a place, or nothing does.
 *
 * <pre>
 *   z = (D ∗ x) W + (E ∗ h) R + b                    mixing
 *   z = D ∗ x + E ∗ h + b, D and E for each gate     not mixing: x has as many channels as h
 *   i, f, o = σ(z)      g = tanh(z)
 *   c' = f ⊙ c + i ⊙ g  h' = o ⊙ tanh(c')
 * </pre>
 *
 * x [B,h,w,I], or [B,n,I] for a window of one axis; h and c [B,h',w',H]; D [places,I], W [I,4H], E [places,H], R [H,4H]
 * and b [4H] with mixing; D and E [places,4H] without, the places of the window times fewer weights than a {@link
 * ConvLstmCell}'s. Gate order i f g o. The convolution of h has the window's size, step 1 and zeros around. W, D
 * and E begin Glorot uniform, R orthogonal, b zero but 1 for the forget gate.
 *
 * <p>Source: Liu, Zhu: Mobile Video Object Detection with Temporally-Aware Feature Maps, 2018, section 3.3 (depthwise
 * separable convolutions of input and state in all gates); Gehrig, Scaramuzza: Recurrent Vision Transformers for Object
 * Detection with Event Cameras, 2023. Differs from the sources: windows of x and of h are two, as those of the
 * ConvLSTM; no bottleneck, no convolution after the cell; tanh where the former has ReLU.
 *
 * @param units the channels H of the states
 * @param window the windows over x, along one axis or two
 * @param mixing true if channels are mixed
 */
public record DepthwiseConvLstmCell(int units, Convolution window, boolean mixing) implements Cell {
  public DepthwiseConvLstmCell {
    Gates.requireUnits("DepthwiseConvLSTM", units);
  }

  /** With mixing and zeros around x, over one axis or two. */
  public static DepthwiseConvLstmCell of(int units, int... window) {
    return new DepthwiseConvLstmCell(units, Convolution.same(window), true);
  }

  /** The same without mixing. */
  public DepthwiseConvLstmCell withoutMixing() {
    return new DepthwiseConvLstmCell(units, window, false);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public List<Expr> initials(Shape input) {
    return window.states(2, units, input);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    int inputs = window.channels(this, input);
    if (!mixing && inputs != units) {
      throw new IllegalArgumentException(
          this + ": without mixing, x must have as many channels as there are units, " + units + ", got " + inputs);
    }
    int each = mixing ? 1 : 4;
    Expr d = scope.parameter("D", Shape.of(window.places(), each * inputs),
        Initializers.glorotUniform(window.places(), inputs, each));
    Expr w = mixing ? scope.parameter("W", Shape.of(inputs, 4 * units), Initializers.glorotUniform()) : null;
    Expr e = scope.parameter("E", Shape.of(window.places(), each * units),
        Initializers.glorotUniform(window.places(), units, each));
    Expr r = mixing ? scope.parameter("R", Shape.of(units, 4 * units), Initializers.orthogonal()) : null;
    Expr b = scope.parameter("b", Shape.of(4 * units), Initializers.unitGate(1, 4));
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return List.of((w == null ? gates(window, x, 2, d) : window.depthwise(x, 2, d).matmul(w)).plus(b));
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr h = states.get(0);
        Convolution around = window.around();
        Expr z = r == null ? gates(around, h, 1, e) : around.depthwise(h, 1, e).matmul(r);
        return ConvLstmCell.next(current.getFirst().plus(z), states.get(1), null, units);
      }
    };
  }

  /** A convolution of each channel for each gate, the gates side by side. */
  private static Expr gates(Convolution windows, Expr x, int axis, Expr weights) {
    return windows.depthwise(Expr.concat(-1, Collections.nCopies(4, x)), axis, weights);
  }

  @Override
  public String toString() {
    return "DepthwiseConvLSTM" + window.window().size() + "D(units=" + units + ", " + window
        + (mixing ? ")" : ", without mixing)");
  }
}

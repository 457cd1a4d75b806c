package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolutional long short-term memory: an LSTM at each place of an image, which sees its neighborhood.
 *
 * <pre>
 *   i, f, o = σ(W ∗ x + R ∗ h + b)   g = tanh(W ∗ x + R ∗ h + b)
 *   c' = f ⊙ c + i ⊙ g               h' = o ⊙ tanh(c')
 * </pre>
 *
 * x [B,h,w,I], or [B,n,I] for a window of one axis; h and c [B,h',w',H], of the size that the convolution of x gives;
 * W [places·I,4H], R [places·H,4H], b [4H]; gate order i f g o. The convolution of h has the window's size, step 1
 * and zeros around. W begins Glorot uniform, R orthogonal, b zero but 1 for the forget gate.
 *
 * <p>With peepholes the gates see the cell, the output gate the new one, each place and channel by a number of its own:
 *
 * <pre>
 *   i, f = σ(W ∗ x + R ∗ h + b + p ⊙ c)   o = σ(W ∗ x + R ∗ h + b + p ⊙ c')
 * </pre>
 *
 * p [h',w',3H], of i f o, begins uniform in ±0.1.
 *
 * <p>Source: Shi et al.: Convolutional LSTM Network: A Machine Learning Approach for Precipitation Nowcasting, 2015,
 * equation 3. Differs from the source: peepholes are an option, since Keras has none.
 *
 * @param units the channels H of the states
 * @param window the windows over x, along one axis or two
 * @param peepholes true if the gates see the cell
 */
public record ConvLstmCell(int units, Convolution window, boolean peepholes) implements Cell {
  public ConvLstmCell {
    Gates.requireUnits("ConvLSTM", units);
  }

  /** Without peepholes. */
  public ConvLstmCell(int units, Convolution window) {
    this(units, window, false);
  }

  /** With zeros around x, over one axis or two. */
  public static ConvLstmCell of(int units, int... window) {
    return new ConvLstmCell(units, Convolution.same(window));
  }

  /** The same with peepholes. */
  public ConvLstmCell withPeepholes() {
    return new ConvLstmCell(units, window, true);
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
    Expr w = scope.parameter(
        "W", Shape.of(window.places() * inputs, 4 * units), Initializers.glorotUniform(window.places(), inputs, 4 * units));
    Expr r = scope.parameter("R", Shape.of(window.places() * units, 4 * units), Initializers.orthogonal());
    Expr b = scope.parameter("b", Shape.of(4 * units), Initializers.unitGate(1, 4));
    Shape places = window.output(input, 1).drop(0);
    Expr p = peepholes
        ? scope.parameter("p", places.with(-1, 3 * units), Initializers.uniform(PeepholeLstmCell.LIMIT)) : null;
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return List.of(window.sideBySide(x, 2, w).plus(b)); // needs no state: once for all steps
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        return next(current.getFirst().plus(window.around().sideBySide(states.get(0), 1, r)), states.get(1), p, units);
      }
    };
  }

  /** The equations after the sums z of all gates, without what the peepholes p add. */
  static Scans.Step next(Expr z, Expr c, @Nullable Expr p, int units) {
    Expr i = sigmoid(gate(z, 0, c, p, 0, units));
    Expr f = sigmoid(gate(z, 1, c, p, 1, units));
    Expr g = tanh(gate(z, 2, c, null, 0, units));
    Expr nextC = f.times(c).plus(i.times(g));
    Expr o = sigmoid(gate(z, 3, nextC, p, 2, units));
    Expr nextH = o.times(tanh(nextC));
    return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
  }

  /** The part of one gate of z, and what its peephole adds. */
  private static Expr gate(Expr z, int gate, Expr c, @Nullable Expr p, int peephole, int units) {
    Expr sum = z.slice(-1, gate * units, (gate + 1) * units);
    return p == null ? sum : sum.plus(p.slice(-1, peephole * units, (peephole + 1) * units).times(c));
  }

  @Override
  public String toString() {
    return "ConvLSTM" + window.window().size() + "D(units=" + units + ", " + window
        + (peepholes ? ", peepholes)" : ")");
  }
}

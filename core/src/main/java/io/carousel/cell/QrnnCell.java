package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Quasi-recurrent network: the gates see the last k inputs and no state, so that all products are computed for all
 * steps at once; the state is pooled, unit by unit.
 *
 * <pre>
 *   i, f, o = σ(W₀ x + W₁ x₋₁ + … + b)    g = tanh(W₀ x + W₁ x₋₁ + … + b)     x₋₁: x of the step before
 *   f:    h' = f ⊙ h + (1 − f) ⊙ g
 *   fo:   c' = f ⊙ c + (1 − f) ⊙ g        h' = o ⊙ c'
 *   ifo:  c' = f ⊙ c + i ⊙ g              h' = o ⊙ c'
 * </pre>
 *
 * x [B,I], h and c [B,H]; of n gates, in the order i f g o without those that the pooling has not: W [I,knH], the
 * columns of W₀ first, b [nH]. Inputs before the first are zero. W begins Glorot uniform, b zero but 1 for the
 * forget gate.
 *
 * <p>What earlier inputs add to later gates, s_j [B,nH], is carried as states, s_j' = s_(j+1) + W_j x: so the window
 * is right in both directions, at the end of each row, and where a sequence is read in pieces. With fo and ifo h is
 * the output alone; nothing reads it.
 *
 * <p>Source: Bradbury, Merity, Xiong, Socher: Quasi-Recurrent Neural Networks, 2016, equations 1 to 5. Differs from
 * the source: has biases. Its zoneout is that of a {@link ZoneoutCell}.
 *
 * @param units the size H of the output
 * @param window the number k of inputs that a gate sees, 1 or more
 * @param pooling what is kept
 */
public record QrnnCell(int units, int window, Pooling pooling) implements Cell {
  /** The gates that there are. */
  public enum Pooling {
    F,
    FO,
    IFO;

    /** Its name in model files, {@code fo}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public QrnnCell {
    Gates.requireUnits("QRNN", units);
    Gates.requireSize("QRNN", "window", window);
  }

  /** With a window of 2 and fo-pooling. */
  public QrnnCell(int units) {
    this(units, 2, Pooling.FO);
  }

  private int gates() {
    return 2 + pooling.ordinal();
  }

  /** The states h and c; h alone with f-pooling. */
  private int pooled() {
    return pooling == Pooling.F ? 1 : 2;
  }

  @Override
  public List<Expr> initials() {
    List<Expr> initials = new ArrayList<>(Gates.zeros(pooled(), units));
    initials.addAll(Gates.zeros(window - 1, gates() * units));
    return initials;
  }

  @Override
  public List<String> stateNames() {
    List<String> names = new ArrayList<>(List.of("h", "c").subList(0, pooled()));
    for (int j = 1; j < window; j++) {
      names.add("s_" + j);
    }
    return names;
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    int width = gates() * units;
    int forget = pooling == Pooling.IFO ? 1 : 0;
    Expr w = scope.parameter(
        "W", Shape.of(Cell.features(this, input), window * width), Initializers.glorotUniform());
    Expr b = scope.parameter("b", Shape.of(width), Initializers.unitGate(forget, gates()));
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        Expr all = x.matmul(w);
        List<Expr> sequences = new ArrayList<>();
        for (int j = 0; j < window; j++) {
          Expr part = all.slice(-1, j * width, (j + 1) * width);
          sequences.add(j == 0 ? part.plus(b) : part);
        }
        return sequences;
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        List<Expr> sums = new ArrayList<>(current); // with what earlier inputs add
        for (int j = 0; j + 1 < window; j++) {
          sums.set(j, sums.get(j).plus(states.get(pooled() + j)));
        }
        List<Expr> nexts = new ArrayList<>(pooled(sums.getFirst(), forget, states));
        nexts.addAll(sums.subList(1, window));
        return new Scans.Step(nexts, List.of(nexts.getFirst()));
      }
    };
  }

  private List<Expr> pooled(Expr z, int forget, List<Expr> states) {
    Expr f = sigmoid(gate(z, forget));
    Expr g = tanh(gate(z, forget + 1));
    Expr i = pooling == Pooling.IFO ? sigmoid(gate(z, 0)) : f.complement();
    Expr next = f.times(states.get(pooled() - 1)).plus(i.times(g));
    return pooling == Pooling.F ? List.of(next) : List.of(sigmoid(gate(z, forget + 2)).times(next), next);
  }

  private Expr gate(Expr z, int number) {
    return z.slice(-1, number * units, (number + 1) * units);
  }

  @Override
  public String toString() {
    return "QRNN(units=" + units + ", window=" + window + ", pooling=" + pooling.word() + ")";
  }
}

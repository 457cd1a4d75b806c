package io.carousel.cell;

import static io.carousel.expr.Expr.sigmoid;
import static io.carousel.expr.Expr.tanh;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Locale;

/**
 * Long short-term memory with dropout within the recurrence, in two forms: of the output h that goes
 * back in, with the same mask m at all steps of a row, or of the candidate g, with a mask m of its own
 * at each step.
 *
 * <pre>
 *   state:      i, f, o = σ(W x + R (h ⊙ m) + b)   g = tanh(W x + R (h ⊙ m) + b)   c' = f ⊙ c + i ⊙ g
 *   candidate:  i, f, o = σ(W x + R h + b)         g = tanh(W x + R h + b)         c' = f ⊙ c + i ⊙ g ⊙ m
 *   both:       h' = o ⊙ tanh(c')
 * </pre>
 *
 * m [B,H] is 0 with probability {@code rate}, else 1 / (1 − rate). The cell c itself is never dropped. When
 * the model answers it is the {@link LstmCell}, with the same parameters.
 *
 * <p>Source: state: Gal, Ghahramani: A Theoretically Grounded Application of Dropout in Recurrent Neural
 * Networks, 2016 (Keras's {@code recurrent_dropout}); candidate: Semeniuta, Severyn, Barth: Recurrent
 * Dropout without Memory Loss, 2016. Differs from the source: all gates share one mask; inputs are dropped
 * by a dropout layer before this one.
 *
 * @param units the size H of the states
 * @param rate the part that is dropped, 0 to below 1
 * @param of what is dropped
 */
public record DropoutLstmCell(int units, double rate, Of of) implements Cell {
  /** What is dropped. */
  public enum Of {
    /** The output on its way back in, the same units at all steps of a row. */
    STATE,
    /** What may be written into the cell, other units at each step. */
    CANDIDATE;

    /** Its name in model files, {@code state}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public DropoutLstmCell {
    Gates.requireUnits("DropoutLSTM", units);
    DropoutMask.requireRate("DropoutLSTM", rate);
  }

  @Override
  public List<Expr> initials() {
    return Gates.zeros(2, units);
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    if (!scope.training() || rate == 0) {
      return new LstmCell(units).declare(input, scope);
    }
    Gates gates = Gates.declare(this, 4, input, scope, Initializers.unitGate(1, 4));
    boolean ofState = of == Of.STATE;
    Shape state = Shape.of(Shape.B, units);
    Expr mask = DropoutMask.of(rate, scope.name(), ofState ? state : state.insert(0, Shape.T));
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return ofState ? List.of(x) : List.of(x, mask);
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        Expr h = states.get(0);
        Expr z = gates.sum(current.getFirst(), ofState ? h.times(mask) : h);
        Expr i = sigmoid(gates.of(z, 0));
        Expr f = sigmoid(gates.of(z, 1));
        Expr g = tanh(gates.of(z, 2));
        Expr o = sigmoid(gates.of(z, 3));
        Expr in = ofState ? i.times(g) : i.times(g).times(current.get(1));
        Expr nextC = f.times(states.get(1)).plus(in);
        Expr nextH = o.times(tanh(nextC));
        return new Scans.Step(List.of(nextH, nextC), List.of(nextH));
      }
    };
  }
}

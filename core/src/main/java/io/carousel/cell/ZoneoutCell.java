package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A cell with zoneout: while training, a part of each state stays what it was before the step instead of being
 * dropped.
 *
 * <pre>
 *   s' = d ⊙ s + (1 − d) ⊙ ŝ        ŝ: the next state by the cell, of s
 *   s' = p s + (1 − p) ŝ            when the model answers
 * </pre>
 *
 * d is 1 with probability p, the state's rate, else 0, drawn anew at each step; shaped as the state. All of ŝ are
 * the cell's equations of the states before the step, so that an LSTM's h' has tanh(ĉ) in it, not tanh(c'). The
 * output is h', after zoneout.
 *
 * <p>Source: Krueger et al.: Zoneout: Regularizing RNNs by Randomly Preserving Hidden Activations, 2017,
 * equations 2 to 5; it has p = 0.5 for c and 0.05 for h of an LSTM.
 *
 * @param cell the cell, the library's or one's own
 * @param rates p for each state of the cell in its order, 0 to below 1: for an LSTM first that of h, then that of
 *     c. States that only together mean something, as those of the {@link SLstmCell} after h, must have 0
 */
public record ZoneoutCell(Cell cell, List<Double> rates) implements Cell {
  public ZoneoutCell {
    rates = List.copyOf(rates);
    if (rates.size() != cell.initials().size()) {
      throw new IllegalArgumentException(
          "Zoneout of " + cell + ": needs a rate for each of " + cell.initials().size() + " states, got "
              + rates);
    }
    rates.forEach(rate -> DropoutMask.requireRate("Zoneout of " + cell, rate));
    if (cell.hasScaledStates() && rates.subList(1, rates.size()).stream().anyMatch(rate -> rate != 0)) {
      throw new IllegalArgumentException(
          "Zoneout of " + cell + ": the states after the first are scaled together and need a rate of 0, got "
              + rates);
    }
  }

  /** With the rate of each state in the cell's order. */
  public static ZoneoutCell of(Cell cell, Double... rates) {
    return new ZoneoutCell(cell, List.of(rates));
  }

  @Override
  public int units() {
    return cell.units();
  }

  @Override
  public List<Expr> initials() {
    return cell.initials();
  }

  @Override
  public List<Expr> initials(Shape input) {
    return cell.initials(input);
  }

  @Override
  public boolean hasScaledStates() {
    return cell.hasScaledStates();
  }

  @Override
  public List<String> stateNames() {
    return cell.stateNames();
  }

  @Override
  public Step declare(Shape input, Scope scope) {
    Step plain = cell.declare(input, scope);
    return scope.training() ? drawn(plain, initials(input), scope.name()) : mean(plain);
  }

  private Step drawn(Step plain, List<Expr> initials, String name) {
    List<Expr> numbers = new ArrayList<>();
    for (int i = 0; i < rates.size(); i++) {
      if (rates.get(i) > 0) {
        numbers.add(Expr.random(name + ".zoneout" + i, initials.get(i).shape().insert(0, Shape.T)));
      }
    }
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        List<Expr> sequences = new ArrayList<>(plain.sequences(x));
        sequences.addAll(numbers);
        return sequences;
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        int own = current.size() - numbers.size();
        List<Expr> nexts = new ArrayList<>(plain.step(current.subList(0, own), states).nexts());
        for (int i = 0; i < rates.size(); i++) {
          if (rates.get(i) > 0) {
            Expr stays = current.get(own++).less(Expr.constant(rates.get(i)));
            nexts.set(i, Expr.select(stays, states.get(i), nexts.get(i)));
          }
        }
        return new Scans.Step(nexts, List.of(nexts.getFirst()));
      }
    };
  }

  private Step mean(Step plain) {
    return new Step() {
      @Override
      public List<Expr> sequences(Expr x) {
        return plain.sequences(x);
      }

      @Override
      public Scans.Step step(List<Expr> current, List<Expr> states) {
        List<Expr> nexts = new ArrayList<>(plain.step(current, states).nexts());
        for (int i = 0; i < rates.size(); i++) {
          double rate = rates.get(i);
          if (rate > 0) {
            nexts.set(i, states.get(i).times(rate).plus(nexts.get(i).times(1 - rate)));
          }
        }
        return new Scans.Step(nexts, List.of(nexts.getFirst()));
      }
    };
  }

  @Override
  public String toString() {
    return "Zoneout(" + cell + ", rates=" + rates + ")";
  }
}

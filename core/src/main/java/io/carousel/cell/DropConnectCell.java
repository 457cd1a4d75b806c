package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cell with DropConnect: while training, single weights are dropped instead of units, the same ones at all steps
 * and in all rows of a batch.
 *
 * <pre>
 *   R ⊙ m in the place of R
 * </pre>
 *
 * m has the shape of the weights and is 0 with probability {@code rate}, else 1 / (1 − rate), drawn anew for each
 * batch. When the model answers it is the cell itself, with the same parameters.
 *
 * <p>Source: Wan et al.: Regularization of Neural Networks using DropConnect, 2013; on the recurrent weights:
 * Merity, Keskar, Socher: Regularizing and Optimizing LSTM Language Models, 2018 (the weight-dropped LSTM of
 * AWD-LSTM). Differs from the source: none from the latter.
 *
 * @param cell the cell, the library's or one's own
 * @param rate the part of the weights that is dropped, 0 to below 1
 * @param weights the names of the parameters that it is done to, {@code R} for most cells
 */
public record DropConnectCell(Cell cell, double rate, Set<String> weights) implements Cell {
  public DropConnectCell {
    DropoutMask.requireRate("DropConnect of " + cell, rate);
    weights = java.util.Collections.unmodifiableSet(new TreeSet<>(weights));
    if (weights.isEmpty()) {
      throw new IllegalArgumentException("DropConnect of " + cell + ": needs the name of a parameter");
    }
  }

  /** Of the recurrent weights R. */
  public DropConnectCell(Cell cell, double rate) {
    this(cell, rate, Set.of("R"));
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
    List<String> seen = new ArrayList<>();
    boolean drops = scope.training() && rate > 0;
    Step step =
        cell.declare(
            input,
            scope.seenAs(
                (name, parameter) -> {
                  String own = name.substring(name.lastIndexOf('.') + 1);
                  seen.add(own);
                  return drops && weights.contains(own)
                      ? parameter.times(DropoutMask.of(rate, name, parameter.shape())) : parameter;
                }));
    if (!seen.containsAll(weights)) {
      throw new IllegalArgumentException(
          this + ": " + weights + " must be parameters of the cell, which has " + seen);
    }
    return step;
  }

  @Override
  public String toString() {
    return "DropConnect(" + cell + ", rate=" + rate + ", weights=" + weights + ")";
  }
}

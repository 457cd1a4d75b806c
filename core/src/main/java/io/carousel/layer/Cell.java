package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import java.util.List;

/**
 * One step of a recurrence, written as equations. {@link Recurrent#of} lifts it to a layer that runs
 * over time; its derivative and its fast code follow from the equations.
 */
public interface Cell {
  /** The size H of the output. */
  int units();

  /** The states before the first step, each [B,…]. The first one is the cell's output, [B,H]. */
  List<Expr> initials();

  /**
   * Declares the parameters for inputs [B,{@code inputs}] and says what one step does.
   *
   * @throws IllegalArgumentException if the cell cannot take that many inputs
   */
  Step declare(int inputs, Scope scope);

  /** The equations of one step. */
  @FunctionalInterface
  interface Step {
    /**
     * The sequences [T,B,…] that the steps read, made of the whole input [T,B,I] before the loop: the
     * input alone, unless a cell says otherwise.
     */
    default List<Expr> sequences(Expr input) {
      return List.of(input);
    }

    /**
     * The next states, in the order of {@link Cell#initials}, and as the only output of the step the
     * first of them.
     *
     * @param current the current part of each of {@link #sequences}: x [B,I] alone, for most cells
     * @param states the states before the step
     */
    Scans.Step step(List<Expr> current, List<Expr> states);
  }
}

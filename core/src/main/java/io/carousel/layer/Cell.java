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
     * The next states, in the order of {@link Cell#initials}, and as the only output of the step the
     * first of them.
     *
     * @param x the current inputs [B,I]
     * @param states the states before the step
     */
    Scans.Step step(Expr x, List<Expr> states);
  }
}

package io.carousel.cell;

import io.carousel.expr.Expr;
import io.carousel.expr.Scans;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;

/**
 * One step of a recurrence, written as equations. A recurrent layer runs it over time; its derivative
 * and its fast code follow from the equations.
 */
public interface Cell {
  /** The size H of the output. */
  int units();

  /**
   * The states before the first step, each [B,…]. The first one is the cell's output, [B,H]. Of a convolutional cell
   * these are the states at one place; a size that is that of the input is 1 here.
   */
  List<Expr> initials();

  /**
   * The states before the first step for inputs of a shape: {@link #initials()}, of a convolutional cell at each place.
   *
   * @param input the shape of x, the input of one step, [B,…]
   */
  default List<Expr> initials(Shape input) {
    return initials();
  }

  /** What states are called in equations where a cell says nothing else. */
  List<String> STATE_NAMES = List.of("h", "c", "n", "m", "u", "v", "w", "z");

  /** What the states are called in equations, in their order. */
  default List<String> stateNames() {
    return STATE_NAMES.subList(0, initials().size());
  }

  /**
   * True if the states after the first have one scale in common that changes from step to step, so that none of
   * them can be changed without the others: those of cells with exponential gates and a stabilizer.
   */
  default boolean hasScaledStates() {
    return false;
  }

  /**
   * Declares the parameters and says what one step does.
   *
   * @param input the shape of x, the input of one step, [B,…]: [B,I] for most cells
   * @throws IllegalArgumentException if the cell cannot take such inputs; says what would do
   */
  Step declare(Shape input, Scope scope);

  /**
   * The size I of inputs [B,I].
   *
   * @throws IllegalArgumentException if the inputs are no vectors
   */
  static int features(Cell cell, Shape input) {
    if (input.rank() != 2) {
      throw new IllegalArgumentException(
          cell + ": each step must be a vector [B,F], got " + input + "; flatten it before, or use a"
              + " convolutional cell");
    }
    return input.size(-1);
  }

  /** The equations of one step. */
  @FunctionalInterface
  interface Step {
    /**
     * The sequences [T,B,…] that the steps read, made of the whole input [T,B,I] before the loop: the
     * input alone, unless a cell says otherwise. Gates that see no state belong here. Each step of a sequence
     * must be made of the same step of the input alone: rows differ in length, and may be read in reverse.
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

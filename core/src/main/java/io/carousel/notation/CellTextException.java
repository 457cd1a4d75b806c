package io.carousel.notation;

/**
 * A cell's text cannot be read: where, why, and what would be right.
 *
 * <pre>
 *   textbook.cell line 6, column 14: c' uses g, which is not defined; did you mean i?
 *     c' = f * c + g * tanh(W_c x + b_c)
 *                  ^
 * </pre>
 */
public final class CellTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;

  CellTextException(String message, int line, int column) {
    super(message);
    this.line = line;
    this.column = column;
  }

  /** The line of the text, from 1. */
  public int line() {
    return line;
  }

  /** The place within the line, from 1. */
  public int column() {
    return column;
  }
}

package io.carousel.store;

/**
 * A model file cannot be used: it is missing, truncated, corrupted, of another kind, or too new.
 *
 * <p>The message is one line: the file, what must hold, what was found, what to do.
 */
public final class ModelFormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}

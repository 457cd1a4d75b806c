package io.carousel.data;

/**
 * The user's data cannot be used as it is.
 *
 * <p>The message is one line: the file and the line in it, what must hold, what was found, what to do.
 */
public final class DataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}

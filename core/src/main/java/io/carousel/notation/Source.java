package io.carousel.notation;

/**
 * A text and what to call it, for errors that point into it.
 *
 * @param name a file, or nothing
 * @param text the whole text
 */
record Source(String name, String text) {
  /** An error at a place of the text: one line that says what is wrong, the line itself, and a caret. */
  CellTextException error(int at, String message) {
    int place = Math.min(at, text.length());
    int begin = text.lastIndexOf('\n', place - 1) + 1;
    int end = text.indexOf('\n', place);
    int line = 1 + (int) text.substring(0, begin).chars().filter(c -> c == '\n').count();
    int column = place - begin + 1;
    // Tabs become spaces, so that the caret stands where it should.
    String shown = text.substring(begin, end < 0 ? text.length() : end).replaceAll("[\t\r]", " ").stripTrailing();
    String where = (name.isEmpty() ? "" : name + " ") + "line " + line + ", column " + column;
    return new CellTextException(
        where + ": " + message + "\n  " + shown + "\n  " + " ".repeat(column - 1) + "^", line, column);
  }
}

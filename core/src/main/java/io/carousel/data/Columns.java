package io.carousel.data;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table to read.
 *
 * @param text the column of the texts: its name, or its number from 1 where there is no header
 * @param label the column of the labels, or null if the table has none or they are not wanted
 * @param header whether the first line names the columns
 * @param keepRows whether to keep all fields of each row, so that they can be written out again
 */
public record Columns(String text, @Nullable String label, boolean header, boolean keepRows) {
  public Columns {
    Objects.requireNonNull(text, "text");
    if (!header) {
      requireNumber("text", text);
      if (label != null) {
        requireNumber("label", label);
      }
    }
    if (text.equals(label)) {
      throw new DataException(
          "Columns: the text and the label must stand in two columns, got \"" + text + "\" for both; say which holds"
              + " the labels");
    }
  }

  /** Columns by the names in the header. */
  public static Columns named(String text, @Nullable String label) {
    return new Columns(text, label, true, false);
  }

  /** Columns by number, the first being 1, in a table without a header. */
  public static Columns numbered(int text, int label) {
    return new Columns(Integer.toString(text), Integer.toString(label), false, false);
  }

  /** The same without labels. */
  public Columns withoutLabel() {
    return new Columns(text, null, header, keepRows);
  }

  /** The same, keeping all fields of each row. */
  public Columns keepingRows() {
    return new Columns(text, label, header, true);
  }

  private static void requireNumber(String role, String column) {
    if (number(column) < 1) {
      throw new DataException(
          "Columns: without a header the " + role + " column must be a number from 1, got \"" + column
              + "\"; count the columns");
    }
  }

  /** The column's number, or 0 if it is not one. */
  static int number(String column) {
    if (column.isEmpty() || column.length() > 9) {
      return 0;
    }
    for (int i = 0; i < column.length(); i++) {
      if (column.charAt(i) < '0' || column.charAt(i) > '9') {
        return 0;
      }
    }
    return Integer.parseInt(column);
  }
}

package io.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Takes the rows of a table one by one, finds the columns, checks every row, and makes the table. */
final class TableBuilder {
  private static final int COLUMNS_SHOWN = 20;
  private static final int NAME_SHOWN = 30;

  private final String source;
  private final Columns wanted;
  private final String separator;
  private final List<String> texts = new ArrayList<>();
  private final @Nullable List<String> labels;
  private final @Nullable List<String[]> rows;
  private final Map<String, String> labelValues = new HashMap<>();
  private long[] lines = new long[1024];
  private List<String> columns = List.of();
  private int textColumn = -1;
  private int labelColumn = -1;

  /** {@code separator} is the separator's name in messages, for example {@code comma}. */
  TableBuilder(String source, Columns wanted, String separator) {
    this.source = source;
    this.wanted = wanted;
    this.separator = separator;
    this.labels = wanted.label() == null ? null : new ArrayList<>();
    this.rows = wanted.keepRows() ? new ArrayList<>() : null;
  }

  /** Takes the next row, which starts at {@code line}. */
  void row(long line, String[] fields) {
    if (textColumn < 0) {
      start(fields);
      if (wanted.header()) {
        return;
      }
    }
    if (fields.length != columns.size()) {
      if (fields.length == 1 && fields[0].isEmpty()) {
        return; // an empty line; where there is but one column it is an empty text instead
      }
      throw wrongFieldCount(line, fields.length);
    }
    int row = texts.size();
    if (labels != null) {
      String label = fields[labelColumn].strip();
      if (label.isEmpty()) {
        throw new DataException(
            source + " line " + line + ": " + labelPlace() + " must hold a label, it is empty; fill it in"
                + " or remove the row");
      }
      // One string for each label, not one for each row.
      String known = labelValues.putIfAbsent(label, label);
      labels.add(known == null ? label : known);
    }
    texts.add(fields[textColumn]);
    if (rows != null) {
      rows.add(fields);
    }
    if (row == lines.length) {
      lines = Arrays.copyOf(lines, row * 2);
    }
    lines[row] = line;
  }

  /** The table, once all rows are in. */
  TextTable build(String sha256) {
    if (textColumn < 0) {
      throw new DataException(
          source + ": must hold " + (wanted.header() ? "a line of column names and " : "")
              + "rows, it is empty; check the path");
    }
    if (texts.isEmpty()) {
      throw new DataException(
          source + ": must hold rows below the line of column names, it has none; check the file");
    }
    List<String> notes = new ArrayList<>();
    int empty = TextTable.emptyTexts(texts);
    if (labels != null && empty == texts.size()) {
      throw new DataException(
          source + ": column \"" + columns.get(textColumn) + "\" must hold texts, it is empty in all "
              + empty + " rows; choose another column, there are: " + columnList());
    }
    if (empty > 0) {
      notes.add(emptyNote(source, empty));
    }
    return new TextTable(
        source, texts, labels, labels == null ? null : labelPlace(), List.of(),
        Arrays.copyOf(lines, texts.size()), columns, rows, notes, sha256);
  }

  static String emptyNote(String source, int empty) {
    return source + ": " + count(empty, "empty text") + ", kept as a sequence without steps";
  }

  static String count(int n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
  }

  private String labelPlace() {
    return "column \"" + columns.get(labelColumn) + "\"";
  }

  private void start(String[] first) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      names.add(wanted.header() ? first[i].strip() : Integer.toString(i + 1));
    }
    columns = names;
    String label = wanted.label();
    if (label != null) {
      labelColumn = find("label", label);
    }
    textColumn = find("text", wanted.text());
  }

  private int find(String role, String name) {
    int found = columns.indexOf(name);
    if (found < 0 && wanted.header()) {
      throw new DataException(
          source + ": there must be a " + role + " column \"" + name + "\", the columns are: " + columnList()
              + "; choose one of them, or, if the first line is not a header, read without one, by number");
    }
    if (found < 0) {
      throw new DataException(
          source + ": the " + role + " column must be a number from 1 to " + columns.size()
              + ", the columns that the first line has, got " + name);
    }
    if (columns.lastIndexOf(name) != found) {
      throw new DataException(
          source + ": only one column may be named \"" + name + "\", the columns are: " + columnList()
              + "; rename one of them");
    }
    return found;
  }

  private String columnList() {
    StringJoiner list = new StringJoiner(", ");
    for (int i = 0; i < Math.min(columns.size(), COLUMNS_SHOWN); i++) {
      list.add(Labels.shorten(columns.get(i), NAME_SHOWN));
    }
    if (columns.size() > COLUMNS_SHOWN) {
      list.add("and " + (columns.size() - COLUMNS_SHOWN) + " more");
    }
    return list.toString();
  }

  private DataException wrongFieldCount(long line, int fields) {
    String like = wanted.header() ? "the header" : "the first row";
    String advice =
        fields < columns.size()
            ? "look for a missing " + separator + " or a line break inside the row"
            : "look for a " + separator + " inside the text"
                + (separator.equals("tab") ? "" : " that is not within quotes");
    return new DataException(
        source + " line " + line + ": a row must have " + count(columns.size(), "field") + " like " + like
            + ", this one has " + fields + "; " + advice);
  }
}

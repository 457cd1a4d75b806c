package io.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts, with a label each or without, and where each came from.
 *
 * <p>An empty text is a text: it stays in its row, so that predictions stay in line with the file, and
 * becomes a sequence of no steps. {@link #emptyTexts} counts them. Immutable.
 */
public final class TextTable {
  private final String source;
  private final List<String> texts;
  private final @Nullable List<String> labels;
  private final @Nullable String labelColumn;
  private final List<String> places;
  private final long[] lines;
  private final List<String> columns;
  private final @Nullable List<String[]> rows;
  private final List<String> notes;
  private final String sha256;

  /** What a reader found; lists are parallel, {@code places} and {@code lines} say where each row is. */
  TextTable(
      String source,
      List<String> texts,
      @Nullable List<String> labels,
      @Nullable String labelColumn,
      List<String> places,
      long[] lines,
      List<String> columns,
      @Nullable List<String[]> rows,
      List<String> notes,
      String sha256) {
    this.source = source;
    this.texts = Collections.unmodifiableList(texts);
    this.labels = labels == null ? null : Collections.unmodifiableList(labels);
    this.labelColumn = labelColumn;
    this.places = places;
    this.lines = lines;
    this.columns = List.copyOf(columns);
    this.rows = rows;
    this.notes = List.copyOf(notes);
    this.sha256 = sha256;
  }

  /**
   * A table of texts at hand.
   *
   * @param labels one for each text, or null
   * @throws IllegalArgumentException if there are not as many labels as texts
   */
  public static TextTable of(List<String> texts, @Nullable List<String> labels) {
    if (labels != null && labels.size() != texts.size()) {
      throw new IllegalArgumentException(
          "TextTable: every text must have a label, got " + texts.size() + " texts and "
              + labels.size() + " labels");
    }
    return new TextTable(
        "texts", List.copyOf(texts), labels == null ? null : List.copyOf(labels), null,
        List.of(), new long[0], List.of(), null, List.of(), "");
  }

  public int size() {
    return texts.size();
  }

  /** The file or folder that the texts were read from. */
  public String source() {
    return source;
  }

  public List<String> texts() {
    return texts;
  }

  /** A label for each text, or null if the table has none. */
  public @Nullable List<String> labels() {
    return labels;
  }

  /** What holds the labels, as a subject for messages: {@code column "label"}, {@code the folders}. */
  String labelPlace() {
    return labelColumn == null ? "the labels" : labelColumn;
  }

  /** Where a row came from, for messages: {@code train.tsv line 17}, or its file. */
  public String where(int row) {
    if (row < lines.length) {
      return source + " line " + lines[row];
    }
    return row < places.size() ? places.get(row) : source + " number " + (row + 1);
  }

  /** The names of all columns, or their numbers if there is no header; empty for a folder. */
  public List<String> columns() {
    return columns;
  }

  /**
   * All fields of a row as they were read.
   *
   * @throws IllegalStateException if the table was read without {@link Columns#keepingRows}
   */
  public List<String> row(int row) {
    if (rows == null) {
      throw new IllegalStateException("TextTable: rows were not kept; read with Columns.keepingRows()");
    }
    return Collections.unmodifiableList(Arrays.asList(rows.get(row)));
  }

  /** What a careful user would want to know: skipped folders, empty texts. One line each. */
  public List<String> notes() {
    return notes;
  }

  /** The SHA-256 of the data as stored, see {@link DataHash}; empty for a table not read from a file. */
  public String sha256() {
    return sha256;
  }

  /** How many texts hold nothing but white space. */
  public int emptyTexts() {
    return emptyTexts(texts);
  }

  static int emptyTexts(List<String> texts) {
    int count = 0;
    for (String text : texts) {
      count += text.isBlank() ? 1 : 0;
    }
    return count;
  }

  /** The given rows, in the given order. */
  public TextTable subset(int[] chosen) {
    List<String> someTexts = new ArrayList<>(chosen.length);
    List<String> someLabels = labels == null ? null : new ArrayList<>(chosen.length);
    List<String> somePlaces = places.isEmpty() ? List.of() : new ArrayList<>(chosen.length);
    List<String[]> someRows = rows == null ? null : new ArrayList<>(chosen.length);
    long[] someLines = new long[lines.length == 0 ? 0 : chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      someTexts.add(texts.get(chosen[i]));
      if (labels != null && someLabels != null) {
        someLabels.add(labels.get(chosen[i]));
      }
      if (!places.isEmpty()) {
        somePlaces.add(places.get(chosen[i]));
      }
      if (rows != null && someRows != null) {
        someRows.add(rows.get(chosen[i]));
      }
      if (lines.length > 0) {
        someLines[i] = lines[chosen[i]];
      }
    }
    return new TextTable(
        source, someTexts, someLabels, labelColumn, somePlaces, someLines, columns, someRows, notes, sha256);
  }

  @Override
  public String toString() {
    return "TextTable(" + source + ", " + size() + " rows" + (labels == null ? ")" : ", labelled)");
  }
}

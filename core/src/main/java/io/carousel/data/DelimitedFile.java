package io.carousel.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Cuts files into rows of fields. */
final class DelimitedFile {
  /** The most characters that a field may have, here and where FastCSV buffers. */
  private static final int LARGEST = 1 << 28;

  private static final String STARTING = " (record starting at line ";

  private DelimitedFile() {}

  /** Fields end at separators and rows at line ends, whatever stands between: the TSV of data sets. */
  static void readPlain(Utf8Reader reader, String source, char separator, TableBuilder builder)
      throws IOException {
    LineReader lines = new LineReader(reader, source);
    while (lines.next()) {
      char[] buffer = lines.buffer();
      int end = lines.end();
      int fields = 1;
      for (int i = lines.start(); i < end; i++) {
        fields += buffer[i] == separator ? 1 : 0;
      }
      String[] row = new String[fields];
      int from = lines.start();
      for (int k = 0; k < fields; k++) {
        int to = from;
        while (to < end && buffer[to] != separator) {
          to++;
        }
        row[k] = new String(buffer, from, to - from);
        from = to + 1;
      }
      builder.row(lines.line(), row);
    }
  }

  /** Fields may be quoted, and then hold separators and line ends: CSV as RFC 4180 has it. */
  static void readQuoted(Utf8Reader reader, String source, char separator, TableBuilder builder) {
    CsvRecordHandler handler =
        CsvRecordHandler.builder().maxFieldSize(LARGEST).maxRecordSize(LARGEST).maxFields(1 << 14).build();
    CsvReader<CsvRecord> csv =
        CsvReader.builder()
            .fieldSeparator(separator)
            .skipEmptyLines(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // counted, with better words, by the builder
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(LARGEST)
            .build(handler, reader);
    try {
      // Not closed here: that would close the reader, whose owner still wants the rest for the hash.
      for (CsvRecord row : csv) {
        int fields = row.getFieldCount();
        builder.row(
            row.getStartingLineNumber(),
            fields == 0 ? new String[] {""} : row.getFields().toArray(new String[fields]));
      }
    } catch (CsvParseException | UncheckedIOException e) {
      throw translated(e, source);
    }
  }

  /** The reader's own complaint if there is one among the causes, else FastCSV's in our manner. */
  private static RuntimeException translated(RuntimeException e, String source) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof DataException known) {
        return known;
      }
      if (cause instanceof IOException failed) {
        return new UncheckedIOException(failed);
      }
    }
    String message = String.valueOf(e.getMessage());
    int at = message.lastIndexOf(STARTING);
    if (at < 0 || !message.endsWith(")")) {
      return new DataException(source + ": must be sound CSV, but: " + message + "; check the file", e);
    }
    String line = message.substring(at + STARTING.length(), message.length() - 1);
    String what = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1, at);
    return new DataException(
        source + " line " + line + ": must be sound CSV, but: " + what
            + "; close every quote, and double the quotes inside a quoted field", e);
  }
}

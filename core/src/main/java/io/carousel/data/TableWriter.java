package io.carousel.data;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Writes tables, for example predictions beside the columns that they were made from.
 *
 * <p>TSV has no quotes, so that a tab or a line end inside a field is written as a space there.
 */
public final class TableWriter {
  private TableWriter() {}

  /**
   * Writes a file: TSV where its name says {@code .tsv} or {@code .tab}, else CSV; gzipped where the name
   * ends with {@code .gz}. The file appears whole or not at all.
   *
   * @throws IOException if it cannot be written; what was there before is still there
   */
  public static void write(Path path, Iterable<List<String>> rows) throws IOException {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz");
    String plain = gzip ? name.substring(0, name.length() - 3) : name;
    Path unfinished = path.resolveSibling(path.getFileName() + ".part");
    try {
      try (OutputStream file = Files.newOutputStream(unfinished);
          OutputStream packed = gzip ? new GZIPOutputStream(file, 1 << 16) : file;
          Writer out = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8), 1 << 16)) {
        write(out, plain.endsWith(".tsv") || plain.endsWith(".tab"), rows);
      }
      Files.move(unfinished, path, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Writes TSV if {@code tabs}, else CSV, and flushes {@code out} without closing it. */
  public static void write(Writer out, boolean tabs, Iterable<List<String>> rows) throws IOException {
    if (tabs) {
      for (List<String> row : rows) {
        for (int i = 0; i < row.size(); i++) {
          out.write(i == 0 ? "" : "\t");
          out.write(row.get(i).replace('\t', ' ').replace('\n', ' ').replace('\r', ' '));
        }
        out.write('\n');
      }
    } else {
      // Closing the CSV writer would close the writer below it, which is the caller's.
      CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
      for (List<String> row : rows) {
        csv.writeRecord(row);
      }
      csv.flush();
    }
    out.flush();
  }
}

package io.carousel.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads tables of texts from files and folders.
 *
 * <p>The name says what a file is: {@code .csv} is comma separated, with quotes (semicolons or tabs are
 * recognized by the first line); {@code .tsv} and {@code .tab} are tab separated, and quotes mean
 * nothing; any other file is what its first line looks like. Each may be gzipped, whatever its name.
 * A folder is a folder for each class, with a text in each file.
 */
public final class TextTables {
  private static final int BUFFER = 1 << 16;
  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int ZIP_MAGIC = 0x504B;

  private TextTables() {}

  /**
   * Reads a table.
   *
   * @param columns which columns of a file; a folder has no columns, and there only says whether labels
   *     are wanted
   * @throws DataException if the file cannot be read, or is not such a table; the message is one line
   */
  public static TextTable read(Path path, Columns columns) {
    String source = path.toString();
    try {
      return Files.isDirectory(path) ? ClassFolders.read(path, columns) : file(path, columns);
    } catch (IOException e) {
      throw unreadable(source, path, e);
    }
  }

  private static TextTable file(Path path, Columns columns) throws IOException {
    String source = path.toString();
    MessageDigest digest = DataHash.sha256();
    try (InputStream raw = new DigestInputStream(Files.newInputStream(path), digest);
        InputStream stored = new BufferedInputStream(raw, BUFFER);
        Utf8Reader reader = new Utf8Reader(unpacked(stored, source), source)) {
      char separator = separator(path, reader.peekLine());
      boolean quotes = separator != '\t' || name(path).endsWith(".csv");
      TableBuilder builder = new TableBuilder(source, columns, separatorName(separator));
      if (quotes) {
        DelimitedFile.readQuoted(reader, source, separator, builder);
      } else {
        DelimitedFile.readPlain(reader, source, separator, builder);
      }
      // What the unpacker did not ask for belongs to the file and its hash all the same.
      raw.transferTo(OutputStream.nullOutputStream());
      return builder.build(DataHash.hex(digest));
    }
  }

  /** The stream itself, or what it unpacks to. */
  static InputStream unpacked(InputStream stored, String source) throws IOException {
    stored.mark(4);
    int magic = (stored.read() << 8) | stored.read();
    stored.reset();
    if (magic == ZIP_MAGIC) {
      throw new DataException(
          source + ": must be CSV, TSV, either gzipped, or a folder; this is a zip archive; unpack it first");
    }
    return magic == GZIP_MAGIC ? new GZIPInputStream(stored, BUFFER) : stored;
  }

  private static String name(Path path) {
    Path last = path.getFileName();
    String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }

  private static char separator(Path path, String firstLine) {
    String name = name(path);
    if (name.endsWith(".tsv") || name.endsWith(".tab")) {
      return '\t';
    }
    boolean csv = name.endsWith(".csv");
    if (!csv && firstLine.indexOf('\t') >= 0) {
      return '\t';
    }
    boolean comma = false;
    boolean semicolon = false;
    boolean tab = false;
    boolean quoted = false;
    for (int i = 0; i < firstLine.length(); i++) {
      char c = firstLine.charAt(i);
      quoted ^= c == '"';
      comma |= !quoted && c == ',';
      semicolon |= !quoted && c == ';';
      tab |= !quoted && c == '\t';
    }
    if (comma) {
      return ',';
    }
    if (semicolon) {
      return ';';
    }
    // A file of one column: only where the name says so are quotes and commas more than text.
    return csv && !tab ? ',' : '\t';
  }

  private static String separatorName(char separator) {
    return separator == '\t' ? "tab" : separator == ',' ? "comma" : "semicolon";
  }

  static DataException unreadable(String source, Path path, IOException e) {
    if (!Files.exists(path)) {
      return new DataException(
          source + ": there must be a file or folder here, there is none; check the path (from "
              + Path.of("").toAbsolutePath() + ")", e);
    }
    String reason = e instanceof AccessDeniedException ? "permission is denied" : e.toString();
    return new DataException(source + ": must be readable, but " + reason + "; check the file", e);
  }
}

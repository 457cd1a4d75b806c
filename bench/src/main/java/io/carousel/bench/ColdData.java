package io.carousel.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The labelled texts that cold starts train on.
 *
 * @param file a TSV file, gzipped or not
 * @param columns options that say where text and label are, as the command line knows them and
 *     {@code pytorch_cold.py} too
 */
record ColdData(Path file, List<String> columns) {
  /**
   * A file with the columns {@code text} and {@code label}, or the messages of the examples.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  static ColdData of(@Nullable Path given) {
    if (given == null) {
      Path messages = Machine.home().resolve("examples/data/sms-spam/SMSSpamCollection.tsv");
      return checked(new ColdData(messages, List.of("--no-header", "--text", "2", "--label", "1")));
    }
    return checked(new ColdData(given, List.of("--text", "text", "--label", "label")));
  }

  private static ColdData checked(ColdData data) {
    if (!Files.isReadable(data.file) || Files.isDirectory(data.file)) {
      throw new IllegalArgumentException(
          "--data: must be a TSV file, gzipped or not, with the columns text and label, got " + data.file
              + ", which cannot be read");
    }
    return data;
  }

  /** All of it as options. */
  List<String> options() {
    return Stream.concat(Stream.of("--data", file.toAbsolutePath().toString()), columns.stream()).toList();
  }
}

package io.carousel.cli;

import io.carousel.data.Columns;
import io.carousel.data.Labels;
import io.carousel.data.TableWriter;
import io.carousel.data.TextTable;
import io.carousel.store.AtomicFiles;
import io.carousel.store.JsonObject;
import io.carousel.task.Prediction;
import io.carousel.task.TextClassifier;
import io.carousel.task.TextClassifierOptions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code carousel predict}: the labels of a text, of a table, or of lines on standard input. */
final class PredictCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = Specs.command(
        "predict", "Labels one text, or a table of texts, or lines on standard input as they come.");
    spec.addPositional(Specs.model());
    spec.addOption(Specs.value("--text", "TEXT", "one text. Example: --text \"a wonderful film\""));
    spec.addOption(Specs.value("--data", "PATH",
        "a table of texts: CSV or TSV, either gzipped, or a folder of folders. Example: --data new.csv"));
    spec.addOption(Specs.value("--column", "COLUMN",
        "the column of the texts in --data. Default: that of the training. Range: a name in the header, or a number from"
            + " 1 with --no-header. Example: --column review"));
    spec.addOption(Specs.flag("--no-header",
        "the first line of --data is a row; columns go by number. Default: as in the training. Example: --no-header"));
    spec.addOption(Specs.value("--out", "FILE",
        "where the table goes, with the columns prediction and probability added. Default: standard output."
            + " Example: --out predictions.csv"));
    spec.addOption(Specs.flag("--force", "replace --out. Default: an existing file is refused. Example: --force"));
    spec.addOption(Specs.flag("--json", "print one JSON object. Default: print text. Example: --json"));
    spec.addOption(Specs.of(TextClassifierOptions.THREADS));
    spec.usageMessage().footer("", "Example: carousel predict runs/imdb --text \"a wonderful film\"");
    return spec;
  }

  @Override
  public boolean needsVectors(ParseResult given) {
    return Specs.text(given, "--text") == null;
  }

  @Override
  public int run(ParseResult given, Terminal terminal) throws IOException {
    String text = Specs.text(given, "--text");
    String data = Specs.text(given, "--data");
    String out = Specs.text(given, "--out");
    boolean json = given.hasMatchedOption("--json");
    if (text != null && data != null) {
      throw new IllegalArgumentException("predict: must be given --text or --data, got both");
    }
    if (data == null && (out != null || given.hasMatchedOption("--column")
        || given.hasMatchedOption("--no-header"))) {
      throw new IllegalArgumentException(
          "predict: --out, --column and --no-header are for a table, but there is no --data; add it");
    }
    if (out != null && Files.exists(Path.of(out)) && !given.hasMatchedOption("--force")) {
      throw new IllegalArgumentException(
          out + ": the file for the predictions must be new, but it exists; choose another one, or replace it with"
              + " --force");
    }
    try (TextClassifier classifier = Specs.load(given)) {
      if (text != null) {
        if (!given.hasMatchedOption("--threads")) {
          classifier.threads(1); // a row of a batch has one thread anyway
        }
        Prediction prediction = classifier.predict(text);
        terminal.print(json ? json(prediction, classifier.labels()).toString() : line(prediction));
      } else if (data != null) {
        table(classifier, data, given, out, terminal);
      } else {
        new PredictLines(classifier, terminal, json).run();
      }
      return 0;
    }
  }

  /** A prediction as a line: label, tab, probability. */
  static String line(Prediction prediction) {
    return prediction.label() + "\t" + probability(prediction);
  }

  /** A prediction as JSON, with the probability of each label. */
  static JsonObject json(Prediction prediction, Labels labels) {
    JsonObject probabilities = new JsonObject();
    for (int k = 0; k < labels.size(); k++) {
      probabilities.put(labels.name(k), prediction.probabilities()[k]);
    }
    return new JsonObject()
        .put("label", prediction.label())
        .put("probability", prediction.probability())
        .put("probabilities", probabilities);
  }

  private static void table(
      TextClassifier classifier, String data, ParseResult given, @Nullable String out, Terminal terminal)
      throws IOException {
    Columns columns = classifier.columns();
    String column = Specs.text(given, "--column");
    boolean header = column == null ? columns.header() && !given.hasMatchedOption("--no-header")
        : !given.hasMatchedOption("--no-header");
    TextTable table =
        TrainCommand.read(
            data, new Columns(column == null ? columns.text() : column, null, header, true), terminal);
    List<Prediction> predictions = classifier.predict(table.texts());
    if (out != null) {
      Path file = Path.of(out);
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      boolean gzip = name.endsWith(".gz");
      boolean tabs = (gzip ? name.substring(0, name.length() - 3) : name).matches(".*\\.(tsv|tab)");
      AtomicFiles.write(file, stream -> write(gzip ? new GZIPOutputStream(stream) : stream, tabs, table,
          header, predictions));
      if (given.hasMatchedOption("--json")) {
        terminal.print(new JsonObject().put("rows", table.size()).put("out", out));
      } else {
        terminal.tell(String.format(Locale.ROOT, "%,d predictions in %s", table.size(), out));
      }
    } else if (given.hasMatchedOption("--json")) {
      terminal.print(
          new JsonObject().put(
              "predictions", predictions.stream().map(each -> json(each, classifier.labels())).toList()));
    } else {
      write(terminal.out(), false, table, header, predictions);
    }
  }

  private static void write(
      OutputStream to, boolean tabs, TextTable table, boolean header, List<Prediction> predictions)
      throws IOException {
    List<List<String>> rows = new ArrayList<>();
    boolean folder = table.columns().isEmpty();
    if (header || folder) {
      List<String> names = new ArrayList<>(folder ? List.of("file") : table.columns());
      names.add(unused("prediction", names));
      names.add(unused("probability", names));
      rows.add(names);
    }
    for (int i = 0; i < table.size(); i++) {
      List<String> row = new ArrayList<>(folder ? List.of(table.where(i)) : table.row(i));
      row.add(predictions.get(i).label());
      row.add(probability(predictions.get(i)));
      rows.add(row);
    }
    Writer writer = new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8), 1 << 16);
    TableWriter.write(writer, tabs, rows);
    if (to instanceof GZIPOutputStream gzip) {
      gzip.finish();
    }
  }

  /** The name itself, or with a number where the table has a column of this name already. */
  private static String unused(String name, List<String> names) {
    String candidate = name;
    for (int i = 2; names.contains(candidate); i++) {
      candidate = name + "_" + i;
    }
    return candidate;
  }

  private static String probability(Prediction prediction) {
    return String.format(Locale.ROOT, "%.4f", prediction.probability());
  }
}

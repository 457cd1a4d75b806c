package io.carousel.cli;

import io.carousel.data.Columns;
import io.carousel.data.TextTable;
import io.carousel.data.TextTables;
import io.carousel.task.Option;
import io.carousel.task.Options;
import io.carousel.task.RunFolder;
import io.carousel.task.TextClassifierOptions;
import io.carousel.task.TextClassifierTraining;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code carousel train text-classifier}: from a file of labelled texts to a model with its figures. */
final class TrainCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = Specs.command(
        "text-classifier",
        "Trains a classifier of texts. Writes a model, its figures and a report for the browser into a folder.");
    spec.addOption(Specs.required("--data", "PATH",
        "the labelled texts: a CSV or TSV file, either gzipped, or a folder with a folder per class."
            + " Example: --data train.tsv"));
    spec.addOption(Specs.value("--text", "COLUMN",
        "the column of the texts. Default: text. Range: a name in the header, or a number from 1 with --no-header."
            + " Example: --text review"));
    spec.addOption(Specs.value("--label", "COLUMN",
        "the column of the labels. Default: label. Range: as for --text. Example: --label sentiment"));
    spec.addOption(Specs.flag("--no-header",
        "the first line is a row; columns go by number. Default: the first line names the columns."
            + " Example: --no-header --text 2 --label 1"));
    spec.addOption(Specs.value("--test", "PATH",
        "texts to measure the model on in the end, with the same columns. Default: the validation rows are taken."
            + " Example: --test test.tsv"));
    spec.addOption(Specs.required("--out", "FOLDER", "the folder of the run. Example: --out runs/imdb"));
    spec.addOption(Specs.flag("--force", "replace the run in --out. Default: an existing folder is refused."
        + " Example: --force"));
    spec.addOption(Specs.flag("--json",
        "print the figures as one JSON object. Default: print text. Example: --json"));
    for (Option<?> option : TextClassifierOptions.defaults().all()) {
      spec.addOption(Specs.of(option));
    }
    spec.usageMessage().footer("", "Example: carousel train text-classifier --data train.tsv --out runs/mine");
    return spec;
  }

  @Override
  public int run(ParseResult given, Terminal terminal) throws IOException {
    Options options = Specs.options(TextClassifierOptions.defaults(), given);
    Columns columns = Specs.columns(given, Columns.named("text", "label"));
    Path out = Path.of(Specs.required(given, "--out"));
    try (StopRequest stop = new StopRequest(terminal);
        RunFolder folder = RunFolder.claim(out, given.hasMatchedOption("--force"))) {
      TextTable table = read(Specs.required(given, "--data"), columns, terminal);
      String test = Specs.text(given, "--test");
      TextClassifierTraining training =
          TextClassifierTraining.of(table).columns(columns).options(options)
              .test(test == null ? null : read(test, columns, terminal));
      return Training.run(training, folder, stop, given.hasMatchedOption("--json"), terminal);
    }
  }

  static TextTable read(String path, Columns columns, Terminal terminal) {
    TextTable table = TextTables.read(Path.of(path), columns);
    for (String note : table.notes()) {
      terminal.tell("note: " + note);
    }
    return table;
  }
}

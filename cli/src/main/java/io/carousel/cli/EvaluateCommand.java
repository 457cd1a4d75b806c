package io.carousel.cli;

import io.carousel.data.TextTable;
import io.carousel.store.JsonObject;
import io.carousel.task.RunFiles;
import io.carousel.task.TextClassifier;
import io.carousel.task.TextClassifierOptions;
import io.carousel.train.ClassificationMetrics;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code carousel evaluate}: how good a model is on labelled texts. */
final class EvaluateCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = Specs.command("evaluate", "Measures a model on labelled texts.");
    spec.addPositional(Specs.model());
    spec.addOption(Specs.required("--data", "PATH",
        "the labelled texts, as for training. Example: --data test.tsv"));
    spec.addOption(Specs.value("--text", "COLUMN",
        "the column of the texts. Default: that of the training. Range: a name in the header, or a number from 1 with"
            + " --no-header. Example: --text review"));
    spec.addOption(Specs.value("--label", "COLUMN",
        "the column of the labels. Default: that of the training. Range: as for --text. Example: --label sentiment"));
    spec.addOption(Specs.flag("--no-header",
        "the first line is a row; columns go by number. Default: as in the training."
            + " Example: --no-header --text 2 --label 1"));
    spec.addOption(Specs.flag("--json",
        "print the figures as one JSON object. Default: print text. Example: --json"));
    spec.addOption(Specs.of(TextClassifierOptions.THREADS));
    spec.usageMessage().footer("", "Example: carousel evaluate runs/imdb --data test.tsv");
    return spec;
  }

  @Override
  public int run(ParseResult given, Terminal terminal) {
    try (TextClassifier classifier = Specs.load(given)) {
      Path path = Path.of(Specs.required(given, "--data"));
      TextTable table = TrainCommand.read(path.toString(), Specs.columns(given, classifier.columns()), terminal);
      ClassificationMetrics metrics = classifier.evaluate(table);
      if (given.hasMatchedOption("--json")) {
        JsonObject json = RunFiles.metrics(metrics, classifier.labels().names());
        terminal.print(json.put("evaluated_on", table.source()));
      } else {
        Figures.print(table.source(), metrics, classifier.labels(), terminal);
      }
      return 0;
    }
  }
}

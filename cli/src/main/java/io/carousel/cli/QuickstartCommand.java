package io.carousel.cli;

import io.carousel.data.Columns;
import io.carousel.data.DataException;
import io.carousel.data.Labels;
import io.carousel.data.Split;
import io.carousel.data.TextTable;
import io.carousel.data.TextTables;
import io.carousel.task.Options;
import io.carousel.task.Prediction;
import io.carousel.task.RunFolder;
import io.carousel.task.TextClassifier;
import io.carousel.task.TextClassifierOptions;
import io.carousel.task.TextClassifierTraining;
import io.carousel.tensor.CounterRandom;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code carousel quickstart}: trains a spam filter on the bundled text messages and tries it. */
final class QuickstartCommand implements Command {
  private static final String DATA = "examples/data/sms-spam/SMSSpamCollection.tsv";
  private static final String OUT = "runs/quickstart";
  private static final double HELD_OUT = 0.2;
  private static final List<String> NEW_MESSAGES =
      List.of(
          "Congratulations! You have won a free prize, call 09061701461 now to claim your 1000 pounds",
          "Hi mum, running late, the train was cancelled. Can you feed the cat please?");

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Specs.command(
        "quickstart",
        "Trains a spam filter on bundled text messages in less than a minute, measures it on messages that it has not seen,"
            + " and labels two new ones.");
    spec.addOption(Specs.value("--out", "FOLDER",
        "the folder of the run. Default: " + OUT + ", where an earlier run is replaced. Example: --out runs/spam"));
    spec.addOption(Specs.flag("--force", "replace the run in --out. Default: an existing folder is refused."
        + " Example: --force"));
    spec.addOption(Specs.of(TextClassifierOptions.CELL));
    spec.addOption(Specs.of(TextClassifierOptions.SEED));
    spec.addOption(Specs.of(TextClassifierOptions.THREADS));
    spec.addOption(Specs.of(TextClassifierOptions.EPOCHS));
    spec.addOption(Specs.flag("--json",
        "print the figures as one JSON object. Default: print text. Example: --json"));
    return spec;
  }

  @Override
  public int run(ParseResult given, Terminal terminal) throws IOException {
    Options options = Specs.options(TextClassifierOptions.defaults(), given);
    String out = Specs.text(given, "--out");
    boolean json = given.hasMatchedOption("--json");
    Path file = data();
    Columns columns = Columns.numbered(2, 1);
    TextTable table = TextTables.read(file, columns);
    Split split =
        Split.stratified(
            Labels.of(table).encode(table), HELD_OUT,
            CounterRandom.key(options.get(TextClassifierOptions.SEED), "quickstart"));
    terminal.tell(
        String.format(
            Locale.ROOT, "SMS Spam Collection: %,d messages, of which %,d are held out for the test", table.size(),
            split.heldOut().length));
    Path folder = Path.of(out == null ? OUT : out);
    try (StopRequest stop = new StopRequest(terminal);
        RunFolder claimed = RunFolder.claim(folder, out == null || given.hasMatchedOption("--force"))) {
      int code =
          Training.run(
              TextClassifierTraining.of(table.subset(split.train()))
                  .test(table.subset(split.heldOut()), "the held-out messages")
                  .columns(columns).options(options),
              claimed, stop, json, terminal);
      if (code != 0 || json) {
        return code;
      }
    }
    try (TextClassifier classifier = TextClassifier.load(folder)) {
      terminal.print("");
      for (String message : NEW_MESSAGES) {
        Prediction prediction = classifier.predict(message);
        terminal.print(String.format(Locale.ROOT, "%-4s %.3f  %s", prediction.label(),
            prediction.probability(), message));
      }
    }
    terminal.print("");
    terminal.print("next: ./carousel predict " + folder + " --text \"see you at eight\"");
    terminal.print("      ./carousel train text-classifier --data yours.csv --text COLUMN --label COLUMN --out runs/mine");
    return 0;
  }

  /** The bundled messages, found from where this program is: target/carousel-cli.jar or target/classes in cli. */
  private static Path data() {
    CodeSource source = QuickstartCommand.class.getProtectionDomain().getCodeSource();
    try {
      Path home = source == null ? Path.of("") : Path.of(source.getLocation().toURI()).resolve("../../..");
      Path file = home.resolve(DATA).normalize();
      if (!Files.isRegularFile(file)) {
        throw new DataException(
            file + ": quickstart needs the bundled messages, which are not there; get the whole source again");
      }
      Path here = Path.of("").toAbsolutePath();
      return file.startsWith(here) ? here.relativize(file) : file;
    } catch (URISyntaxException e) {
      throw new IllegalStateException("quickstart: cannot find where it is installed: " + e.getMessage(), e);
    }
  }
}

package io.carousel.cli;

import io.carousel.notation.Catalogue;
import io.carousel.notation.CellCheck;
import io.carousel.notation.CellText;
import io.carousel.notation.CellTextException;
import io.carousel.notation.TextCell;
import io.carousel.task.TextClassifierOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code carousel cell …}: what there is to know about a cell as text. */
final class CellCommand implements Command {
  /** What is asked. */
  enum Asked {
    CHECK("check", "Shows a cell's shapes and its derived backward step, checks its gradient, and measures its speed"
        + " beside the LSTM."),
    LATEX("latex", "Prints a cell's equations as LaTeX."),
    SHOW("show", "Prints a cell of the catalogue as text."),
    LIST("list", "Names the cells of the catalogue.");

    final String word;
    private final String description;

    Asked(String word, String description) {
      this.word = word;
      this.description = description;
    }
  }

  private static final double LARGEST_ERROR = 1e-6;

  private final Asked asked;

  CellCommand(Asked asked) {
    this.asked = asked;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = Specs.command(asked.word, asked.description);
    if (asked != Asked.LIST) {
      spec.addPositional(
          PositionalParamSpec.builder().index("0").type(String.class).required(true).paramLabel("CELL")
              .description("a file with a cell's equations, or a name of the catalogue; for example gru").build());
    }
    if (asked == Asked.CHECK) {
      spec.addOption(Specs.of(TextClassifierOptions.UNITS));
      spec.addOption(Specs.value("--features", "N", "the size F of the input. Default: the units. Range: a whole number"
          + " from 1 to 4096. Example: --features 32"));
      spec.addOption(Specs.of(TextClassifierOptions.THREADS));
    }
    spec.usageMessage().footer("", "Example: carousel cell " + asked.word + (asked == Asked.LIST ? "" : " gru"));
    return spec;
  }

  @Override
  public boolean needsVectors(ParseResult given) {
    return asked == Asked.CHECK;
  }

  @Override
  public int run(ParseResult given, Terminal terminal) throws IOException {
    if (asked == Asked.LIST) {
      Catalogue.names().forEach(terminal::print);
      return 0;
    }
    CellText text = text(given.matchedPositionalValue(0, ""));
    if (asked != Asked.CHECK) {
      terminal.printRaw(asked == Asked.SHOW ? text.text() : text.latex());
      return 0;
    }
    int units = number(given, "--units", TextClassifierOptions.UNITS.byDefault());
    int features = number(given, "--features", units);
    int threads = number(given, "--threads", TextClassifierOptions.THREADS.byDefault());
    TextCell cell = text.cell(units);
    int inputs = cell.inputs(features);
    String backward = CellCheck.backward(cell, inputs); // before anything is printed: sizes may not fit
    terminal.printRaw(cell + "\n" + CellCheck.shapes(cell, inputs));
    terminal.print("\none step backward, from the derivatives by the next values");
    terminal.printRaw(backward.indent(2));
    double error = gradientError(text, units, features);
    boolean right = error < LARGEST_ERROR;
    terminal.print(String.format(
        Locale.ROOT, "%ngradient: worst relative difference from finite differences %.1e%s", error,
        right ? "" : ", which is too large; look for a function with a kink or a pole"));
    terminal.print(String.format(
        Locale.ROOT, "speed: forward and backward take %.2f of the time of an LSTM with %d units",
        CellCheck.timeBesideLstm(cell, inputs, threads), cell.units()));
    return right ? 0 : Failures.FAILED;
  }

  /** At a small size, unless the text needs a larger one. */
  private static double gradientError(CellText text, int units, int features) {
    try {
      TextCell small = text.cell(Math.min(units, 5));
      return CellCheck.gradientError(small, small.inputs(Math.min(features, features == units ? 5 : 4)));
    } catch (CellTextException e) {
      return CellCheck.gradientError(text.cell(units), text.cell(units).inputs(features));
    }
  }

  private static int number(ParseResult given, String name, int otherwise) {
    String text = Specs.text(given, name);
    if (text == null) {
      return otherwise;
    }
    int most = name.equals("--threads") ? 1024 : 4096;
    if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException(
          name + ": must be a whole number from 1 to " + most + ", got " + text + "; for example 32");
    }
    return Integer.parseInt(text);
  }

  private static CellText text(String nameOrFile) throws IOException {
    if (Catalogue.names().contains(nameOrFile)) {
      return Catalogue.text(nameOrFile);
    }
    if (!Files.isRegularFile(Path.of(nameOrFile))) {
      throw new IllegalArgumentException(
          "cell: must be a file with a cell's equations, or one of " + String.join(", ", Catalogue.names()) + ", got "
              + nameOrFile + "; check the path");
    }
    return CellText.read(Path.of(nameOrFile));
  }
}

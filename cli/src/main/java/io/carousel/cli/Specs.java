package io.carousel.cli;

import io.carousel.data.Columns;
import io.carousel.notation.CellTextException;
import io.carousel.task.Option;
import io.carousel.task.Options;
import io.carousel.task.TextClassifier;
import io.carousel.task.TextClassifierOptions;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * Makes the specifications of commands.
 *
 * <p>In code, not by annotations: those are read by reflection, which a cold process feels, and defaults and
 * ranges of options come from where the library has them.
 */
final class Specs {
  static final String HELP = "--help";
  static final String STACKTRACE = "--stacktrace";

  private Specs() {}

  /** A command without options of its own. */
  static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(escaped(description)).width(100).sortOptions(false).abbreviateSynopsis(true);
    return spec.addOption(
        OptionSpec.builder("-h", HELP).usageHelp(true).description("show this help").build());
  }

  /** An option with a value; {@code help} says its default, its range and an example. */
  static OptionSpec value(String name, String label, String help) {
    return OptionSpec.builder(name).type(String.class).paramLabel(label).description(escaped(help)).build();
  }

  /** An option with a value that must be given. */
  static OptionSpec required(String name, String label, String help) {
    return OptionSpec.builder(name).type(String.class).paramLabel(label).required(true).description(escaped(help)).build();
  }

  /** An option without a value. */
  static OptionSpec flag(String name, String help) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(escaped(help)).build();
  }

  /** The model that most commands work with. */
  static PositionalParamSpec model() {
    return PositionalParamSpec.builder().index("0").type(String.class).required(true).paramLabel("MODEL")
        .description("the folder of a run, or a model file; for example runs/imdb").build();
  }

  /** An option of the library, with its own default, range and example. */
  static OptionSpec of(Option<?> option) {
    String name = "--" + option.name();
    OptionSpec.Builder spec = OptionSpec.builder(name).type(String.class).paramLabel(label(option.byDefault()))
        .description(escaped(option.purpose() + ". Default: " + option.defaultText() + ". Range: " + option.range()
            + ". Example: " + name + " " + option.example()));
    if (option.byDefault() instanceof Boolean) {
      spec.arity("0..1").fallbackValue("true");
    }
    return spec.build();
  }

  /** The library's options with the values that were given. */
  static Options options(Options defaults, ParseResult given) {
    Options options = defaults;
    for (Option<?> option : defaults.all()) {
      String text = text(given, "--" + option.name());
      if (text != null) {
        options = with(options, option, text);
      }
    }
    return options;
  }

  private static <V> Options with(Options options, Option<V> option, String text) {
    return options.with(option, parse(option, text));
  }

  /** The value that was typed for an option; errors call it as it is typed, {@code --units}. */
  private static <V> V parse(Option<V> option, String text) {
    try {
      return option.parse(text);
    } catch (CellTextException e) { // names its file, line and column
      throw e;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--" + e.getMessage(), e);
    }
  }

  /** The value of an option, or null. */
  static @Nullable String text(ParseResult given, String name) {
    return given.matchedOptionValue(name, (String) null);
  }

  /** The value of an option that has one. */
  static String required(ParseResult given, String name) {
    String text = text(given, name);
    if (text == null) {
      throw new IllegalArgumentException(name + ": must be given");
    }
    return text;
  }

  /** The model of the first parameter. */
  static TextClassifier load(ParseResult given) {
    String path = given.matchedPositionalValue(0, "");
    TextClassifier classifier = TextClassifier.load(Path.of(path));
    String threads = given.commandSpec().findOption("--threads") == null ? null : text(given, "--threads");
    return threads == null ? classifier : classifier.threads(parse(TextClassifierOptions.THREADS, threads));
  }

  /** The columns that were named, else those in {@code otherwise}. */
  static Columns columns(ParseResult given, Columns otherwise) {
    String text = text(given, "--text");
    String label = text(given, "--label");
    boolean noHeader = given.hasMatchedOption("--no-header");
    if (text == null && label == null && !noHeader) {
      return otherwise;
    }
    return new Columns(
        text == null ? otherwise.text() : text, label == null ? otherwise.label() : label, !noHeader, false);
  }

  private static String label(Object byDefault) {
    return switch (byDefault) {
      case Integer n -> "N";
      case Long n -> "N";
      case Double x -> "X";
      case Boolean b -> "true|false";
      case Set<?> words -> "WORDS";
      case String file -> "FILE";
      default -> "WORD";
    };
  }

  /** Text for picocli, which takes it for a format. */
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }
}

package io.carousel.cli;

import io.carousel.data.TextEncoder;
import io.carousel.model.LayerInfo;
import io.carousel.store.AtomicFiles;
import io.carousel.store.JsonObject;
import io.carousel.task.TextClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code carousel summary}: what a model is made of and where it comes from. */
final class SummaryCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Specs.command("summary", "Shows the layers of a model, what it does with a text, and where it comes from.");
    spec.addPositional(Specs.model());
    spec.addOption(Specs.flag("--json", "print one JSON object. Default: print text. Example: --json"));
    spec.addOption(
        Specs.value(
            "--svg", "FILE", "also write a picture of the model. Default: none. Range: a file to be written, or to be"
                + " overwritten. Example: --svg model.svg"));
    spec.addOption(
        Specs.flag("--equations", "print the equations of all layers. Default: print a table. Example: --equations"));
    spec.addOption(Specs.flag("--latex", "print the equations as LaTeX. Default: print a table. Example: --latex"));
    spec.usageMessage().footer("", "Example: carousel summary runs/imdb");
    return spec;
  }

  @Override
  public boolean needsVectors(ParseResult given) {
    return false;
  }

  @Override
  public int run(ParseResult given, Terminal terminal) throws IOException {
    List<String> forms = Stream.of("--json", "--equations", "--latex").filter(given::hasMatchedOption).toList();
    if (forms.size() > 1) {
      throw new IllegalArgumentException("summary: must be given one of --json, --equations and --latex, got " + forms);
    }
    try (TextClassifier classifier = Specs.load(given)) {
      String picture = Specs.text(given, "--svg");
      if (picture != null) {
        AtomicFiles.writeText(Path.of(picture), classifier.model().svg());
      }
      if (given.hasMatchedOption("--equations") || given.hasMatchedOption("--latex")) {
        terminal.printRaw(
            given.hasMatchedOption("--latex") ? classifier.model().latex() : classifier.model().equations());
        return 0;
      }
      TextEncoder encoder = classifier.encoder();
      if (given.hasMatchedOption("--json")) {
        terminal.print(
            new JsonObject()
                .put("kind", "text-classifier")
                .put("labels", classifier.labels().names())
                .put("parameters", classifier.parameters().count())
                .put("layers", classifier.model().layerInfos().stream().map(SummaryCommand::json).toList())
                .put("vocabulary", encoder.vocabulary().size())
                .put("max_length", encoder.maxLength())
                .put("keep", encoder.keep().name().toLowerCase(Locale.ROOT))
                .put("provenance", classifier.provenance()));
        return 0;
      }
      terminal.printRaw(classifier.model().summary());
      terminal.print("");
      terminal.print("labels: " + String.join(", ", classifier.labels().names()));
      terminal.print(
          String.format(
              Locale.ROOT, "text: %,d words are known; of a text longer than %,d words the %s is read",
              encoder.vocabulary().words().size(), encoder.maxLength(),
              switch (encoder.keep()) {
                case HEAD -> "beginning";
                case TAIL -> "end";
                case BOTH -> "beginning and end";
              }));
      print("", classifier.provenance(), terminal);
      return 0;
    }
  }

  private static JsonObject json(LayerInfo info) {
    return new JsonObject()
        .put("name", info.name())
        .put("layer", info.layer())
        .put("after", info.after())
        .put("output", info.output())
        .put("parameters", info.parameters())
        .put("frozen", info.frozen())
        .put("flops", info.flops());
  }

  private static void print(String indent, JsonObject object, Terminal terminal) {
    for (String name : object.names()) {
      Object value = object.get(name);
      if (value instanceof JsonObject inner) {
        terminal.print(indent + name + ":");
        print(indent + "  ", inner, terminal);
      } else {
        terminal.print(indent + name + ": " + value);
      }
    }
  }
}

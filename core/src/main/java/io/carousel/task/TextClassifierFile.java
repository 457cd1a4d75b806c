package io.carousel.task;

import io.carousel.data.Columns;
import io.carousel.data.Keep;
import io.carousel.data.Labels;
import io.carousel.data.TextEncoder;
import io.carousel.data.Tokenizer;
import io.carousel.data.Vocabulary;
import io.carousel.model.Architecture;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.store.JsonObject;
import io.carousel.store.Manifest;
import io.carousel.store.ModelFile;
import io.carousel.store.ModelFormatException;
import io.carousel.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A text classifier as a model file: what the parts of its manifest are called, in one place for both ways. */
final class TextClassifierFile {
  private static final String KIND = "text-classifier";

  private TextClassifierFile() {}

  static ModelFile of(TextClassifier classifier) {
    JsonObject task = new JsonObject().put("kind", KIND).put("labels", classifier.labels().names());
    JsonObject architecture = new JsonObject();
    Architecture.describe(classifier.model()).forEach(architecture::put);
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    Parameters parameters = classifier.parameters();
    for (Parameters.Slot slot : parameters.slots()) {
      tensors.put(slot.name(), parameters.get(slot.name()));
    }
    return new ModelFile(
        new Manifest(task, architecture, preprocessing(classifier), classifier.provenance()), tensors);
  }

  private static JsonObject preprocessing(TextClassifier classifier) {
    TextEncoder encoder = classifier.encoder();
    Tokenizer tokenizer = encoder.tokenizer();
    Columns columns = classifier.columns();
    return new JsonObject()
        .put("columns", new JsonObject()
            .put("text", columns.text())
            .put("label", columns.label())
            .put("header", columns.header()))
        .put("tokenizer", new JsonObject()
            .put("rules", tokenizer.rules())
            .put("lower_case", tokenizer.lowerCase())
            .put("remove_markup", tokenizer.removeMarkup())
            .put("punctuation", tokenizer.punctuation())
            .put("repeat", tokenizer.repeat())
            .put("fold_digits", tokenizer.foldDigits())
            .put("longest", tokenizer.longest()))
        .put("max_length", encoder.maxLength())
        .put("keep", encoder.keep().name().toLowerCase(Locale.ROOT))
        // One text: words have no white space, and a parser reads it many times faster than a list.
        .put("vocabulary", String.join(" ", encoder.vocabulary().words()));
  }

  static TextClassifier read(Path path) {
    ModelFile file = ModelFile.read(path);
    Manifest manifest = file.manifest();
    checkKind(path, manifest);
    try {
      Labels labels = new Labels(manifest.task().strings("labels"));
      TextEncoder encoder = encoder(manifest.preprocessing());
      Model model = Architecture.model(tree(manifest.architecture()));
      if (model.outputs() != labels.size()) {
        throw new IllegalArgumentException(
            "the model must have an output for each of " + labels.size() + " labels, got " + model.outputs());
      }
      Parameters parameters = parameters(model, file);
      JsonObject columns = manifest.preprocessing().object("columns");
      return new TextClassifier(
          labels, encoder,
          new Columns(columns.string("text"), (String) columns.get("label"), columns.bool("header"), false),
          model, parameters, manifest.provenance());
    } catch (ModelFormatException e) {
      throw e;
    } catch (IllegalArgumentException | ClassCastException e) { // from the parts, which do not know the file
      throw new ModelFormatException(path + ": cannot be used as a text classifier: " + e.getMessage(), e);
    }
  }

  private static void checkKind(Path path, Manifest manifest) {
    String kind = manifest.task().string("kind");
    if (!kind.equals(KIND)) {
      throw new ModelFormatException(path + ": must be a " + KIND + ", got a model of the kind \"" + kind + "\"");
    }
  }

  private static TextEncoder encoder(JsonObject json) {
    JsonObject tokenizer = json.object("tokenizer");
    return new TextEncoder(
        new Tokenizer(
            tokenizer.integer("rules"), tokenizer.bool("lower_case"), tokenizer.bool("remove_markup"),
            tokenizer.string("punctuation"), tokenizer.integer("repeat"), tokenizer.integer("fold_digits"),
            tokenizer.integer("longest")),
        new Vocabulary(words(json.string("vocabulary"))),
        json.integer("max_length"),
        Keep.valueOf(json.string("keep").toUpperCase(Locale.ROOT)));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
  }

  private static Parameters parameters(Model model, ModelFile file) {
    Parameters parameters = model.zeros();
    for (Parameters.Slot slot : parameters.slots()) {
      Tensor tensor = file.tensor(slot.name());
      if (!Arrays.equals(tensor.sizes(), slot.shape().sizes())) {
        throw new IllegalArgumentException(
            slot.name() + " must be " + slot.shape() + ", got " + Arrays.toString(tensor.sizes()));
      }
      parameters.set(slot.name(), tensor.values());
    }
    if (file.tensors().size() != parameters.slots().size()) {
      throw new IllegalArgumentException(
          "there must be " + parameters.slots().size() + " tensors, got " + file.tensors().size());
    }
    return parameters;
  }

  /** The object as plain maps and lists. */
  private static Map<String, @Nullable Object> tree(JsonObject object) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    for (String name : object.names()) {
      tree.put(name, plain(object.get(name)));
    }
    return tree;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case JsonObject object -> tree(object);
      case List<?> list -> list.stream().map(TextClassifierFile::plain).toList();
      case null, default -> value;
    };
  }
}

package io.carousel.task;

import io.carousel.data.Split;
import io.carousel.data.TextTable;
import io.carousel.kernel.Kernels;
import io.carousel.store.AtomicFiles;
import io.carousel.store.JsonObject;
import io.carousel.store.ModelFile;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.EpochInfo;
import io.carousel.train.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a training brought: the classifier, how it was trained and how good it is.
 *
 * @param classifier with the weights of the best epoch
 * @param options all options, also those that had their defaults
 * @param history the epochs
 * @param evaluated the figures; null if there were neither test nor validation rows
 * @param problem why the training ended early, as a message of one line, or null if nothing went wrong
 */
public record TextClassifierRun(
    TextClassifier classifier,
    Options options,
    History history,
    @Nullable Evaluated evaluated,
    @Nullable String problem)
    implements AutoCloseable {
  static final int ERRORS_SHOWN = 20;

  /**
   * How good a classifier is on some rows.
   *
   * @param on which rows these are
   * @param metrics the figures
   * @param errors those of which it was most sure
   */
  public record Evaluated(String on, ClassificationMetrics metrics, List<ReportData.ConfidentError> errors) {}

  /** Ends the threads of the classifier. */
  @Override
  public void close() {
    classifier.close();
  }

  /** The figures as JSON: what {@link RunFiles#metrics} has, on which rows, and how the training went. */
  public JsonObject metrics() {
    JsonObject json = evaluated == null
        ? new JsonObject() : RunFiles.metrics(evaluated.metrics, classifier.labels().names());
    if (evaluated != null) {
      json.put("evaluated_on", evaluated.on);
    }
    return json.put("training", classifier.provenance().object("training"));
  }

  /**
   * Writes model, metrics, history and report into the folder of a run; all of them are new after it, or
   * none.
   *
   * @throws IOException with a message of one line; the folder is then as it was
   */
  public void write(RunFolder folder) throws IOException {
    folder.replace(
        List.of(RunFiles.METRICS, RunFiles.HISTORY, RunFiles.REPORT, ModelFile.NAME), // the model last
        unfinished -> {
          AtomicFiles.writeText(unfinished.resolve(RunFiles.METRICS), metrics().toPrettyString());
          RunFiles.writeHistory(unfinished, history);
          if (evaluated != null) {
            RunFiles.writeReport(unfinished, report(evaluated, title(folder.path())));
          }
          classifier.save(unfinished);
        });
  }

  private ReportData report(Evaluated figures, String title) {
    SequencedMap<String, String> origin = new LinkedHashMap<>();
    flatten("", classifier.provenance(), origin);
    origin.keySet().removeIf(name -> name.startsWith("options"));
    return new ReportData(
        title, figures.on, classifier.labels().names(), figures.metrics, history.epochs(), figures.errors,
        classifier.model().summary(), options.texts(), origin);
  }

  private static String title(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "run" : name.toString();
  }

  private static void flatten(String prefix, JsonObject object, SequencedMap<String, String> into) {
    for (String name : object.names()) {
      Object value = object.get(name);
      if (value instanceof JsonObject inner) {
        flatten(prefix + name + " ", inner, into);
      } else {
        into.put((prefix + name).replace('_', ' '), String.valueOf(value));
      }
    }
  }

  /** Where a model comes from. Without times and paths, so that the same run gives the same file. */
  static JsonObject provenance(
      TextTable table, @Nullable TextTable test, Options options, Split split, History history) {
    JsonObject training = new JsonObject()
        .put("train_rows", split.train().length)
        .put("validation_rows", split.heldOut().length)
        .put("end", history.end().name().toLowerCase(Locale.ROOT))
        .put("epochs", history.epochs().size());
    if (!history.epochs().isEmpty()) {
      EpochInfo best = history.best();
      training.put("best_epoch", best.epoch()).put("loss", best.loss()).put("accuracy", best.accuracy());
      if (!Double.isNaN(best.valLoss())) {
        training.put("val_loss", best.valLoss()).put("val_accuracy", best.valAccuracy());
      }
    }
    JsonObject json = new JsonObject()
        .put("carousel", Version.NUMBER)
        .put("kernels", Kernels.chosen().describe())
        .put("data", data(table));
    if (test != null) {
      json.put("test", data(test));
    }
    return json.put("training", training).put("options", options.toJson());
  }

  private static JsonObject data(TextTable table) {
    Path name = Path.of(table.source()).getFileName();
    return new JsonObject()
        .put("name", name == null ? table.source() : name.toString())
        .put("rows", table.size())
        .put("sha256", table.sha256());
  }
}

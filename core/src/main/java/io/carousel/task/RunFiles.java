package io.carousel.task;

import io.carousel.store.AtomicFiles;
import io.carousel.store.JsonObject;
import io.carousel.train.Calibration;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.ClassificationMetrics.ClassMetrics;
import io.carousel.train.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of figures in a run's folder, each written whole or not at all. */
public final class RunFiles {
  /** The figures, as JSON. */
  public static final String METRICS = "metrics.json";

  /** The figures of each epoch, as a table. */
  public static final String HISTORY = "history.csv";

  /** The page for people. */
  public static final String REPORT = "report.html";

  private RunFiles() {}

  /** Writes {@link #METRICS} into a folder. @throws IOException with a message of one line */
  public static void writeMetrics(Path folder, ClassificationMetrics metrics, List<String> classes)
      throws IOException {
    AtomicFiles.writeText(folder.resolve(METRICS), metrics(metrics, classes).toPrettyString());
  }

  /** Writes {@link #HISTORY} into a folder. @throws IOException with a message of one line */
  public static void writeHistory(Path folder, History history) throws IOException {
    AtomicFiles.writeText(folder.resolve(HISTORY), history.csv());
  }

  /** Writes {@link #REPORT} into a folder. @throws IOException with a message of one line */
  public static void writeReport(Path folder, ReportData data) throws IOException {
    Report.write(folder.resolve(REPORT), data);
  }

  /**
   * All figures as JSON: {@code rows, accuracy, macro_f1, macro_precision, macro_recall, loss} (the
   * log loss), {@code calibration_error, confidence, classes} (a list of {@code label, precision,
   * recall, f1, support}), {@code confusion} (a list a true class, a number a predicted one),
   * {@code calibration} (a list of {@code from, to, count, confidence, accuracy}).
   *
   * @param classes the names of the classes
   */
  public static JsonObject metrics(ClassificationMetrics metrics, List<String> classes) {
    List<JsonObject> figures = new ArrayList<>();
    for (int k = 0; k < classes.size(); k++) {
      ClassMetrics one = metrics.classes().get(k);
      figures.add(
          new JsonObject()
              .put("label", classes.get(k))
              .put("precision", one.precision())
              .put("recall", one.recall())
              .put("f1", one.f1())
              .put("support", one.support()));
    }
    List<JsonObject> bins = new ArrayList<>();
    for (Calibration.Bin bin : metrics.calibration().bins()) {
      bins.add(
          new JsonObject()
              .put("from", bin.from())
              .put("to", bin.to())
              .put("count", bin.count())
              .put("confidence", bin.confidence())
              .put("accuracy", bin.accuracy()));
    }
    return new JsonObject()
        .put("rows", metrics.rows())
        .put("accuracy", metrics.accuracy())
        .put("macro_f1", metrics.macroF1())
        .put("macro_precision", metrics.macroPrecision())
        .put("macro_recall", metrics.macroRecall())
        .put("loss", metrics.logLoss())
        .put("calibration_error", metrics.calibration().error())
        .put("confidence", metrics.calibration().confidence())
        .put("classes", figures)
        .put("confusion", metrics.confusion().counts())
        .put("calibration", bins);
  }
}

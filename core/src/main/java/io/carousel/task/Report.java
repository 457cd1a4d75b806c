package io.carousel.task;

import static io.carousel.task.ReportText.count;
import static io.carousel.task.ReportText.escape;
import static io.carousel.task.ReportText.fixed;
import static io.carousel.task.ReportText.label;
import static io.carousel.task.ReportText.percent;

import io.carousel.store.AtomicFiles;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.ClassificationMetrics.ClassMetrics;
import io.carousel.train.EpochInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The report of a classifier: one HTML page that needs nothing else, neither scripts nor network.
 *
 * <p>It shows the main figures, the learning curves, who was taken for whom, the figures of each class, how
 * far the probabilities can be believed, the errors of which the model was most sure, and the run's options
 * and origin. It looks right in light and dark and on paper. The same data gives the same bytes.
 */
public final class Report {
  private final ReportData data;
  private final ClassificationMetrics metrics;
  private final List<String> names;
  private final ReportPage page = new ReportPage();

  private Report(ReportData data) {
    this.data = data;
    this.metrics = data.metrics();
    this.names = data.classes();
  }

  /** Writes the page whole or not at all. @throws IOException with a message of one line */
  public static void write(Path file, ReportData data) throws IOException {
    AtomicFiles.writeText(file, html(data));
  }

  /** The page. */
  public static String html(ReportData data) {
    Report report = new Report(data);
    report.head();
    report.header();
    report.cards();
    report.curves();
    ReportFigures figures = new ReportFigures(data, report.page);
    figures.confusion();
    figures.classes();
    figures.calibration();
    report.errors();
    report.details();
    return report.page.add("</main>\n</body>\n</html>\n").toString();
  }

  /** Were a text ever to get through as markup, the security policy still lets nothing run or load. */
  private void head() {
    page.add("""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>{} · Carousel report</title>
        <style>
        {}</style>
        </head>
        <body>
        <main>
        """, escape(data.title()), style());
  }

  private void header() {
    int frequent = 0;
    for (int k = 1; k < names.size(); k++) {
      if (metrics.classes().get(k).support() > metrics.classes().get(frequent).support()) {
        frequent = k;
      }
    }
    int support = metrics.classes().get(frequent).support();
    double baseline = (double) support / metrics.rows();
    page.add("""
        <header>
        <p class="brand">Carousel <span>training report</span></p>
        <h1 dir="auto">{}</h1>
        <p class="lead">Right in <b>{}</b> of <b>{}</b> from <bdi>{}</bdi>.
        Always answering “<bdi>{}</bdi>” would be right in {}.</p>
        """,
        escape(data.title()), count(metrics.confusion().correct()), count(metrics.rows(), "text", "texts"),
        escape(data.evaluatedOn()), label(names.get(frequent), 40), count(support));
    String at = fixed(100 * baseline, 2);
    page.add("""
        <div class="meter" role="img" aria-label="accuracy {}, always the most frequent class {}">
        <div class="fill" style="width:{}%"></div><div class="mark" style="left:{}%"></div>
        <div class="note {}" style="left:{}%">most frequent class: {}</div>
        </div>
        </header>
        """,
        percent(metrics.accuracy()), percent(baseline), fixed(100 * metrics.accuracy(), 2), at,
        baseline > 0.5 ? "before" : "after", at, percent(baseline));
  }

  private void cards() {
    page.add("<div class=\"cards\">\n");
    double[] range = ReportText.wilson(metrics.confusion().correct(), metrics.rows());
    card("Accuracy", percent(metrics.accuracy()),
        "95% interval: " + percent(range[0]) + " to " + percent(range[1]));
    card("Macro F1", fixed(metrics.macroF1(), 3), "mean over the classes, each counts the same");
    card("Log loss", fixed(metrics.logLoss(), 3),
        "lower is better; knowing only how frequent each class is: " + fixed(entropy(), 3));
    card("Calibration error", fixed(100 * metrics.calibration().error(), 1) + " pts",
        "how far, on average, its percentages are off");
    if (!data.epochs().isEmpty()) {
      int best = 0;
      double seconds = 0;
      for (EpochInfo epoch : data.epochs()) {
        best = epoch.best() ? epoch.epoch() : best;
        seconds += epoch.seconds();
      }
      card("Training", ReportText.duration(seconds),
          count(data.epochs().size(), "epoch", "epochs") + (best > 0 ? ", the best was epoch " + best : ""));
    }
    page.add("</div>\n");
  }

  private void card(String name, String value, String hint) {
    page.add("""
        <div class="card"><div class="key">{}</div><div class="value">{}</div><div class="hint">{}</div></div>
        """, name, value, hint);
  }

  /** The log loss of answering every text with the shares of the classes. */
  private double entropy() {
    double sum = 0;
    for (ClassMetrics one : metrics.classes()) {
      if (one.support() > 0) {
        double share = (double) one.support() / metrics.rows();
        sum -= share * Math.log(share);
      }
    }
    return sum;
  }

  private void curves() {
    if (data.epochs().isEmpty()) {
      return;
    }
    page.section("Learning curves", """
        What it learned from the training texts, and what that is worth on texts it does not train on. Where
        training goes on getting better and validation does not, it learns by heart.""");
    page.add("<div class=\"two\">\n{}{}</div>\n</section>\n",
        ReportCurves.loss(data.epochs()), ReportCurves.accuracy(data.epochs()));
  }

  private void errors() {
    int wrong = metrics.rows() - metrics.confusion().correct();
    if (wrong == 0) {
      page.section("Errors", "None: every text was classified right.");
    } else {
      page.section("The most confident errors", "Of " + count(wrong, "error", "errors")
          + ", those of which the model was most sure. Wrong labels in the data often show up here first.");
      ReportErrors.add(page, data.errors(), names);
    }
    page.add("</section>\n");
  }

  private void details() {
    page.section("How it was made", "");
    page.add("<div class=\"two\">\n<div><h3>Options</h3>\n");
    list(data.options());
    page.add("</div>\n<div><h3>Origin</h3>\n");
    list(data.provenance());
    page.add("</div>\n</div>\n<h3>Model</h3>\n<pre>{}</pre>\n</section>\n",
        escape(data.modelSummary().strip()));
  }

  private void list(Map<String, String> entries) {
    page.add("<dl>\n");
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      String value = entry.getValue().isEmpty() ? "–" : escape(entry.getValue());
      page.add("<dt>{}</dt><dd dir=\"auto\">{}</dd>\n", escape(entry.getKey()), value);
    }
    page.add("</dl>\n");
  }

  private static String style() {
    try (InputStream in = Report.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException(
            "Report: report.css must lie beside the class, got none; build again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("Report: report.css cannot be read: " + e.getMessage(), e);
    }
  }
}

package io.carousel.task;

import static io.carousel.task.ReportPage.bar;
import static io.carousel.task.ReportText.count;
import static io.carousel.task.ReportText.escape;
import static io.carousel.task.ReportText.fixed;
import static io.carousel.task.ReportText.label;
import static io.carousel.task.ReportText.percent;

import io.carousel.train.Calibration;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.ClassificationMetrics.ClassMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The sections of the report that show figures: confusions, classes, calibration. */
final class ReportFigures {
  /** With more classes the table shows the weakest and folds the others away. */
  private static final int TABLE_ROWS = 30;

  private static final int MOST_PAIRS = 12;

  private final ClassificationMetrics metrics;
  private final List<String> names;
  private final ReportPage page;

  ReportFigures(ReportData data, ReportPage page) {
    this.metrics = data.metrics();
    this.names = data.classes();
    this.page = page;
  }

  void confusion() {
    page.section("Who is taken for whom", """
        Each row is a true class, each column what the model said. Blue is right, orange is wrong; the shade
        is the share of the row, of errors more strongly.""");
    boolean beside = ReportConfusion.beside(names);
    page.add(beside ? "<div class=\"two\">\n" : "");
    if (names.size() <= ReportConfusion.DRAWABLE) {
      page.add("<div class=\"wide\">{}</div>\n", ReportConfusion.draw(metrics.confusion(), names));
    }
    page.add("<div>\n");
    if (names.size() == 2) {
      page.add("<h3>In words</h3>\n");
      words(1, 0);
      words(0, 1);
    } else {
      pairs(beside ? MOST_PAIRS / 2 : MOST_PAIRS);
    }
    page.add("</div>\n{}</section>\n", beside ? "</div>\n" : "");
  }

  /** The matrix of two classes in sentences, which not everybody reads as fast as numbers. */
  private void words(int one, int other) {
    String name = "“<bdi>" + label(names.get(one), 40) + "</bdi>”";
    int wrongly = metrics.confusion().count(other, one);
    page.add("""
        <p>Of {} that are {}, it finds <b>{}</b> and misses <b>{}</b>.
        Of {} that it calls {}, <b>{}</b> {} not.</p>
        """,
        count(metrics.confusion().actual(one), "text", "texts"), name,
        count(metrics.confusion().count(one, one)), count(metrics.confusion().count(one, other)),
        count(metrics.confusion().predicted(one), "text", "texts"), name, count(wrongly),
        wrongly == 1 ? "is" : "are");
  }

  private void pairs(int most) {
    List<ReportConfusion.Pair> pairs = ReportConfusion.pairs(metrics.confusion());
    if (pairs.isEmpty()) {
      page.add("<p>No class was taken for another.</p>\n");
      return;
    }
    page.add("""
        <h3>The most frequent confusions</h3>
        <table class="fit"><thead><tr><th>True class</th><th>Taken for</th><th class="num">Times</th>
        <th class="num">Share of class</th></tr></thead><tbody>
        """);
    for (ReportConfusion.Pair pair : pairs.subList(0, Math.min(most, pairs.size()))) {
      double share = (double) pair.count() / metrics.confusion().actual(pair.actual());
      page.add("<tr>{}{}<td class=\"num\">{}</td>{}</tr>\n",
          name("td", pair.actual()), name("td", pair.predicted()), count(pair.count()),
          bar("miss", share, percent(share)));
    }
    page.add("</tbody></table>\n");
    if (pairs.size() > most) {
      page.add("<p class=\"hint\">and {} of confusion, none more frequent than these</p>\n",
          count(pairs.size() - most, "other kind", "other kinds"));
    }
  }

  void classes() {
    List<Integer> order = new ArrayList<>();
    for (int k = 0; k < names.size(); k++) {
      order.add(k);
    }
    boolean many = names.size() > ReportConfusion.READABLE;
    if (many) {
      order.sort(Comparator.comparingDouble(k -> metrics.classes().get(k).f1()));
    }
    page.section("Class by class", """
        <b>Precision</b>: of the texts it calls so, the share that is. <b>Recall</b>: of the texts that are
        so, the share it finds. <b>F1</b>: the two in one number.""" + (many ? " The weakest first." : ""));
    int shown = order.size() > TABLE_ROWS + 5 ? TABLE_ROWS : order.size();
    table(order.subList(0, shown), true);
    if (shown < order.size()) {
      page.add("<details><summary>The other {} classes</summary>\n", count(order.size() - shown));
      table(order.subList(shown, order.size()), false);
      page.add("</details>\n");
    }
    page.add("</section>\n");
  }

  private void table(List<Integer> order, boolean mean) {
    page.add("""
        <table><thead><tr><th>Class</th><th class="num">Precision</th><th class="num">Recall</th>
        <th class="num">F1</th><th class="num">Texts</th></tr></thead><tbody>
        """);
    for (int k : order) {
      ClassMetrics one = metrics.classes().get(k);
      page.add("<tr>{}{}{}{}<td class=\"num\">{}</td></tr>\n",
          name("th", k), bar("hit", one.precision(), fixed(one.precision(), 3)),
          bar("hit", one.recall(), fixed(one.recall(), 3)), bar("hit", one.f1(), fixed(one.f1(), 3)),
          count(one.support()));
    }
    page.add("</tbody>");
    if (mean) {
      page.add("""
          <tfoot><tr><th>macro mean</th><td class="num">{}</td><td class="num">{}</td><td class="num">{}</td>
          <td class="num">{}</td></tr></tfoot>
          """,
          fixed(metrics.macroPrecision(), 3), fixed(metrics.macroRecall(), 3), fixed(metrics.macroF1(), 3),
          count(metrics.rows()));
    }
    page.add("</table>\n");
  }

  void calibration() {
    Calibration calibration = metrics.calibration();
    double over = calibration.confidence() - metrics.accuracy();
    String verdict = Math.abs(over) < 0.01 ? "Its confidence fits."
        : over > 0 ? "It is too sure of itself by " + fixed(100 * over, 1) + " points."
        : "It is more careful than it needs to be, by " + fixed(-100 * over, 1) + " points.";
    page.section("How far it can be believed", """
        When it says 90%, is it right nine times in ten? Then the blue bars reach the dashed line. Orange is
        missing: it is right less often than it says. Faded blue is to spare. Thin lines are 95% ranges; pale
        bars are of fewer than 10 texts.""");
    page.add("""
        <div class="two uneven">
        <div>{}</div>
        <div><p>On average it says <b>{}</b> and is right in <b>{}</b>. {}</p>
        <h3>Taking only its surer answers</h3>
        <table><thead><tr><th>Answers above</th><th class="num">Texts answered</th>
        <th class="num">Of these right</th></tr></thead><tbody>
        """,
        ReportCalibration.draw(metrics), percent(calibration.confidence()), percent(metrics.accuracy()),
        verdict);
    thresholds(calibration.bins()).forEach(page::add);
    page.add("</tbody></table>\n</div></div>\n</section>\n");
  }

  /** What remains, and how good it is, when answers below a confidence are not taken; lowest first. */
  private List<String> thresholds(List<Calibration.Bin> bins) {
    List<String> lines = new ArrayList<>();
    int answered = 0;
    double right = 0;
    for (int b = bins.size() - 1; b >= 0 && answered < metrics.rows(); b--) {
      answered += bins.get(b).count();
      right += bins.get(b).accuracy() * bins.get(b).count();
      if (answered > 0) {
        double share = (double) answered / metrics.rows();
        String above = answered == metrics.rows() ? "any" : fixed(100 * bins.get(b).from(), 0) + "%";
        lines.addFirst("<tr><th>" + above + "</th>" + bar("hit", share, percent(share))
            + bar("hit", right / answered, percent(right / answered)) + "</tr>\n");
      }
    }
    return lines;
  }

  /** A table cell with the name of a class. */
  private String name(String cell, int k) {
    return "<" + cell + " title=\"" + escape(ReportText.start(names.get(k), 500)) + "\"><bdi>"
        + label(names.get(k), 60) + "</bdi></" + cell + ">";
  }
}

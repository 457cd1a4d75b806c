package io.carousel.task;

import static io.carousel.task.ReportText.count;
import static io.carousel.task.ReportText.escape;
import static io.carousel.task.ReportText.label;
import static io.carousel.task.ReportText.percent;
import static io.carousel.task.ReportText.start;

import java.util.List;

/** Lists the errors of which the model was most sure, with their texts. */
final class ReportErrors {
  /** What is shown of a text at once. */
  private static final int AT_ONCE = 320;

  /** What can be unfolded; a text may have millions of characters, a page must not. */
  private static final int AT_MOST = 4000;

  private ReportErrors() {}

  static void add(ReportPage page, List<ReportData.ConfidentError> errors, List<String> names) {
    page.add("<ol class=\"errors\">\n");
    for (ReportData.ConfidentError error : errors) {
      page.add("""
          <li><div class="said">
          <span class="chip wrong"><small>predicted</small> <bdi>{}</bdi> {}</span>
          <span class="chip right"><small>true</small> <bdi>{}</bdi> {}</span>
          </div>
          """,
          label(names.get(error.predicted()), 40), percent(error.probability()),
          label(names.get(error.actual()), 40), percent(error.actualProbability()));
      text(page, error.text());
      page.add("</li>\n");
    }
    page.add("</ol>\n");
  }

  private static void text(ReportPage page, String text) {
    if (text.isBlank()) {
      page.add("<p class=\"text empty\">(no text)</p>\n");
      return;
    }
    String first = start(text, AT_ONCE);
    String rest = start(text.substring(first.length()), AT_MOST - AT_ONCE);
    page.add("<p class=\"text\" dir=\"auto\">{}{}</p>\n", escape(first), rest.isEmpty() ? "" : "…");
    if (rest.isEmpty()) {
      return;
    }
    page.add("<details><summary>{}</summary>\n<p class=\"text\" dir=\"auto\">…{}</p>\n",
        count(text.length() - first.length(), "more character", "more characters"), escape(rest));
    int left = text.length() - first.length() - rest.length();
    if (left > 0) {
      page.add("<p class=\"empty\">{} more are not in this page</p>\n", count(left));
    }
    page.add("</details>\n");
  }
}

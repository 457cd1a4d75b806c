package io.carousel.task;

import static io.carousel.task.ReportText.fixed;

/** The page under construction: templates with values put in. Values must be escaped by the caller. */
final class ReportPage {
  private final StringBuilder page = new StringBuilder(1 << 16);

  /** Adds a template, each {@code {}} of it replaced by the next value. */
  ReportPage add(String template, Object... values) {
    int from = 0;
    for (Object value : values) {
      int hole = template.indexOf("{}", from);
      if (hole < 0) {
        throw new AssertionError("more values than holes in: " + template);
      }
      page.append(template, from, hole).append(value);
      from = hole + 2;
    }
    if (template.indexOf("{}", from) >= 0) {
      throw new AssertionError("fewer values than holes in: " + template);
    }
    page.append(template, from, template.length());
    return this;
  }

  /** Opens a section; the caller closes it. */
  void section(String title, String introduction) {
    add("<section>\n<h2>{}</h2>\n", title);
    if (!introduction.isEmpty()) {
      add("<p class=\"intro\">{}</p>\n", introduction);
    }
  }

  /** A table cell with a number on a bar of this share; the style names its color. */
  static String bar(String style, double share, String text) {
    return "<td class=\"num bar " + style + "\" style=\"--share:" + fixed(100 * share, 1) + "%\"><span>"
        + text + "</span></td>";
  }

  @Override
  public String toString() {
    return page.toString();
  }
}

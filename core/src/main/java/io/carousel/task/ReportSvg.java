package io.carousel.task;

import static io.carousel.task.ReportText.at;

/**
 * A drawing under construction.
 *
 * <p>Colors come from the page's style sheet by class, so that a drawing follows the light, dark and print
 * looks of the page. Texts must be escaped by the caller. A hint shows when the pointer rests on a shape;
 * empty, there is none.
 */
final class ReportSvg {
  private final ReportPage svg = new ReportPage();

  ReportSvg(double width, double height, String description) {
    svg.add("<svg viewBox=\"0 0 {} {}\" style=\"max-width:{}px\" role=\"img\" aria-label=\"{}\">\n",
        at(width), at(height), at(width), description);
  }

  ReportSvg line(String style, double x1, double y1, double x2, double y2) {
    svg.add("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n",
        style, at(x1), at(y1), at(x2), at(y2));
    return this;
  }

  /** A filled rectangle. */
  ReportSvg box(String style, double opacity, double x, double y, double width, double height, String hint) {
    svg.add("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{}>{}</rect>\n",
        style, at(x), at(y), at(width), at(height),
        opacity < 1 ? " fill-opacity=\"" + ReportText.fixed(opacity, 3) + "\"" : "", title(hint));
    return this;
  }

  ReportSvg dot(String style, double x, double y, double radius, String hint) {
    svg.add("<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\">{}</circle>\n",
        style, at(x), at(y), at(radius), title(hint));
    return this;
  }

  ReportSvg path(String style, String path) {
    svg.add("<path class=\"{}\" d=\"{}\"/>\n", style, path);
    return this;
  }

  /** A text; its classes {@code start}, {@code middle} and {@code end} say which part of it lies at x. */
  ReportSvg text(String style, double x, double y, String text) {
    return text(style, x, y, 0, text);
  }

  /** A text turned by some degrees around its place. */
  ReportSvg text(String style, double x, double y, double degrees, String text) {
    svg.add("<text class=\"{}\" x=\"{}\" y=\"{}\"{}>{}</text>\n", style, at(x), at(y),
        degrees == 0 ? "" : " transform=\"rotate(" + at(degrees) + " " + at(x) + " " + at(y) + ")\"", text);
    return this;
  }

  private static String title(String hint) {
    return hint.isEmpty() ? "" : "<title>" + hint + "</title>";
  }

  @Override
  public String toString() {
    return svg + "</svg>\n";
  }
}

package io.carousel.task;

import static io.carousel.task.ReportText.count;
import static io.carousel.task.ReportText.escape;
import static io.carousel.task.ReportText.label;
import static io.carousel.task.ReportText.percent;

import io.carousel.train.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Shows who was taken for whom: a heat map with numbers, or without when there are many classes,
 * and a table.
 */
final class ReportConfusion {
  /** With more classes a cell has no room for a number. */
  static final int READABLE = 20;

  /** With more classes a cell has no room at all, and the table alone must do. */
  static final int DRAWABLE = 100;

  private static final int LONGEST_LABEL = 26;

  /** One kind of error. */
  record Pair(int actual, int predicted, int count) {}

  private ReportConfusion() {}

  /** The errors by frequency, of equals in the order of the classes. */
  static List<Pair> pairs(ConfusionMatrix matrix) {
    List<Pair> pairs = new ArrayList<>();
    for (int actual = 0; actual < matrix.classes(); actual++) {
      for (int predicted = 0; predicted < matrix.classes(); predicted++) {
        if (actual != predicted && matrix.count(actual, predicted) > 0) {
          pairs.add(new Pair(actual, predicted, matrix.count(actual, predicted)));
        }
      }
    }
    pairs.sort(Comparator.comparingInt(Pair::count).reversed()); // Stable.
    return pairs;
  }

  static String draw(ConfusionMatrix matrix, List<String> names) {
    int classes = matrix.classes();
    boolean readable = classes <= READABLE;
    int longest = longest(names);
    double cell =
        beside(names)
            ? Math.min(370.0 / classes, 124)
            : readable ? Math.clamp(620.0 / classes, 40, 124) : Math.max(6, 620.0 / classes);
    double cellHeight =
        readable && classes <= 6 ? Math.min(cell, 84) : readable ? Math.min(cell, 52) : cell;
    boolean turned = readable && longest * 7.2 > cell - 6;
    double left = readable ? Math.max(70, 7.4 * longest + 14) + 24 : 40;
    double top = !readable ? 26 : turned ? 5.2 * longest + 46 : 50;
    double right = turned ? 5.2 * longest : 8;
    double width = left + cell * classes + right;
    double height = top + cellHeight * classes + 8;
    ReportSvg svg = new ReportSvg(width, height, "Confusion matrix of " + classes + " classes");
    svg.text("tick start", left, 13, "predicted as →");
    svg.text("tick end", 13, top, -90, "true class");
    for (int actual = 0; actual < classes; actual++) {
      double y = top + cellHeight * actual;
      if (readable) {
        svg.text(
            "class end",
            left - 10,
            y + cellHeight / 2 + 4,
            label(names.get(actual), LONGEST_LABEL));
        double x = left + cell * (actual + 0.5);
        if (turned) {
          svg.text("class start", x - 4, top - 8, -40, label(names.get(actual), LONGEST_LABEL));
        } else {
          svg.text("class middle", x, top - 10, label(names.get(actual), LONGEST_LABEL));
        }
      }
      for (int predicted = 0; predicted < classes; predicted++) {
        cell(svg, matrix, names, actual, predicted, left + cell * predicted, y, cell, cellHeight);
      }
    }
    if (!readable) {
      svg.path(
          "frame",
          "M"
              + ReportText.at(left)
              + " "
              + ReportText.at(top)
              + "h"
              + ReportText.at(cell * classes)
              + "v"
              + ReportText.at(cellHeight * classes)
              + "h-"
              + ReportText.at(cell * classes)
              + "z");
    }
    return svg.toString();
  }

  /** True if the drawing is small enough for half the page. */
  static boolean beside(List<String> names) {
    return names.size() <= 4 && longest(names) <= 12;
  }

  private static int longest(List<String> names) {
    int longest = 0;
    for (String name : names) {
      longest = Math.max(longest, Math.min(name.length(), LONGEST_LABEL));
    }
    return longest;
  }

  private static void cell(
      ReportSvg svg,
      ConfusionMatrix matrix,
      List<String> names,
      int actual,
      int predicted,
      double x,
      double y,
      double width,
      double height) {
    int count = matrix.count(actual, predicted);
    boolean readable = matrix.classes() <= READABLE;
    if (count == 0 && !readable) {
      return;
    }
    double share = matrix.actual(actual) == 0 ? 0 : (double) count / matrix.actual(actual);
    boolean hit = actual == predicted;
    // Errors are rare, so their shade follows the root: one in a hundred must be seen.
    double shade = count == 0 ? 0 : hit ? 0.12 + 0.88 * share : 0.08 + 0.92 * Math.sqrt(share);
    String hint =
        count(count)
            + " of "
            + count(matrix.actual(actual))
            + " "
            + escape(names.get(actual))
            + (hit ? " recognized" : " taken for " + escape(names.get(predicted)));
    double margin = readable ? 1 : 0;
    if (count == 0) {
      svg.box("cell", 1, x + margin, y + margin, width - 2 * margin, height - 2 * margin, hint);
    } else {
      svg.box(
          hit ? "hit" : "miss",
          shade,
          x + margin,
          y + margin,
          width - 2 * margin,
          height - 2 * margin,
          hint);
    }
    if (!readable || (count == 0 && matrix.classes() > 6)) {
      return;
    }
    String ink = shade > 0.55 ? " on" : count == 0 ? " faint" : "";
    if (matrix.classes() <= 6) {
      svg.text("big middle" + ink, x + width / 2, y + height / 2 - 1, count(count));
      svg.text("small middle" + ink, x + width / 2, y + height / 2 + 17, percent(share));
    } else {
      String style = count >= 1000 ? "small middle" : "class middle";
      svg.text(
          style + ink,
          x + width / 2,
          y + height / 2 + 4,
          count >= 100_000 ? count / 1000 + "k" : count(count));
    }
  }
}

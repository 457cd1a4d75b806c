package io.carousel.task;

import static io.carousel.task.ReportText.count;
import static io.carousel.task.ReportText.percent;

import io.carousel.train.Calibration;
import io.carousel.train.ClassificationMetrics;
import java.util.List;

/**
 * Draws how often the model is right against how sure it says it is, and how often it is how sure.
 */
final class ReportCalibration {
  private static final double LEFT = 52;
  private static final double TOP = 14;
  private static final double SIDE = 340;
  private static final double GAP = 22;
  private static final double COUNTS = 84;
  private static final double WIDTH = LEFT + SIDE + 16;
  private static final double HEIGHT = TOP + SIDE + GAP + COUNTS + 42;

  /** With fewer rows a bin says little, and is drawn pale. */
  private static final int FEW = 10;

  private ReportCalibration() {}

  static String draw(ClassificationMetrics metrics) {
    List<Calibration.Bin> bins = metrics.calibration().bins();
    // The largest of K probabilities is at least 1/K, so the bins below stay empty: leave them out.
    int first = (int) Math.floor(10.0 / metrics.classes().size() + 1e-9);
    first = Math.min(first, bins.size() - 2);
    for (int b = 0; b < bins.size(); b++) {
      if (bins.get(b).count() > 0) {
        first = Math.min(first, b);
        break;
      }
    }
    double from = bins.get(first).from();
    ReportSvg svg =
        new ReportSvg(
            WIDTH, HEIGHT, "Reliability diagram: accuracy by confidence, with a histogram");
    for (int i = 0; i <= 5; i++) {
      svg.line("grid", LEFT, y(i / 5.0), LEFT + SIDE, y(i / 5.0));
      svg.text("tick end", LEFT - 8, y(i / 5.0) + 4, 20 * i + "%");
    }
    svg.text("tick middle", 11, TOP + SIDE / 2, -90, "right, of these answers");
    int most = 1;
    for (Calibration.Bin bin : bins) {
      most = Math.max(most, bin.count());
    }
    double base = TOP + SIDE + GAP + COUNTS;
    for (Calibration.Bin bin : bins.subList(first, bins.size())) {
      if (bin.count() == 0) {
        continue;
      }
      double left = x(bin.from(), from) + 1.5;
      double width = SIDE * (bin.to() - bin.from()) / (1 - from) - 3;
      String hint =
          "sure of "
              + percent(bin.from())
              + " to "
              + percent(bin.to())
              + ": "
              + count(bin.count(), "row", "rows")
              + ", "
              + percent(bin.accuracy())
              + " right, mean confidence "
              + percent(bin.confidence());
      double solid = bin.count() < FEW ? 0.35 : 1;
      double top = Math.max(bin.accuracy(), bin.confidence());
      double bottom = Math.min(bin.accuracy(), bin.confidence());
      svg.box("bar", solid, left, y(bottom), width, y(0) - y(bottom), hint);
      // Promised and not kept, or kept and not promised.
      String style = bin.accuracy() < bin.confidence() ? "gap" : "bar";
      svg.box(
          style,
          solid * (style.equals("gap") ? 0.85 : 0.4),
          left,
          y(top),
          width,
          y(bottom) - y(top),
          hint);
      double[] range = ReportText.wilson(bin.accuracy() * bin.count(), bin.count());
      double middle = left + width / 2;
      svg.line("whisker", middle, y(range[0]), middle, y(range[1]));
      svg.line("whisker", middle - 4, y(range[0]), middle + 4, y(range[0]));
      svg.line("whisker", middle - 4, y(range[1]), middle + 4, y(range[1]));
      double height = Math.max(COUNTS * bin.count() / most, 1);
      svg.box("bar", 1, left, base - height, width, height, hint);
      if (width > 24) {
        svg.text("small middle", middle, base - height - 4, count(bin.count()));
      }
    }
    svg.line("ideal", x(from, from), y(from), LEFT + SIDE, y(1));
    svg.line("axis", LEFT, y(0), LEFT + SIDE, y(0));
    svg.line("axis", LEFT, base, LEFT + SIDE, base);
    svg.text("tick end", LEFT - 8, base - COUNTS / 2 + 4, "rows");
    for (int b = first; b <= bins.size(); b++) {
      svg.text(
          "tick middle",
          x(b / 10.0, from),
          base + 18,
          10 * b + (b == first || b == bins.size() ? "%" : ""));
    }
    svg.text("tick middle", LEFT + SIDE / 2, HEIGHT - 4, "how sure the model says it is");
    return svg.toString();
  }

  private static double x(double confidence, double from) {
    return LEFT + SIDE * (confidence - from) / (1 - from);
  }

  private static double y(double accuracy) {
    return TOP + SIDE * (1 - accuracy);
  }
}

package io.carousel.task;

import static io.carousel.task.ReportText.at;
import static io.carousel.task.ReportText.fixed;

import io.carousel.train.EpochInfo;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws one figure over the epochs: training and validation as lines, the best epoch marked. */
final class ReportCurves {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 304;
  private static final double LEFT = 52;
  private static final double RIGHT = 84;
  private static final double TOP = 46;
  private static final double BOTTOM = 40;

  /** The least distance of two texts, one above the other. */
  private static final double TEXT_GAP = 15;

  private final String name;
  private final boolean percent;
  private final double[] train;
  private final double[] validation;
  private final List<EpochInfo> epochs;
  private final double low;
  private final double high;
  private final double step;

  private ReportCurves(
      String name, boolean percent, List<EpochInfo> epochs, double[] train, double[] validation) {
    this.name = name;
    this.percent = percent;
    this.epochs = epochs;
    this.train = train;
    this.validation = validation;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double[] values : List.of(train, validation)) {
      for (double value : values) {
        if (Double.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
    }
    if (most - least < 1e-9) {
      double around = percent ? 0.02 : Math.max(Math.abs(most) / 10, 1e-3);
      most += around;
      least -= around;
    }
    step = niceStep((most - least) / 4);
    low = Math.max(Math.floor(least / step) * step, least < 0 ? Double.NEGATIVE_INFINITY : 0);
    double top = Math.ceil(most / step) * step;
    high = percent && most <= 1 ? Math.min(top, 1) : top;
  }

  static String loss(List<EpochInfo> epochs) {
    return draw("Loss", false, epochs, EpochInfo::loss, EpochInfo::valLoss);
  }

  static String accuracy(List<EpochInfo> epochs) {
    return draw("Accuracy", true, epochs, EpochInfo::accuracy, EpochInfo::valAccuracy);
  }

  /** The drawing; empty when there is no number to draw. */
  private static String draw(
      String name,
      boolean percent,
      List<EpochInfo> epochs,
      ToDoubleFunction<EpochInfo> train,
      ToDoubleFunction<EpochInfo> validation) {
    double[] first = epochs.stream().mapToDouble(train).toArray();
    double[] second = epochs.stream().mapToDouble(validation).toArray();
    if (last(first) < 0 && last(second) < 0) {
      return "";
    }
    return new ReportCurves(name, percent, epochs, first, second).draw();
  }

  private String draw() {
    ReportSvg svg = new ReportSvg(WIDTH, HEIGHT, name + " by epoch, in training and validation");
    svg.text("name start", LEFT - 44, 14, name);
    for (int i = 0; low + i * step <= high + step / 1000; i++) {
      double value = low + i * step;
      svg.line("grid", LEFT, y(value), WIDTH - RIGHT, y(value));
      svg.text("tick end", LEFT - 8, y(value) + 4, tick(value));
    }
    int count = epochs.size();
    int every = Math.max(1, (int) niceStep(count / 8.0));
    for (int i = 0; i < count; i++) {
      int epoch = epochs.get(i).epoch();
      if (count <= 8 || epoch % every == 0 || (i == 0 && every < 3)) {
        svg.text("tick middle", x(i), HEIGHT - BOTTOM + 18, Integer.toString(epoch));
      }
    }
    svg.line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    svg.text("tick middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, "epoch");
    int best = best();
    if (best >= 0) {
      svg.line("best", x(best), TOP - 6, x(best), HEIGHT - BOTTOM);
      svg.text("tick middle", x(best), TOP - 11, "best: epoch " + epochs.get(best).epoch());
    }
    line(svg, "train", train);
    line(svg, "validation", validation);
    double[] marked = best >= 0 && Double.isFinite(validation[best]) ? validation : train;
    if (best >= 0 && Double.isFinite(marked[best])) {
      svg.dot(
          "ring " + (marked == train ? "train" : "validation"), x(best), y(marked[best]), 6, "");
    }
    labels(svg);
    return svg.toString();
  }

  private void line(ReportSvg svg, String style, double[] values) {
    StringBuilder path = new StringBuilder();
    boolean on = false;
    for (int i = 0; i < values.length; i++) {
      boolean there = Double.isFinite(values[i]);
      if (there) {
        path.append(on ? 'L' : 'M').append(at(x(i))).append(' ').append(at(y(values[i])));
      }
      on = there;
    }
    svg.path("curve " + style, path.toString());
    double radius = values.length <= 30 ? 3 : 1.6;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        svg.dot(
            "dot " + style,
            x(i),
            y(values[i]),
            radius,
            "epoch " + epochs.get(i).epoch() + ", " + style + ": " + shown(values[i]));
      }
    }
  }

  /** The name of each line at its end, moved apart where the ends are close. */
  private void labels(ReportSvg svg) {
    int a = last(train);
    int b = last(validation);
    double first = a < 0 ? 0 : y(train[a]);
    double second = b < 0 ? 0 : y(validation[b]);
    // A label is two lines high: the name and the number.
    double near = 2 * TEXT_GAP - Math.abs(first - second);
    if (a >= 0 && b >= 0 && near > 0) {
      double move = first <= second ? near / 2 : -near / 2;
      first -= move;
      second += move;
      double over = Math.max(first, second) + TEXT_GAP - (HEIGHT - BOTTOM);
      double under = TOP - Math.min(first, second);
      double shift = over > 0 ? -over : Math.max(under, 0);
      first += shift;
      second += shift;
    }
    if (a >= 0) {
      label(svg, "train", "training", first, shown(train[a]));
    }
    if (b >= 0) {
      label(svg, "validation", "validation", second, shown(validation[b]));
    }
  }

  private static void label(ReportSvg svg, String style, String name, double y, String value) {
    svg.text("label start " + style, WIDTH - RIGHT + 12, y, name);
    svg.text("label strong start " + style, WIDTH - RIGHT + 12, y + 13, value);
  }

  private int best() {
    for (int i = epochs.size() - 1; i >= 0; i--) {
      if (epochs.get(i).best()) {
        return i;
      }
    }
    return -1;
  }

  private static int last(double[] values) {
    int i = values.length - 1;
    while (i >= 0 && !Double.isFinite(values[i])) {
      i--;
    }
    return i;
  }

  private double x(int index) {
    double width = WIDTH - LEFT - RIGHT;
    // Half a step free at both ends, so that few epochs do not stick to the frame.
    return epochs.size() > 30
        ? LEFT + width * index / (epochs.size() - 1)
        : LEFT + width * (index + 0.5) / epochs.size();
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private String shown(double value) {
    return percent
        ? ReportText.percent(value)
        : value != 0 && (value >= 1e5 || value < 1e-4)
            ? String.format(Locale.ROOT, "%.2e", value)
            : fixed(value, value < 10 ? 4 : 1);
  }

  private String tick(double value) {
    double unit = percent ? step * 100 : step;
    int decimals = Math.clamp((int) -Math.floor(Math.log10(unit) + 1e-9), 0, 6);
    String text =
        unit >= 1e5
            ? String.format(Locale.ROOT, "%.0e", value)
            : fixed(percent ? value * 100 : value, decimals);
    return percent ? text + "%" : text;
  }

  /** The least of 1, 2, 5, 10, 20, … and their tenths that is not below a number. */
  static double niceStep(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}

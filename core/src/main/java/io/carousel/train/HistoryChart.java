package io.carousel.train;

import java.util.List;
import java.util.Locale;

/** Draws figures by epoch as lines in SVG: panels side by side, training and validation in each. */
final class HistoryChart {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LEFT = 60;
  private static final int TOP = 40;
  private static final int RIGHT = 20;
  private static final int BOTTOM = 40;
  private static final int TICKS = 4;
  private static final String TRAINING = "#1f77b4";
  private static final String VALIDATION = "#d95f02";

  /** One figure: its value at each epoch in training, and on the validation data (NaN if there are none). */
  @SuppressWarnings("ArrayRecordComponent") // drawn once and never compared
  record Panel(String title, double[] training, double[] validation) {}

  private final StringBuilder text = new StringBuilder();

  private HistoryChart() {}

  static String svg(List<Panel> panels) {
    HistoryChart chart = new HistoryChart();
    chart.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
            + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
        WIDTH * panels.size(), HEIGHT);
    for (int i = 0; i < panels.size(); i++) {
      chart.add("<g transform=\"translate(%d,0)\">%n", i * WIDTH);
      chart.panel(panels.get(i));
      chart.add("</g>%n");
    }
    chart.add("</svg>%n");
    return chart.text.toString();
  }

  private void panel(Panel panel) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] line : List.of(panel.training(), panel.validation())) {
      for (double value : line) {
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (low > high) {
      low = 0;
      high = 1;
    }
    double step = roundStep((high > low ? high - low : Math.max(Math.abs(high), 1)) / TICKS);
    low = Math.floor(low / step) * step;
    high = Math.max(Math.ceil(high / step) * step, low + step);
    add("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", LEFT, panel.title());
    String decimals = "%." + Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9)) + "f";
    for (int i = 0; i <= Math.round((high - low) / step); i++) {
      double value = low + i * step;
      double y = y(value, low, high);
      add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n", LEFT, WIDTH - RIGHT, y, y);
      add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">" + decimals + "</text>%n", LEFT - 6, y + 4, value);
    }
    int epochs = panel.training().length;
    int every = Math.max(1, (epochs + 9) / 10);
    for (int e = 0; e < epochs; e += every) {
      add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n", x(e, epochs), HEIGHT - 20, e + 1);
    }
    line(panel.training(), low, high, TRAINING);
    line(panel.validation(), low, high, VALIDATION);
    add("<text x=\"%d\" y=\"20\" fill=\"%s\">training</text>%n", WIDTH - 150, TRAINING);
    if (finite(panel.validation())) {
      add("<text x=\"%d\" y=\"20\" fill=\"%s\">validation</text>%n", WIDTH - 85, VALIDATION);
    }
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>%n",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5);
  }

  private void line(double[] values, double low, double high, String color) {
    if (!finite(values)) {
      return;
    }
    StringBuilder points = new StringBuilder();
    for (int e = 0; e < values.length; e++) {
      if (Double.isFinite(values[e])) {
        points.append(
            String.format(Locale.ROOT, "%.1f,%.1f ", x(e, values.length), y(values[e], low, high)));
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n",
            x(e, values.length), y(values[e], low, high), color);
      }
    }
    add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        points.toString().trim(), color);
  }

  /** The smallest of 1, 2, 5, 10, 20 … and 0.5, 0.2 … that is not below. */
  private static double roundStep(double atLeast) {
    double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
    for (double digit : new double[] {1, 2, 5}) {
      if (digit * power >= atLeast * (1 - 1e-9)) {
        return digit * power;
      }
    }
    return 10 * power;
  }

  private static boolean finite(double[] values) {
    for (double value : values) {
      if (Double.isFinite(value)) {
        return true;
      }
    }
    return false;
  }

  private static double x(int epoch, int epochs) {
    double width = WIDTH - LEFT - RIGHT;
    return epochs == 1 ? LEFT + width / 2 : LEFT + width * epoch / (epochs - 1);
  }

  private static double y(double value, double low, double high) {
    return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }
}

package io.carousel.bench.longmemory;

import java.util.List;
import java.util.Locale;

/** The training losses as SVG: a panel a task, a line a cell, logarithmic; a dot where a task was solved. */
final class Plot {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 300;
  private static final int LEFT = 55;
  private static final int TOP = 30;
  private static final int RIGHT = 120;
  private static final int BOTTOM = 40;
  private static final int COLUMNS = 2;
  private static final int NAME_HEIGHT = 12;

  private final StringBuilder text = new StringBuilder();

  private Plot() {}

  static String svg(List<Outcome> outcomes) {
    Plot plot = new Plot();
    List<Task> tasks =
        Task.ALL.stream().filter(task -> outcomes.stream().anyMatch(each -> each.task().equals(task.name()))).toList();
    int rows = (tasks.size() + COLUMNS - 1) / COLUMNS;
    plot.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
            + " font-size=\"10\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        WIDTH * COLUMNS, HEIGHT * Math.max(1, rows));
    for (int i = 0; i < tasks.size(); i++) {
      String name = tasks.get(i).name();
      plot.add("<g transform=\"translate(%d,%d)\">\n", i % COLUMNS * WIDTH, i / COLUMNS * HEIGHT);
      plot.panel(name, outcomes.stream().filter(each -> each.task().equals(name)).toList());
      plot.add("</g>\n");
    }
    return plot.text.append("</svg>\n").toString();
  }

  private void panel(String name, List<Outcome> of) {
    double low = 0;
    double high = Double.NEGATIVE_INFINITY;
    long most = 1;
    for (Outcome each : of) {
      most = Math.max(most, each.attempt().sequences());
      for (double loss : each.attempt().curve()) {
        low = Math.min(low, log(loss));
        high = Math.max(high, log(loss));
      }
    }
    low = Math.floor(low);
    high = Math.max(Math.ceil(high), low + 1);
    add("<text x=\"%d\" y=\"18\" font-size=\"13\">%s: training loss</text>\n", LEFT, name);
    for (int power = (int) low; power <= high; power++) {
      double y = y(power, low, high);
      add("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", LEFT, WIDTH - RIGHT, y, y);
      add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 5, y + 3,
          power >= 0 ? "1" + "0".repeat(power) : "0." + "0".repeat(-power - 1) + "1");
    }
    for (int part = 0; part <= 4; part++) {
      long sequences = most * part / 4;
      add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>\n", x(sequences, most), HEIGHT - BOTTOM + 15,
          sequences);
    }
    add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">sequences</text>\n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8);
    int place = 0;
    for (Outcome each : of) {
      line(each, most, low, high, place++);
    }
  }

  private void line(Outcome each, long most, double low, double high, int place) {
    int number = Cells.ALL.stream().map(Cells.Entry::name).toList().indexOf(each.cell());
    // The golden angle: neighbors in the list get hues far apart.
    String color = String.format(Locale.ROOT, "hsl(%.0f,70%%,%d%%)", number * 137.5 % 360, 38 + number % 3 * 8);
    StringBuilder points = new StringBuilder();
    List<Double> curve = each.attempt().curve();
    double x = 0;
    double y = 0;
    for (int i = 0; i < curve.size(); i++) {
      long sequences = Math.min((i + 1L) * each.recipe().every(), each.attempt().sequences());
      x = x(sequences, most);
      y = y(log(curve.get(i)), low, high);
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>\n", points.toString().strip(), color);
    boolean solved = each.attempt().end() == Attempt.End.SOLVED;
    if (solved) {
      add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x, y, color);
    }
    add("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s%s</text>\n", WIDTH - RIGHT + 8, TOP + 8 + place * NAME_HEIGHT, color,
        solved ? "● " : "", each.cell());
  }

  private static double log(double loss) {
    return Math.log10(Math.max(loss, 1e-6));
  }

  private static double x(long sequences, long most) {
    return LEFT + (double) sequences / most * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double log, double low, double high) {
    return TOP + (high - log) / (high - low) * (HEIGHT - TOP - BOTTOM);
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}

package io.carousel.model;

import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A model as a table: each layer's name, output shape and number of parameters. */
final class Summary {
  private final Wiring wiring;
  private final Expressions built;

  Summary(Wiring wiring, Expressions built) {
    this.wiring = wiring;
    this.built = built;
  }

  String text() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"layer", "", "output", "parameters"});
    long total = 0;
    long frozen = 0;
    for (int i = 0; i < wiring.places().size(); i++) {
      Wiring.Place place = wiring.places().get(i);
      long count = 0;
      for (Scope.Declaration each : built.declared(i)) {
        count += each.shape().count();
        frozen += each.trainable() ? 0 : each.shape().count();
      }
      total += count;
      rows.add(
          new String[] {
            place.name(), place.layer().toString(), built.signals(i).getFirst().shapeText(), number(count)
          });
    }
    int[] widths = new int[4];
    for (String[] row : rows) {
      for (int c = 0; c < 4; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      text.append(pad(row[0], widths[0])).append("  ").append(pad(row[1], widths[1])).append("  ")
          .append(pad(row[2], widths[2])).append("  ")
          .append(" ".repeat(widths[3] - row[3].length())).append(row[3]).append('\n');
      if (r == 0) {
        text.append("-".repeat(widths[0] + widths[1] + widths[2] + widths[3] + 6)).append('\n');
      }
    }
    text.append("total ").append(number(total)).append(" parameters");
    if (frozen > 0) {
      text.append(", of which ").append(number(frozen)).append(" are frozen");
    }
    return text.append(String.format(Locale.ROOT, " (%.1f MB)", total * 4 / 1e6)).append('\n').toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}

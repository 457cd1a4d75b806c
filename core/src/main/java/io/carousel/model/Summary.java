package io.carousel.model;

import io.carousel.layer.Named;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a model is made of, layer by layer: names, shapes, parameters, operations; as a table, and for the picture of
 * it.
 */
final class Summary {
  private final Wiring wiring;
  private final List<LayerInfo> rows = new ArrayList<>();
  /** The numbers that layers give for one row and one step. */
  private long activations;

  Summary(Wiring wiring, Expressions built) {
    this.wiring = wiring;
    Flops flops = new Flops();
    for (int i = 0; i < wiring.places().size(); i++) {
      Wiring.Place place = wiring.places().get(i);
      long count = 0;
      long frozen = 0;
      for (Scope.Declaration each : built.declared(i)) {
        count += each.shape().count();
        frozen += each.trainable() ? 0 : each.shape().count();
      }
      activations += built.signals(i).getFirst().value().shape().count(1, 1);
      rows.add(
          new LayerInfo(
              place.name(), place.layer().toString(), place.before().stream().map(wiring::name).toList(),
              built.signals(i).getFirst().shapeText(), count, frozen, shares(place), flops.more(built.signals(i))));
    }
  }

  private static String shares(Wiring.Place place) {
    return place.layer() instanceof Named named && !named.name().equals(place.name()) ? named.name() : "";
  }

  List<LayerInfo> rows() {
    return rows;
  }

  String text() {
    boolean graph = !wiring.isSequence();
    List<String[]> table = new ArrayList<>();
    table.add(new String[] {"layer", "", graph ? "after" : "", "output", "parameters", "FLOPs"});
    for (LayerInfo row : rows) {
      table.add(
          new String[] {
            row.name(), row.layer(), graph ? String.join(", ", row.after()) : "", row.output(),
            number(row.parameters()), number(row.flops())
          });
    }
    long total = rows.stream().mapToLong(LayerInfo::parameters).sum();
    long frozen = rows.stream().mapToLong(LayerInfo::frozen).sum();
    long flops = rows.stream().mapToLong(LayerInfo::flops).sum();
    return table(table)
        + "total " + number(total) + " parameters"
        + (frozen > 0 ? ", of which " + number(frozen) + " are frozen" : "") + megabytes(total) + "\n"
        + "FLOPs for one row and one time step, forward: " + number(flops) + "; training takes about 3 times as many\n"
        + "memory in training: " + String.format(Locale.ROOT, "%.1f MB", (total + 3 * (total - frozen)) * 4 / 1e6)
        + " for parameters, gradients and Adam's two averages; " + number(4 * activations)
        + " bytes of outputs for each row and step\n";
  }

  private static String megabytes(long numbers) {
    return String.format(Locale.ROOT, " (%.1f MB)", numbers * 4 / 1e6);
  }

  /** Columns side by side, those of numbers at the right; empty ones are left out. */
  private static String table(List<String[]> rows) {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      List<String> cells = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        String space = " ".repeat(widths[c] - row[c].length());
        if (widths[c] > 0) {
          cells.add(c >= columns - 2 ? space + row[c] : row[c] + space);
        }
      }
      String line = cells.stream().collect(Collectors.joining("  "));
      text.append(line).append('\n');
      if (r == 0) {
        text.append("-".repeat(line.length())).append('\n');
      }
    }
    return text.toString();
  }

  static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}

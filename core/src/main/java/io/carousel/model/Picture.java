package io.carousel.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model as an SVG picture: a box for each layer, arrows from top to bottom, branches side by side.
 *
 * <p>Each box stands one rank below the lowest one that it follows. An arrow over several ranks gets a place of its own
 * in each, so that it passes no box. Within a rank boxes are ordered by the mean place of what they follow, and then
 * moved towards it.
 *
 * <p>Source: Sugiyama, Tagawa, Toda: Methods for visual understanding of hierarchical system structures, 1981.
 */
final class Picture {
  private static final int BOX_HEIGHT = 62;
  private static final int RANK = BOX_HEIGHT + 40;
  private static final int GAP = 28;
  private static final int MARGIN = 24;
  private static final int LONGEST = 56;
  private static final int SWEEPS = 8;

  /** A box, or a place that an arrow passes through. */
  private static final class Item {
    final @Nullable LayerInfo row;
    final int rank;
    final double width;
    final List<Item> above = new ArrayList<>();
    final List<Item> below = new ArrayList<>();
    double center;

    Item(@Nullable LayerInfo row, int rank) {
      this.row = row;
      this.rank = rank;
      this.width = row == null ? 8 : boxWidth(row);
    }

    double top() {
      return MARGIN + rank * (double) RANK;
    }

    double bottom() {
      return top() + BOX_HEIGHT;
    }
  }

  private final Wiring wiring;
  private final List<List<Item>> ranks = new ArrayList<>();

  Picture(Wiring wiring, Summary summary) {
    this.wiring = wiring;
    List<Item> boxes = new ArrayList<>();
    for (int i = 0; i < wiring.places().size(); i++) {
      int rank = 0;
      for (Wiring.Wire wire : wiring.places().get(i).before()) {
        rank = Math.max(rank, boxes.get(wire.place()).rank + 1);
      }
      Item box = add(new Item(summary.rows().get(i), rank));
      boxes.add(box);
      wiring.places().get(i).before().stream().map(Wiring.Wire::place).distinct()
          .forEach(before -> connect(boxes.get(before), box));
    }
    place();
  }

  private Item add(Item item) {
    while (ranks.size() <= item.rank) {
      ranks.add(new ArrayList<>());
    }
    ranks.get(item.rank).add(item);
    return item;
  }

  private void connect(Item from, Item to) {
    Item above = from;
    for (int rank = from.rank + 1; rank < to.rank; rank++) {
      Item pass = add(new Item(null, rank));
      above.below.add(pass);
      pass.above.add(above);
      above = pass;
    }
    above.below.add(to);
    to.above.add(above);
  }

  private void place() {
    ranks.forEach(Picture::pack);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (List<Item> rank : ranks) {
        arrange(rank, true);
      }
      for (List<Item> rank : ranks.reversed()) {
        arrange(rank, false);
      }
    }
    double left = Double.MAX_VALUE;
    for (List<Item> rank : ranks) {
      left = Math.min(left, rank.getFirst().center - rank.getFirst().width / 2);
    }
    for (List<Item> rank : ranks) {
      for (Item item : rank) {
        item.center += MARGIN - left;
      }
    }
  }

  /** Side by side around 0. */
  private static void pack(List<Item> rank) {
    double whole = rank.stream().mapToDouble(item -> item.width + GAP).sum() - GAP;
    double at = -whole / 2;
    for (Item item : rank) {
      item.center = at + item.width / 2;
      at += item.width + GAP;
    }
  }

  /** Orders a rank by where its neighbors are, moves each item towards them, and parts those that overlap. */
  private static void arrange(List<Item> rank, boolean byAbove) {
    Map<Item, Double> wanted = new HashMap<>();
    for (Item item : rank) {
      List<Item> neighbors = byAbove ? item.above : item.below;
      wanted.put(item, neighbors.stream().mapToDouble(each -> each.center).average().orElse(item.center));
    }
    rank.sort(Comparator.comparingDouble(wanted::get));
    double sum = 0;
    for (int i = 0; i < rank.size(); i++) {
      Item item = rank.get(i);
      item.center = Objects.requireNonNull(wanted.get(item));
      if (i > 0) {
        Item before = rank.get(i - 1);
        item.center = Math.max(item.center, before.center + (before.width + item.width) / 2 + GAP);
      }
      sum += item.center - Objects.requireNonNull(wanted.get(item));
    }
    for (Item item : rank) {
      item.center -= sum / rank.size(); // parting has moved all to the right
    }
  }

  String svg() {
    double width = 0;
    for (List<Item> rank : ranks) {
      width = Math.max(width, rank.getLast().center + rank.getLast().width / 2);
    }
    double height = (ranks.size() - 1) * (double) RANK + BOX_HEIGHT + 2 * MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\""
                + " font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\">\n",
            width + MARGIN, height, width + MARGIN, height));
    svg.append("<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\""
        + " orient=\"auto\"><path d=\"M0 0.5 L8 4 L0 7.5 z\" fill=\"#64748b\"/></marker></defs>\n");
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    for (List<Item> rank : ranks) {
      for (Item item : rank) {
        if (item.row != null) {
          item.below.forEach(below -> arrow(item, below, svg));
        }
      }
    }
    for (int i = 0; i < wiring.places().size(); i++) {
      String name = wiring.places().get(i).name();
      for (List<Item> rank : ranks) {
        for (Item item : rank) {
          if (item.row != null && item.row.name().equals(name)) {
            box(item, item.row, color(i), svg);
          }
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  /** From a box through the places that it passes to the next box. */
  private static void arrow(Item from, Item first, StringBuilder svg) {
    StringBuilder path = new StringBuilder(format("M%.1f %.1f", from.center, from.bottom()));
    double x = from.center;
    double y = from.bottom();
    Item to = first;
    while (true) {
      boolean end = to.row != null;
      double bend = (to.top() - y) / 2;
      double tip = end ? to.top() - 1 : to.top();
      path.append(format(" C%.1f %.1f %.1f %.1f %.1f %.1f", x, y + bend, to.center, to.top() - bend, to.center, tip));
      if (end) {
        break;
      }
      path.append(format(" L%.1f %.1f", to.center, to.bottom()));
      x = to.center;
      y = to.bottom();
      to = to.below.getFirst();
    }
    svg.append("<path d=\"").append(path)
        .append("\" fill=\"none\" stroke=\"#64748b\" stroke-width=\"1.4\" marker-end=\"url(#tip)\"/>\n");
  }

  private static void box(Item item, LayerInfo row, String color, StringBuilder svg) {
    double left = item.center - item.width / 2;
    svg.append(format(
        "<g><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"6\" fill=\"#f8fafc\" stroke=\"#cbd5e1\"/>",
        left, item.top(), item.width, BOX_HEIGHT));
    svg.append(format(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"4\" height=\"%d\" rx=\"2\" fill=\"%s\"/>",
        left, item.top(), BOX_HEIGHT, color));
    line(left + 14, item.top() + 19, "font-size=\"13\" font-weight=\"600\" fill=\"#0f172a\"", row.name(), svg);
    line(left + 14, item.top() + 36, "font-size=\"11\" fill=\"#475569\"", shortened(row.layer()), svg);
    line(left + 14, item.top() + 53,
        "font-size=\"11\" fill=\"#334155\" font-family=\"ui-monospace, Menlo, Consolas, monospace\"", shape(row), svg);
    svg.append("</g>\n");
  }

  private static void line(double x, double y, String style, String text, StringBuilder svg) {
    svg.append(format("<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, style)).append(escaped(text)).append("</text>");
  }

  private static String shape(LayerInfo row) {
    return row.output()
        + (row.parameters() == 0 ? "" : " · " + Summary.number(row.parameters()) + " parameters")
        + (row.shares().isEmpty() ? "" : " · shared with " + row.shares());
  }

  private static double boxWidth(LayerInfo row) {
    double widest = Math.max(7.6 * row.name().length(), 6.0 * shortened(row.layer()).length());
    return Math.max(140, 28 + Math.max(widest, 6.7 * shape(row).length()));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  /** Inputs blue, outputs green, what learns amber, the others gray. */
  private String color(int place) {
    if (wiring.places().get(place).isInput()) {
      return "#2563eb";
    }
    if (wiring.outputs().stream().anyMatch(wire -> wire.place() == place)) {
      return "#16a34a";
    }
    return ranks.stream().flatMap(List::stream)
            .anyMatch(item -> item.row != null && item.row.parameters() > 0
                && item.row.name().equals(wiring.places().get(place).name()))
        ? "#d97706" : "#94a3b8";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}

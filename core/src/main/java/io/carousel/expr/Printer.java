package io.carousel.expr;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints expressions as programs that a person can read: one node a line, numbered in order.
 *
 * <p>Equal text means equal structure, so the text also serves as the key of the program cache.
 */
public final class Printer {
  private final StringBuilder text = new StringBuilder();

  private Printer() {}

  public static String print(List<Expr> roots) {
    Printer printer = new Printer();
    printer.block(roots, "", "return");
    return printer.text.toString();
  }

  private void block(List<Expr> roots, String indent, String last) {
    Map<Expr, String> names = new IdentityHashMap<>();
    for (Expr node : Graph.topological(roots)) {
      switch (node.op()) {
        case Op.Constant c -> names.put(node, c.word());
        case Op.Placeholder p -> names.put(node, p.word());
        case Op.Broadcast b when node.arg(0).op() instanceof Op.Constant c ->
            names.put(node, c.word() + node.shape());
        case Op.Scan scan -> {
          String name = "%" + names.size();
          names.put(node, name);
          text.append(indent).append(name).append(" = ").append(scan.word()).append(' ')
              .append(arguments(node, names)).append(" {  elements ").append(scan.body().elements())
              .append(" states ").append(scan.body().states())
              .append(" captured ").append(scan.body().captured());
          if (scan.kept() < scan.body().ys().size()) {
            text.append(" kept from ").append(scan.kept());
          }
          text.append('\n');
          block(scan.body().nexts(), scan.body().ys(), indent + "  ");
          text.append(indent).append("}\n");
        }
        default -> {
          String name = "%" + names.size();
          names.put(node, name);
          text.append(indent).append(name).append(" = ").append(node.op().word());
          if (!node.args().isEmpty()) {
            text.append(' ').append(arguments(node, names));
          }
          text.append("  ").append(node.shape()).append('\n');
        }
      }
    }
    text.append(indent).append(last).append(' ').append(names(roots, names)).append('\n');
  }

  private void block(List<Expr> nexts, List<Expr> ys, String indent) {
    List<Expr> roots = new ArrayList<>(nexts);
    roots.addAll(ys);
    block(roots, indent, "next " + nexts.size() + ", y " + ys.size() + ":");
  }

  private static String arguments(Expr node, Map<Expr, String> names) {
    return names(node.args(), names);
  }

  private static String names(List<Expr> nodes, Map<Expr, String> names) {
    List<String> words = new ArrayList<>();
    for (Expr node : nodes) {
      words.add(names.get(node));
    }
    return String.join(", ", words);
  }
}

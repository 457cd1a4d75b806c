package io.carousel.model;

import static io.carousel.model.Architecture.tree;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.cell.ConvLstmCell;
import io.carousel.cell.CoupledLstmCell;
import io.carousel.cell.DepthwiseConvLstmCell;
import io.carousel.cell.DropConnectCell;
import io.carousel.cell.DropoutCell;
import io.carousel.cell.GruCell;
import io.carousel.cell.GruDCell;
import io.carousel.cell.IndRnnCell;
import io.carousel.cell.LayerNormGruCell;
import io.carousel.cell.LayerNormLstmCell;
import io.carousel.cell.LstmCell;
import io.carousel.cell.LstmOptions;
import io.carousel.cell.MLstmCell;
import io.carousel.cell.MguCell;
import io.carousel.cell.MinGruCell;
import io.carousel.cell.MinLstmCell;
import io.carousel.cell.OriginalLstmCell;
import io.carousel.cell.PeepholeLstmCell;
import io.carousel.cell.ProjectedLstmCell;
import io.carousel.cell.QrnnCell;
import io.carousel.cell.RnnCell;
import io.carousel.cell.SLstmCell;
import io.carousel.cell.SruCell;
import io.carousel.cell.ZoneoutCell;
import io.carousel.layer.Layer;
import io.carousel.model.Architecture.Node;
import io.carousel.notation.CellText;
import io.carousel.notation.TextCell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tree of a cell in an {@link Architecture}: {@code {"cell": "lstm", "units": 64}}. Options that have a usual
 * value are written only where they differ from it. A cell around another one has that one's tree under
 * {@code of}.
 */
final class CellTree {
  private static final String CELL = "cell";
  private static final String UNITS = "units";

  private CellTree() {}

  static Map<String, Object> describe(Layer layer, Cell cell) {
    return switch (cell) {
      case RnnCell c -> with(tree(CELL, "rnn", UNITS, c.units(), "activation", c.activation().word()), c);
      case GruCell c -> with(tree(CELL, "gru"), c);
      case LstmCell c -> with(tree(CELL, "lstm", UNITS, c.units()), c.options());
      case PeepholeLstmCell c -> with(tree(CELL, "peephole_lstm", UNITS, c.units()), c.options());
      case CoupledLstmCell c -> with(tree(CELL, "coupled_lstm", UNITS, c.units()), c.options());
      case LayerNormLstmCell c -> tree(CELL, "layer_norm_lstm", UNITS, c.units());
      case OriginalLstmCell c -> tree(CELL, "original_lstm", UNITS, c.units());
      case ProjectedLstmCell c -> tree(CELL, "projected_lstm", UNITS, c.units(), "cells", c.cells());
      case LayerNormGruCell c -> tree(CELL, "layer_norm_gru", UNITS, c.units());
      case MguCell c -> tree(CELL, "mgu", UNITS, c.units());
      case MinGruCell c -> tree(CELL, "min_gru", UNITS, c.units());
      case MinLstmCell c -> tree(CELL, "min_lstm", UNITS, c.units());
      case IndRnnCell c -> tree(CELL, "ind_rnn", UNITS, c.units(), "activation", c.activation().word());
      case SruCell c -> tree(CELL, "sru", UNITS, c.units());
      case QrnnCell c -> tree(
          CELL, "qrnn", UNITS, c.units(), "window", c.window(), "pooling", c.pooling().word());
      case SLstmCell c -> tree(CELL, "slstm", UNITS, c.units(), "heads", c.heads());
      case MLstmCell c -> tree(CELL, "mlstm", UNITS, c.units(), "heads", c.heads());
      case GruDCell c -> tree(CELL, "gru_d", UNITS, c.units());
      case ConvLstmCell c ->
          with(Architecture.windows(c.window(), CELL, "conv_lstm", UNITS, c.units()), "peepholes", c.peepholes(), false);
      case DepthwiseConvLstmCell c -> Architecture.windows(
          c.window(), CELL, "depthwise_conv_lstm", UNITS, c.units(), "mixing", c.mixing());
      case DropoutCell c -> tree(
          CELL, "dropout", "rate", c.rate(), "drops", c.of().word(), "of", describe(layer, c.cell()));
      case ZoneoutCell c -> tree(
          CELL, "zoneout", "rates", new ArrayList<>(c.rates()), "of", describe(layer, c.cell()));
      case DropConnectCell c -> tree(
          CELL, "drop_connect", "rate", c.rate(), "weights", new ArrayList<>(c.weights()),
          "of", describe(layer, c.cell()));
      case TextCell c -> tree(CELL, "text", "text", c.text().text(), "sizes", new LinkedHashMap<>(c.sizes()));
      default -> throw Architecture.foreign(layer);
    };
  }

  static Cell cell(Node node) {
    String kind = node.string(CELL);
    Cell cell =
        switch (kind) {
          case "rnn" -> new RnnCell(
              units(node), activation(node), flag(node, "identity", false), clip(node), flag(node, "bias", true));
          case "gru" -> gru(node);
          case "conv_lstm" ->
              new ConvLstmCell(units(node), Architecture.windows(node), flag(node, "peepholes", false));
          case "depthwise_conv_lstm" ->
              new DepthwiseConvLstmCell(units(node), Architecture.windows(node), node.flag("mixing"));
          case "lstm" -> new LstmCell(units(node), lstmOptions(node));
          case "peephole_lstm" -> new PeepholeLstmCell(units(node), lstmOptions(node));
          case "coupled_lstm" -> new CoupledLstmCell(units(node), lstmOptions(node));
          case "layer_norm_lstm" -> new LayerNormLstmCell(units(node));
          case "original_lstm" -> new OriginalLstmCell(units(node));
          case "projected_lstm" -> new ProjectedLstmCell(units(node), node.integer("cells"));
          case "layer_norm_gru" -> new LayerNormGruCell(units(node));
          case "mgu" -> new MguCell(units(node));
          case "min_gru" -> new MinGruCell(units(node));
          case "min_lstm" -> new MinLstmCell(units(node));
          case "ind_rnn" -> new IndRnnCell(units(node), activation(node));
          case "sru" -> new SruCell(units(node));
          case "qrnn" -> new QrnnCell(
              units(node), node.integer("window"),
              QrnnCell.Pooling.valueOf(
                  node.word("pooling", Set.of("f", "fo", "ifo")).toUpperCase(Locale.ROOT)));
          case "slstm" -> new SLstmCell(units(node), node.integer("heads"));
          case "mlstm" -> new MLstmCell(units(node), node.integer("heads"));
          case "gru_d" -> new GruDCell(units(node));
          case "dropout" -> new DropoutCell(
              inner(node), node.number("rate"),
              DropoutCell.Of.valueOf(
                  node.word("drops", Set.of("state", "candidate")).toUpperCase(Locale.ROOT)));
          case "zoneout" -> new ZoneoutCell(inner(node), items(node, "rates", Double.class));
          case "drop_connect" -> new DropConnectCell(
              inner(node), node.number("rate"), new HashSet<>(items(node, "weights", String.class)));
          case "text" -> text(node);
          default -> throw Architecture.unknown("cell", kind);
        };
    node.done();
    return cell;
  }

  private static TextCell text(Node node) {
    CellText text = CellText.parse(node.string("text"));
    Node of = node.node("sizes");
    Map<String, Integer> sizes = new LinkedHashMap<>();
    text.sizes().forEach(name -> sizes.put(name, of.integer(name)));
    of.done();
    return text.cell(sizes);
  }

  // ---- options ---------------------------------------------------------------------------------

  /** A tree with the options of a long short-term memory that are not the usual ones. */
  static Map<String, Object> with(Map<String, Object> tree, LstmOptions o) {
    LstmOptions usual = LstmOptions.STANDARD;
    with(tree, "gate", o.gate().word(), usual.gate().word());
    with(tree, "candidate", o.candidate().word(), usual.candidate().word());
    with(tree, "output", o.output().word(), usual.output().word());
    with(tree, "clip", o.clip(), usual.clip());
    with(tree, "forgetBias", o.forgetBias(), usual.forgetBias());
    with(tree, "bias", o.bias(), usual.bias());
    return tree;
  }

  static LstmOptions lstmOptions(Node node) {
    LstmOptions usual = LstmOptions.STANDARD;
    return new LstmOptions(
        activation(node, "gate", usual.gate()), activation(node, "candidate", usual.candidate()),
        activation(node, "output", usual.output()), clip(node),
        node.has("forgetBias") ? node.number("forgetBias") : usual.forgetBias(),
        flag(node, "bias", usual.bias()));
  }

  /** A tree with what a GRU is. */
  static Map<String, Object> with(Map<String, Object> tree, GruCell c) {
    GruCell usual = new GruCell(c.units(), c.resetAfter());
    tree.put(UNITS, c.units());
    tree.put("resetAfter", c.resetAfter());
    with(tree, "gate", c.gate().word(), usual.gate().word());
    with(tree, "candidate", c.candidate().word(), usual.candidate().word());
    with(tree, "clip", c.clip(), usual.clip());
    with(tree, "bias", c.bias(), usual.bias());
    return tree;
  }

  static GruCell gru(Node node) {
    GruCell usual = new GruCell(units(node), node.flag("resetAfter"));
    return new GruCell(
        usual.units(), usual.resetAfter(), activation(node, "gate", usual.gate()),
        activation(node, "candidate", usual.candidate()), clip(node), flag(node, "bias", usual.bias()));
  }

  private static Map<String, Object> with(Map<String, Object> tree, RnnCell c) {
    with(tree, "identity", c.identity(), false);
    with(tree, "clip", c.clip(), Double.POSITIVE_INFINITY);
    with(tree, "bias", c.bias(), true);
    return tree;
  }

  private static Map<String, Object> with(Map<String, Object> tree, String key, Object value, Object usual) {
    if (!value.equals(usual)) {
      tree.put(key, value);
    }
    return tree;
  }

  private static int units(Node node) {
    return node.integer(UNITS);
  }

  private static double clip(Node node) {
    return node.has("clip") ? node.number("clip") : Double.POSITIVE_INFINITY;
  }

  private static boolean flag(Node node, String key, boolean usual) {
    return node.has(key) ? node.flag(key) : usual;
  }

  private static Activation activation(Node node) {
    return Architecture.activation(node.string("activation"));
  }

  private static Activation activation(Node node, String key, Activation usual) {
    return node.has(key) ? Architecture.activation(node.string(key)) : usual;
  }

  private static Cell inner(Node node) {
    return cell(node.node("of"));
  }

  /** The items of a list, numbers as doubles. */
  private static <E> List<E> items(Node node, String key, Class<E> type) {
    List<E> items = new ArrayList<>();
    for (Object each : node.list(key)) {
      Object item = each instanceof Number number ? (Object) number.doubleValue() : each;
      if (!type.isInstance(item)) {
        throw new IllegalArgumentException(
            "Architecture: \"" + key + "\" must be a list of "
                + (type == String.class ? "texts" : "numbers") + ", got " + each);
      }
      items.add(type.cast(item));
    }
    return items;
  }
}

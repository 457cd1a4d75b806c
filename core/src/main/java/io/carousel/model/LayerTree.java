package io.carousel.model;

import static io.carousel.model.Architecture.tree;

import io.carousel.cell.Activation;
import io.carousel.layer.ActivityCost;
import io.carousel.layer.Attention;
import io.carousel.layer.AttentionPooling;
import io.carousel.layer.BatchNorm;
import io.carousel.layer.Gated;
import io.carousel.layer.GaussianNoise;
import io.carousel.layer.Highway;
import io.carousel.layer.Lambda;
import io.carousel.layer.Layer;
import io.carousel.layer.LayerNorm;
import io.carousel.layer.LearnedPositions;
import io.carousel.layer.MultiHeadAttention;
import io.carousel.layer.Residual;
import io.carousel.layer.RmsNorm;
import io.carousel.layer.Ruled;
import io.carousel.layer.SinusoidalPositions;
import io.carousel.layer.TiedDense;
import io.carousel.layer.Transformer;
import io.carousel.parameter.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows of {@link Architecture}'s switches for attention, normalization, gates and what goes around layers. */
final class LayerTree {
  private static final String LAYER = "layer";

  private LayerTree() {}

  static Map<String, Object> describe(Layer layer) {
    return switch (layer) {
      case LayerNorm n -> tree(LAYER, "layer_norm", "epsilon", n.epsilon());
      case RmsNorm n -> tree(LAYER, "rms_norm", "epsilon", n.epsilon());
      case GaussianNoise n -> tree(
          LAYER, "gaussian_noise", "deviation", n.deviation(), "multiplies", n.multiplies());
      case Gated g -> tree(LAYER, "gated", "units", g.units(), "activation", g.activation().word());
      case Highway h -> tree(LAYER, "highway", "activation", h.activation().word());
      case Residual r -> tree(LAYER, "residual", "of", describe(r.layers()));
      case Attention a -> dropout(
          tree(LAYER, "attention", "score", a.score().word(), "causal", a.causal()), a.dropout());
      case AttentionPooling a -> tree(LAYER, "attention_pooling", "units", a.units());
      case MultiHeadAttention m -> dropout(
          tree(LAYER, "multi_head_attention", "heads", m.heads(), "size", m.size(), "causal", m.causal()),
          m.dropout());
      case LearnedPositions p -> tree(LAYER, "learned_positions", "length", p.length());
      case SinusoidalPositions p -> tree(LAYER, "sinusoidal_positions");
      case Transformer t -> tree(
          LAYER, "transformer", "attention", describe(t.attention()), "hidden", t.hidden(),
          "activation", t.activation().word(), "dropout", t.dropout(), "normFirst", t.normFirst());
      case BatchNorm n -> tree(LAYER, "batch_norm", "momentum", n.momentum(), "epsilon", n.epsilon());
      case ActivityCost c -> tree(LAYER, "activity_cost", "l1", c.regularizer().l1(), "l2", c.regularizer().l2());
      case TiedDense t -> tree(
          LAYER, "tied_dense", "embedding", t.embedding(), "activation", t.activation().word());
      case Ruled r -> tree(
          LAYER, "ruled", "of", Architecture.describe(r.layer()),
          "rules", new ArrayList<>(r.rules().stream().map(RuleTree::describe).toList()));
      case Lambda l -> throw new IllegalArgumentException(
          l + ": a function cannot be written to a model file; save the parameters alone, or make it a layer of"
              + " the library's");
      default -> throw Architecture.foreign(layer);
    };
  }

  /** With the rate of dropout where there is one: files from before it had none. */
  private static Map<String, Object> dropout(Map<String, Object> tree, double rate) {
    if (rate > 0) {
      tree.put("dropout", rate);
    }
    return tree;
  }

  private static double dropout(Architecture.Node node) {
    return node.has("dropout") ? node.number("dropout") : 0;
  }

  private static List<Object> describe(List<Layer> layers) {
    List<Object> trees = new ArrayList<>();
    layers.forEach(layer -> trees.add(Architecture.describe(layer)));
    return trees;
  }

  static Layer layer(String kind, Architecture.Node node) {
    return switch (kind) {
      case "layer_norm" -> new LayerNorm(node.number("epsilon"));
      case "rms_norm" -> new RmsNorm(node.number("epsilon"));
      case "gaussian_noise" -> new GaussianNoise(node.number("deviation"), node.flag("multiplies"));
      case "gated" -> new Gated(node.integer("units"), activation(node));
      case "highway" -> new Highway(activation(node));
      case "residual" -> new Residual(layers(node));
      case "attention" -> new Attention(score(node.string("score")), node.flag("causal"), dropout(node));
      case "attention_pooling" -> new AttentionPooling(node.integer("units"));
      case "multi_head_attention" ->
          new MultiHeadAttention(node.integer("heads"), node.integer("size"), node.flag("causal"), dropout(node));
      case "learned_positions" -> new LearnedPositions(node.integer("length"));
      case "batch_norm" -> new BatchNorm(node.number("momentum"), node.number("epsilon"));
      case "activity_cost" -> new ActivityCost(new Regularizer(node.number("l1"), node.number("l2")));
      case "tied_dense" -> new TiedDense(node.string("embedding"), activation(node));
      case "ruled" -> new Ruled(
          Architecture.layer(node.node("of")),
          node.list("rules").stream().map(each -> RuleTree.rule(Architecture.Node.of("rules", each))).toList());
      case "sinusoidal_positions" -> new SinusoidalPositions();
      case "transformer" -> {
        if (!(Architecture.layer(node.node("attention")) instanceof MultiHeadAttention attention)) {
          throw new IllegalArgumentException("Architecture: a transformer needs a multi_head_attention");
        }
        yield new Transformer(
            attention, node.integer("hidden"), activation(node), node.number("dropout"), node.flag("normFirst"));
      }
      default -> throw Architecture.unknown("layer", kind);
    };
  }

  private static Activation activation(Architecture.Node node) {
    return Architecture.activation(node.string("activation"));
  }

  private static List<Layer> layers(Architecture.Node node) {
    List<Layer> layers = new ArrayList<>();
    for (Object each : node.list("of")) {
      layers.add(Architecture.layer(Architecture.Node.of("of", each)));
    }
    return layers;
  }

  private static Attention.Score score(String word) {
    for (Attention.Score each : Attention.Score.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw Architecture.unknown("score", word);
  }
}

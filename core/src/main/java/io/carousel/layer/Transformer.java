package io.carousel.layer;

import io.carousel.cell.Activation;
import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.List;

/**
 * One block of a Transformer encoder, or with a causal attention of a decoder without memory: [B,T,F] to [B,T,F].
 *
 * <pre>
 *   norm before:  u = x + D(A(N₁(x)))     y = u + D(E(N₂(u)))
 *   norm after:   u = N₁(x + D(A(x)))     y = N₂(u + D(E(u)))
 * </pre>
 *
 * A is a {@link MultiHeadAttention}, E two {@link Dense} layers with an activation between, N {@link LayerNorm}, D
 * {@link Dropout}.
 *
 * <p>Source: norm after: Vaswani et al.: Attention Is All You Need, 2017; norm before: Xiong et al.: On Layer
 * Normalization in the Transformer Architecture, 2020. Weights of attention are dropped where A has a dropout of its
 * own; PyTorch takes one rate for all.
 *
 * @param attention A
 * @param hidden the units between the dense layers of E
 * @param activation of these
 * @param dropout the rate of D
 * @param normFirst true for the norm before
 */
public record Transformer(
    MultiHeadAttention attention, int hidden, Activation activation, double dropout, boolean normFirst)
    implements Layer {
  public Transformer {
    new Dense(hidden, activation); // for their checks
    new Dropout(dropout);
  }

  /** A block with the norm before, GELU and no dropout. */
  public Transformer(MultiHeadAttention attention, int hidden) {
    this(attention, hidden, Activation.GELU, 0, true);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Attention.requireOneOrTwo(this, List.of(in));
    List<Layer> feedForward = List.of(new Dense(hidden, activation), new Dense(in.features()));
    Signal u = part(in, List.of(attention), "attention", scope);
    return part(u, feedForward, "dense", scope);
  }

  private Signal part(Signal in, List<Layer> layers, String name, Scope scope) {
    LayerNorm norm = new LayerNorm();
    Scope own = scope.child(name);
    Signal x = in.with(in.value());
    Signal out = normFirst ? norm.apply(x, own.child("norm")) : x;
    for (int i = 0; i < layers.size(); i++) {
      out = layers.get(i).apply(out, layers.size() == 1 ? own : own.child(Integer.toString(i)));
    }
    Expr sum = x.value().plus(new Dropout(dropout).apply(out, own.child("dropout")).value());
    Signal added = in.with(sum);
    return normFirst ? added : norm.apply(added, own.child("norm"));
  }

  @Override
  public String kind() {
    return "transformer";
  }

  @Override
  public String toString() {
    return "Transformer(" + attention + ", hidden=" + hidden + ", " + activation.word()
        + (dropout > 0 ? ", dropout=" + dropout : "") + (normFirst ? ", norm first)" : ", norm last)");
  }
}

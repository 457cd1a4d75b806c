package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Recurrent layers one above the other: {@code Stack.of(3, () -> new Lstm(64)).dropout(0.2).residual()}. Each but
 * the last gives its whole sequence to the next.
 *
 * <pre>
 *   plain:     y = layer(x)        residual:  y = layer(x) + x        dense:  y = [layer(x) x]
 * </pre>
 *
 * Residual connections go around every layer whose input has as many features as its output. Dropout stands between
 * layers, not after the last.
 *
 * <p>Source: residual: Wu et al.: Google's Neural Machine Translation System, 2016, equation 6; dense: Huang et al.,
 * 2017; dropout between layers: Zaremba, Sutskever, Vinyals: Recurrent Neural Network Regularization, 2014.
 *
 * @param layers recurrent or bidirectional layers that give sequences, from the first to the last
 * @param dropout the part of the numbers that is dropped between layers, 0 to below 1
 * @param connections what goes around a layer
 * @param sequences true if the output is the whole sequence, false if it is the last output alone
 */
public record Stack(List<Layer> layers, double dropout, Connections connections, boolean sequences)
    implements Layer {
  /** What goes around each layer. */
  public enum Connections {
    /** Nothing. */
    PLAIN,
    /** The input is added to the output. */
    RESIDUAL,
    /** The input stands beside the output. */
    DENSE;

    /** Its name in model files, {@code plain}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Stack {
    layers = List.copyOf(layers);
    new Dropout(dropout); // for its checks
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Stack: needs at least one layer");
    }
    for (Layer layer : layers) {
      if (!sequences(layer)) {
        throw new IllegalArgumentException(
            "Stack: layers must be recurrent or bidirectional and give sequences, got " + layer);
      }
    }
  }

  /** So many layers, each made anew; whether the last gives its whole sequence it says itself. */
  public static Stack of(int count, Supplier<? extends Layer> layer) {
    List<Layer> layers = new ArrayList<>();
    boolean sequences = false;
    for (int i = 0; i < count; i++) {
      Layer made = layer.get();
      sequences = sequences(made);
      layers.add(
          switch (made) {
            case Recurrent r -> r.with(true, r.reverse());
            case Bidirectional b -> b.returnSequences();
            default -> made;
          });
    }
    return new Stack(layers, 0, Connections.PLAIN, sequences);
  }

  private static boolean sequences(Layer layer) {
    return switch (layer) {
      case Recurrent r -> r.sequences();
      case Bidirectional b -> b.layer().sequences() && b.merge() != Bidirectional.Merging.SEPARATE;
      default -> false;
    };
  }

  /** The same with the whole sequence as its output. */
  public Stack returnSequences() {
    return new Stack(layers, dropout, connections, true);
  }

  /** The same with dropout between its layers. */
  public Stack dropout(double rate) {
    return new Stack(layers, rate, connections, sequences);
  }

  /** The same with residual connections. */
  public Stack residual() {
    return new Stack(layers, dropout, Connections.RESIDUAL, sequences);
  }

  /** The same with dense connections. */
  public Stack dense() {
    return new Stack(layers, dropout, Connections.DENSE, sequences);
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Signal x = Layer.requireSequence(this, in);
    for (int i = 0; i < layers.size(); i++) {
      if (i > 0) {
        x = new Dropout(dropout).apply(x, scope.child("dropout" + i));
      }
      x = around(x, layers.get(i).apply(x, scope.child("layer" + i)));
    }
    return sequences ? x : new Pooling(Pooling.Kind.LAST).apply(x, scope);
  }

  private Signal around(Signal x, Signal y) {
    boolean skip = connections == Connections.RESIDUAL && x.features() != y.features();
    if (connections == Connections.PLAIN || skip) {
      return y;
    }
    Expr before = x.last() != null ? x.last() : new Pooling(Pooling.Kind.LAST).apply(x, NOWHERE).value();
    return new Signal(
        joined(y.value(), x.value()), y.last() == null ? null : joined(y.last(), before), y.lengths(),
        y.zeroPadded() && x.zeroPadded(), y.read());
  }

  private Expr joined(Expr y, Expr x) {
    return connections == Connections.RESIDUAL ? y.plus(x) : Expr.concat(-1, List.of(y, x));
  }

  private static final Scope NOWHERE = new Scope("pooling", false); // pooling declares nothing

  @Override
  public String kind() {
    return "stack";
  }

  @Override
  public String toString() {
    return "Stack(" + layers.size() + " × " + layers.getFirst()
        + (dropout == 0 ? "" : ", dropout=" + dropout)
        + (connections == Connections.PLAIN ? ")" : ", " + connections.word() + ")");
  }
}

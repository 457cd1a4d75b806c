package io.carousel.layer;

import io.carousel.expr.Expr;
import io.carousel.parameter.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/**
 * A sequence [B,T,…,F] as one array a row: the last output, the mean or the largest over a row's own steps,
 * or several of them side by side, [B,…,kF], in the order last, mean, max. An empty row gives zeros.
 *
 * @param kinds what is taken; at least one
 */
public record Pooling(Set<Kind> kinds) implements Layer {
  /** What is taken of a row. */
  public enum Kind {
    /** What a recurrent layer had after the whole row (both directions'), else the last step. */
    LAST,
    /** The mean of each feature. */
    MEAN,
    /** The largest of each feature. */
    MAX;

    /** Its name in options and model files, {@code last}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Pooling {
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("Pooling: needs at least one of last, mean, max");
    }
    kinds = Collections.unmodifiableSet(EnumSet.copyOf(kinds));
  }

  public Pooling(Kind... kinds) {
    this(Set.copyOf(Arrays.asList(kinds)));
  }

  @Override
  public Signal apply(Signal in, Scope scope) {
    Layer.requireSequence(this, in);
    List<Expr> parts = new ArrayList<>();
    for (Kind kind : kinds) {
      parts.add(
          switch (kind) {
            case LAST -> last(in);
            case MEAN -> mean(in);
            case MAX -> max(in);
          });
    }
    return Signal.of(Expr.concat(-1, parts), null);
  }

  private static Expr last(Signal in) {
    Expr last = in.last();
    if (last != null) {
      return last;
    }
    return rows(Expr.select(in.maskOfLast(), in.value(), Expr.constant(0)).sum(0));
  }

  private static Expr mean(Signal in) {
    return rows(in.zeroed().sum(0)).over(Expr.maximum(in.rowLengths(), Expr.constant(1)));
  }

  private static Expr max(Signal in) {
    Expr own = Expr.select(in.mask(), in.value(), Expr.constant(-Float.MAX_VALUE));
    return Expr.select(Expr.constant(0).less(in.rowLengths()), rows(own.max(0)), Expr.constant(0));
  }

  private static Expr rows(Expr pooled) {
    return pooled.reshape(pooled.shape().drop(0));
  }

  @Override
  public String kind() {
    return "pooling";
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "Pooling(", ")");
    kinds.forEach(kind -> text.add(kind.word()));
    return text.toString();
  }
}

package io.carousel.compile;

import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.expr.Scans;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Recurrent cells as equations, for tests of loops. */
final class Cells {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  static final int UNITS = 5;
  static final Expr W = weights("W", 3);
  static final Expr W2 = weights("W2", 3);
  static final Expr R = weights("R", UNITS);
  static final Expr R2 = weights("R2", UNITS);
  static final Expr BIAS = Expr.parameter("b", Shape.of(UNITS));

  private static Expr weights(String name, int inputs) {
    return Expr.parameter(name, Shape.of(inputs, UNITS)).times(0.5);
  }

  /** What a step makes of x [B,3] and two states [B,UNITS]: the next states; the first is the output. */
  interface Cell extends BiFunction<Expr, List<Expr>, List<Expr>> {}

  /** Cells by name. */
  static final Map<String, Cell> CELLS =
      Map.of(
          "cell: gated recurrent unit", (x, s) -> {
            Expr h = s.get(0);
            Expr z = Expr.sigmoid(x.matmul(W).plus(h.matmul(R)).plus(BIAS));
            Expr r = Expr.sigmoid(x.matmul(W2).plus(h.matmul(R2)));
            Expr n = Expr.tanh(x.matmul(W).plus(r.times(h.matmul(R).plus(BIAS))));
            return List.of(z.times(h).plus(z.complement().times(n)), s.get(1));
          },
          "cell: reset before the product", (x, s) -> {
            Expr h = s.get(0);
            Expr z = Expr.sigmoid(x.matmul(W).plus(h.matmul(R)).plus(BIAS));
            Expr n = Expr.tanh(x.matmul(W2).plus(z.times(h).matmul(R2)));
            return List.of(z.times(h).plus(z.complement().times(n)), n);
          },
          // The second product starts from what the first has read already.
          "cell: one input for two stages", (x, s) -> {
            Expr input = x.matmul(W);
            Expr first = Expr.tanh(s.get(0).matmul(R).plus(input));
            return List.of(Expr.tanh(first.matmul(R2).plus(input)), first);
          },
          "cell: one input for two states", (x, s) -> {
            Expr input = x.matmul(W).plus(BIAS);
            Expr first = Expr.tanh(s.get(0).matmul(R).plus(input));
            return List.of(first, Expr.tanh(s.get(1).matmul(R2).plus(input)).times(first));
          },
          "cell: gates one by one", (x, s) -> {
            Expr h = s.get(0);
            Expr c = s.get(1);
            Expr i = Expr.sigmoid(x.matmul(W).plus(h.matmul(R)).plus(BIAS));
            Expr o = Expr.sigmoid(x.matmul(W2).plus(h.matmul(R2)).plus(c));
            Expr next = i.times(Expr.tanh(x.matmul(W2).plus(h.matmul(R)))).plus(i.complement().times(c));
            return List.of(o.times(Expr.tanh(next)), next);
          },
          "cell: rectified, with a shortcut", (x, s) ->
              List.of(
                  Expr.relu(x.matmul(W).plus(s.get(0).matmul(R))).plus(x.matmul(W)),
                  Expr.maximum(s.get(1), s.get(0)).minus(x.sum(-1))),
          "cell: no product with the state", (x, s) ->
              List.of(
                  Expr.tanh(x.matmul(W).plus(s.get(0).times(BIAS))),
                  s.get(1).plus(Expr.select(s.get(0).less(x.matmul(W2)), s.get(0), BIAS))),
          "cell: normalized", (x, s) -> {
            Expr z = x.matmul(W).plus(s.get(0).matmul(R));
            Expr centered = z.minus(z.sum(-1).times(1.0 / UNITS));
            Expr variance = centered.square().sum(-1).times(1.0 / UNITS).plus(0.1);
            return List.of(Expr.tanh(centered.over(Expr.sqrt(variance)).times(BIAS)), Expr.softmax(z));
          });

  private Cells() {}

  /** The outputs added up over time, and the last of the second state. */
  static Expr run(Cell cell, @Nullable Expr lengths, boolean reverse) {
    Expr scan =
        Scans.scan(
            List.of(Expr.input("x", Shape.of(T, B, 3))),
            List.of(Expr.input("h0", Shape.of(B, UNITS)), Expr.input("c0", Shape.of(B, UNITS))),
            lengths,
            reverse,
            (x, states) -> {
              List<Expr> nexts = cell.apply(x.get(0), states);
              return new Scans.Step(nexts, List.of(nexts.get(0)));
            });
    return Expr.concat(
        0, List.of(scan.part(0).sum(0), scan.part(Scans.lastState(scan, 1)).reshape(Shape.of(1, B, UNITS))));
  }

  /** A value and a loss of it, and the loss's derivative by every input and parameter. */
  static List<Expr> training(Expr y) {
    Expr loss = y.times(Expr.input("probe", y.shape())).sumAll();
    List<Expr> leaves = new ArrayList<>();
    for (Expr node : Graph.topological(List.of(y))) {
      if (node.op() instanceof Op.Input || node.op() instanceof Op.Parameter) {
        leaves.add(node);
      }
    }
    List<Expr> roots = new ArrayList<>(List.of(y, loss));
    roots.addAll(Derivative.gradient(loss, leaves));
    return roots;
  }
}

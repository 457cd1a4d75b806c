package io.carousel.compile;

import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.expr.Scans;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Loops over states, elements and captured values of all shapes: attention, memories, heads. */
final class BodiesTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final Expr X = Expr.input("x", Shape.of(T, B, 3));
  private static final Expr W = Expr.parameter("W", Shape.of(3, 4));
  private static final Expr R = Expr.parameter("R", Shape.of(4, 4));
  private static final Expr R2 = Expr.parameter("R2", Shape.of(4, 4));
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(B));

  private interface Body extends BiFunction<List<Expr>, List<Expr>, Scans.Step> {}

  private static Expr scan(@Nullable Expr lengths, List<Expr> elements, Expr initial, Body body) {
    return Scans.scan(elements, List.of(initial), lengths, lengths != null, body);
  }

  private static Expr state(int... sizes) {
    return Expr.input("h", Shape.of(sizes));
  }

  private static Map<String, Expr> cases() {
    Map<String, Expr> cases = new TreeMap<>();
    Expr keys = Expr.input("keys", Shape.of(4, T));
    Expr moreKeys = Expr.input("more keys", Shape.of(4, T));
    Expr values = Expr.input("values", Shape.of(T, 5));
    cases.put("scores of all times", scan(null, List.of(X), state(B, 4), (e, s) -> {
      Expr h = Expr.tanh(s.get(0).matmul(R).plus(e.get(0).matmul(W)));
      Expr scores = Expr.softmax(h.matmul(keys)).plus(Expr.tanh(h.matmul(moreKeys)));
      return new Scans.Step(List.of(h.plus(scores.sum(-1))), List.of(scores));
    }).part(0));
    cases.put("attention to all times", scan(LENGTHS, List.of(X), state(B, 4), (e, s) -> {
      Expr h = Expr.tanh(s.get(0).matmul(R).plus(e.get(0).matmul(W)));
      Expr scores = h.matmul(keys).plus(s.get(0).matmul(moreKeys));
      return new Scans.Step(List.of(h), List.of(Expr.softmax(scores).matmul(values)));
    }).part(0));
    Expr matrices = Expr.input("m", Shape.of(T, 4, 4));
    cases.put("a matrix for each step", scan(null, List.of(matrices, X), state(B, 4), (e, s) -> {
      Expr h = Expr.tanh(s.get(0).matmul(e.get(0)).plus(e.get(1).matmul(W)));
      return new Scans.Step(List.of(h), List.of(h));
    }).part(0));
    cases.put("a matrix for each step and row",
        scan(LENGTHS, List.of(Expr.input("m", Shape.of(T, B, 4, 4)), X), state(B, 4), (e, s) -> {
          Expr moved = s.get(0).reshape(Shape.of(B, 1, 4)).batchMatmul(e.get(0)).reshape(Shape.of(B, 4));
          Expr h = Expr.tanh(moved.plus(e.get(1).matmul(W)));
          return new Scans.Step(List.of(h), List.of(h));
        }).part(0));
    cases.put("a memory of outer products", scan(LENGTHS, List.of(X), state(B, 4, 3), (e, s) -> {
      Expr key = e.get(0).matmul(W);
      Expr written = key.reshape(Shape.of(B, 4, 1)).batchMatmul(e.get(0).reshape(Shape.of(B, 1, 3)));
      Expr memory = s.get(0).times(0.9).plus(written);
      Expr read = key.reshape(Shape.of(B, 1, 4)).batchMatmul(memory).reshape(Shape.of(B, 3));
      return new Scans.Step(List.of(memory), List.of(read));
    }).part(0));
    // The axis of size 1 stands between the rows and the times: the two must not be walked as one.
    Expr memory = Expr.input("memory", Shape.of(B, 4, T));
    cases.put("scores of a row's own times", scan(LENGTHS, List.of(X), state(B, 4), (e, s) -> {
      Expr h = Expr.tanh(s.get(0).matmul(R).plus(e.get(0).matmul(W)));
      Expr scores = Expr.tanh(h.reshape(Shape.of(B, 1, 4)).batchMatmul(memory)).times(0.5);
      return new Scans.Step(List.of(h), List.of(h.plus(scores.sum(-1).reshape(Shape.of(B, 1)))));
    }).part(0));
    cases.put("two heads", scan(LENGTHS, List.of(X), state(B, 2, 4), (e, s) -> {
      Expr z = s.get(0).matmul(R).plus(e.get(0).matmul(W).reshape(Shape.of(B, 1, 4)));
      Expr next = Expr.tanh(z.plus(s.get(0).matmul(R2)));
      return new Scans.Step(List.of(next), List.of(next.slice(1, 0, 1).reshape(Shape.of(B, 4)), next));
    }).part(1));
    cases.put("a number for each row", scan(LENGTHS, List.of(X), state(B), (e, s) -> {
      Expr next = Expr.tanh(s.get(0).plus(e.get(0).sum(-1).reshape(Shape.of(B))));
      return new Scans.Step(List.of(next), List.of(next.reshape(Shape.of(B, 1)).times(e.get(0))));
    }).part(0));
    cases.put("a state of one column", scan(null, List.of(X), state(B, 1), (e, s) -> {
      Expr next = Expr.tanh(s.get(0).plus(e.get(0)));
      return new Scans.Step(List.of(next.sum(-1).times(0.1)), List.of(next.times(s.get(0))));
    }).part(0));
    Expr wide = Expr.input("a", Shape.of(T, B, T));
    cases.put("a state as wide as time", scan(LENGTHS, List.of(wide), state(B, T), (e, s) -> {
      Expr next = Expr.tanh(s.get(0).plus(Expr.softmax(e.get(0))));
      return new Scans.Step(List.of(next), List.of(next.times(e.get(0))));
    }).part(0));
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> bodies() {
    return cases().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      List<Expr> forward = List.of(entry.getValue());
                      Differential.check(forward, RandomInputs.of(forward, 3, 4, 1));
                      List<Expr> training = Cells.training(entry.getValue());
                      Differential.check(training, RandomInputs.of(training, 3, 4, 1));
                    }));
  }
}

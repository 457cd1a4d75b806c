package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The derivative of loops by finite differences: both directions, with and without lengths. */
public final class ScanDerivativeTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;

  private static final Expr X = Expr.input("x", Shape.of(T, B, 3));
  private static final Expr H0 = Expr.input("h0", Shape.of(B, 2));
  private static final Expr C0 = Expr.input("c0", Shape.of(B, 2));
  private static final Expr W = Expr.parameter("W", Shape.of(3, 2));
  private static final Expr R = Expr.parameter("R", Shape.of(2, 2));
  private static final Expr BIAS = Expr.parameter("b", Shape.of(2));
  private static final Expr LENGTHS = Expr.intInput("lengths", Shape.of(B));

  /** Builds a value around a loop, given its lengths and direction. */
  public interface Case extends BiFunction<@Nullable Expr, Boolean, Expr> {}

  /** Loops by name, for whoever computes them. */
  public static Map<String, Case> cases() {
    Map<String, Case> cases = new TreeMap<>();
    cases.put("outputs", (lengths, reverse) -> simple(X, H0, lengths, reverse).part(0));
    cases.put("last state", (lengths, reverse) -> last(simple(X, H0, lengths, reverse), 0));
    cases.put("outputs and last state", (lengths, reverse) -> {
      Expr scan = simple(X, H0, lengths, reverse);
      return scan.part(0).sum(0).reshape(H0.shape()).times(last(scan, 0));
    });
    cases.put("zero initial state",
        (lengths, reverse) -> simple(X, Expr.full(0, H0.shape()), lengths, reverse).part(0));
    cases.put("initial state made of a parameter",
        (lengths, reverse) -> simple(X, Expr.tanh(BIAS).broadcast(H0.shape()), lengths, reverse).part(0));
    cases.put("lstm", (lengths, reverse) -> lstm(X, "", lengths, reverse).output());
    cases.put("lstm, last states", (lengths, reverse) -> {
      Equations.Run run = lstm(X, "", lengths, reverse);
      return run.h().times(run.c());
    });
    cases.put("peepholes and captured values", ScanDerivativeTest::captured);
    cases.put("no state", (lengths, reverse) ->
        Scans.scan(List.of(X), List.of(), lengths, reverse,
                (x, s) -> new Scans.Step(List.of(), List.of(Expr.tanh(x.get(0).matmul(W)))))
            .part(0));
    cases.put("no sequence", (lengths, reverse) ->
        last(
            Scans.scan(List.of(), List.of(H0), lengths, reverse,
                (x, s) -> new Scans.Step(List.of(Expr.tanh(s.get(0).matmul(R).plus(BIAS))), List.of())),
            0));
    cases.put("states that swap", (lengths, reverse) -> {
      Expr scan =
          Scans.scan(List.of(X), List.of(H0, C0), lengths, reverse,
              (x, s) -> new Scans.Step(
                  List.of(s.get(1), Expr.tanh(s.get(0).plus(x.get(0).slice(1, 0, 2)))), List.of(s.get(0))));
      return Expr.concat(1, List.of(last(scan, 0), last(scan, 1), scan.part(0).max(0).reshape(H0.shape())));
    });
    cases.put("a state that forgets", (lengths, reverse) -> {
      Expr scan =
          Scans.scan(List.of(X), List.of(H0), lengths, reverse,
              (x, s) -> new Scans.Step(List.of(x.get(0).matmul(W)), List.of(s.get(0).square())));
      return scan.part(0).sum(0).reshape(H0.shape()).plus(last(scan, 0));
    });
    cases.put("outputs that are the element, the state and a captured value", (lengths, reverse) -> {
      Expr scan =
          Scans.scan(List.of(X), List.of(H0), lengths, reverse,
              (x, s) -> new Scans.Step(
                  List.of(Expr.tanh(s.get(0).plus(C0))), List.of(x.get(0), s.get(0), C0.square())));
      return Expr.concat(2, List.of(scan.part(0), scan.part(1), scan.part(2)));
    });
    cases.put("two sequences", (lengths, reverse) -> {
      Expr gate = Expr.input("gate", Shape.of(T, B, 2));
      return Scans.scan(List.of(X, gate), List.of(H0), lengths, reverse,
              (x, s) -> {
                Expr z = Expr.sigmoid(x.get(1));
                Expr h = z.times(s.get(0)).plus(z.complement().times(Expr.tanh(x.get(0).matmul(W))));
                return new Scans.Step(List.of(h), List.of(h, z.times(h)));
              })
          .part(1);
    });
    cases.put("an element used by several products", (lengths, reverse) -> {
      Expr other = Expr.parameter("W2", Shape.of(3, 2));
      return Scans.scan(List.of(X), List.of(H0), lengths, reverse,
              (x, s) -> {
                Expr h = Expr.tanh(x.get(0).matmul(W).times(Expr.sigmoid(x.get(0).matmul(other))).plus(s.get(0)));
                return new Scans.Step(List.of(h), List.of(h.matmul(R).matmul(R)));
              })
          .part(0);
    });
    cases.put("sequences of matrices", (lengths, reverse) -> {
      Expr heads = Expr.input("heads", Shape.of(T, B, 2, 3));
      Expr start = Expr.input("start", Shape.of(B, 2, 2));
      return Scans.scan(List.of(heads), List.of(start), lengths, reverse,
              (x, s) -> {
                Expr h = Expr.tanh(x.get(0).matmul(W).plus(s.get(0).batchMatmul(s.get(0))));
                return new Scans.Step(List.of(h), List.of(Expr.softmax(h)));
              })
          .part(0);
    });
    cases.put("attention to a captured sequence", (lengths, reverse) -> {
      Expr memory = Expr.input("memory", Shape.of(B, 3, 2));
      return Scans.scan(List.of(X), List.of(H0), lengths, reverse,
              (x, s) -> {
                Expr query = s.get(0).plus(x.get(0).matmul(W)).reshape(Shape.of(B, 2, 1));
                Expr weights = Expr.softmax(memory.batchMatmul(query).reshape(Shape.of(B, 3)));
                Expr read = weights.reshape(Shape.of(B, 1, 3)).batchMatmul(memory).reshape(H0.shape());
                return new Scans.Step(List.of(Expr.tanh(read)), List.of(read));
              })
          .part(0);
    });
    cases.put("a fixed number of steps", (lengths, reverse) ->
        simple(Expr.input("four", Shape.of(4, B, 3)), H0, lengths, reverse).part(0));
    cases.put("a fixed number of steps, the steps of time beside each other", (lengths, reverse) -> {
      Expr four = Expr.input("four", Shape.of(4, B, T, 3));
      Expr start = Expr.full(0, Shape.of(B, T, 2));
      Expr scan = Scans.scan(List.of(four), List.of(start), lengths, reverse,
          (x, s) -> {
            Expr h = Expr.tanh(x.get(0).matmul(W).plus(s.get(0).matmul(R)).plus(BIAS));
            return new Scans.Step(List.of(h), List.of(h));
          });
      return last(scan, 0).transpose(1, 0, 2).times(scan.part(0).sum(0).reshape(Shape.of(B, T, 2)).transpose(1, 0, 2));
    });
    cases.put("every other step, with more around", (lengths, reverse) ->
        simple(X.pad(0, 1, 2).every(0, 2), H0, lengths, reverse).part(0));
    cases.put("every other step, lengths too", (lengths, reverse) ->
        simple(X.every(0, 2), H0, lengths == null ? null : lengths.steps(1, 2), reverse).part(0));
    cases.put("two loops in sequence", (lengths, reverse) -> {
      Expr first = simple(X, H0, lengths, reverse);
      Expr wide = first.part(0).matmul(Expr.parameter("up", Shape.of(2, 3)));
      return simple(wide, last(first, 0), lengths, reverse).part(0);
    });
    cases.put("both directions side by side", (lengths, reverse) -> {
      Expr there = lstm(X, "there.", lengths, reverse).output();
      Expr back = lstm(X, "back.", lengths, !reverse).output();
      return Expr.concat(2, List.of(there, back)).matmul(Expr.parameter("top", Shape.of(4, 3)));
    });
    cases.put("two layers of both directions", (lengths, reverse) -> {
      Expr below = X;
      for (int layer = 0; layer < 2; layer++) {
        below =
            Expr.concat(2, List.of(
                lstm(below, layer + "there.", lengths, reverse).output(),
                lstm(below, layer + "back.", lengths, !reverse).output()));
      }
      return below;
    });
    cases.put("an embedding below", (lengths, reverse) -> {
      Expr table = Expr.parameter("table", Shape.of(5, 3));
      return simple(table.gather(Expr.intInput("ids", Shape.of(T, B))), H0, lengths, reverse).part(0);
    });
    cases.put("mean and maximum over time", (lengths, reverse) -> {
      Expr all = lengths == null ? Expr.intInput("steps", Shape.of(B)) : lengths;
      Expr output = simple(X, H0, lengths, reverse).part(0);
      return Expr.concat(1, List.of(Equations.meanOverTime(output, all), Equations.maxOverTime(output, all)));
    });
    return cases;
  }

  private static Expr simple(Expr x, Expr initial, @Nullable Expr lengths, boolean reverse) {
    return Scans.scan(List.of(x), List.of(initial), lengths, reverse,
        (elements, states) -> {
          Expr h = Expr.tanh(elements.get(0).matmul(W).plus(states.get(0).matmul(R)).plus(BIAS));
          return new Scans.Step(List.of(h), List.of(h));
        });
  }

  private static Equations.Run lstm(Expr x, String prefix, @Nullable Expr lengths, boolean reverse) {
    return Equations.lstm(x, H0, C0, prefix, lengths, reverse);
  }

  /** Captured: matrices, one of them transposed; a bias; rows; one value both as it is and through tanh. */
  private static Expr captured(@Nullable Expr lengths, boolean reverse) {
    Expr scale = Expr.parameter("scale", Shape.SCALAR);
    Expr peephole = Expr.parameter("peephole", Shape.of(2));
    Expr perRow = Expr.input("per row", Shape.of(B, 1));
    Expr context = C0.matmul(R);
    return Scans.scan(List.of(X), List.of(H0), lengths, reverse,
            (x, s) -> {
              Expr h = s.get(0);
              Expr z = x.get(0).matmul(W).plus(h.matmul(R)).plus(h.matmul(R.transpose())).plus(BIAS);
              Expr gate = Expr.sigmoid(z.plus(peephole.times(h)).plus(context));
              Expr next = gate.times(Expr.tanh(context)).plus(h.times(scale).times(perRow));
              return new Scans.Step(List.of(Expr.tanh(next)), List.of(next));
            })
        .part(0);
  }

  private static Expr last(Expr scan, int state) {
    return scan.part(Scans.lastState(scan, state));
  }

  @TestFactory
  Stream<DynamicTest> derivativesAreSlopes() {
    List<DynamicTest> tests = new ArrayList<>();
    cases().forEach(
        (name, make) -> {
          for (boolean reverse : new boolean[] {false, true}) {
            String title = name + (reverse ? ", reverse" : "");
            tests.add(
                DynamicTest.dynamicTest(title, () -> FiniteDifferences.check(make.apply(null, reverse), 2, 3, 21)));
            tests.add(
                DynamicTest.dynamicTest(
                    title + ", lengths", () -> masked(make.apply(LENGTHS, reverse), new int[] {3, 0, 2})));
            tests.add(
                DynamicTest.dynamicTest(
                    title + ", empty rows alone", () -> masked(make.apply(LENGTHS, reverse), new int[] {0, 0})));
          }
        });
    return tests.stream();
  }

  /** The loss must not look at padding, where gradients by design see zeros alone. */
  private static void masked(Expr y, int[] lengths) {
    Expr loss = y.times(Expr.input("probe", y.shape())).sumAll();
    RandomInputs inputs = RandomInputs.of(List.of(loss), lengths.length, 3, 22);
    inputs.ints().put("lengths", lengths);
    FiniteDifferences.check(loss, inputs);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoopWithinALoop(boolean reverse) {
    Expr scan =
        Scans.scan(List.of(X), List.of(H0), null, reverse,
            (x, s) -> {
              Expr query = s.get(0).plus(x.get(0).matmul(W));
              Expr inner =
                  Scans.scan(List.of(X), List.of(C0), null, !reverse,
                      (y, q) -> new Scans.Step(
                          List.of(Expr.tanh(q.get(0).matmul(R).plus(y.get(0).matmul(W)).times(query))),
                          List.of()));
              Expr h = last(inner, 0).plus(BIAS);
              return new Scans.Step(List.of(h), List.of(h));
            });
    FiniteDifferences.check(scan.part(0), 2, 3, 27);
  }

  @Test
  void aStateWithoutRows() {
    Expr start = Expr.input("start", Shape.of(2));
    Expr x = Expr.input("x", Shape.of(T, 3));
    Expr scan =
        Scans.scan(List.of(x), List.of(start), null, false,
            (elements, states) -> {
              Expr h = Expr.tanh(elements.get(0).matmul(W).plus(states.get(0).matmul(R)).plus(BIAS));
              return new Scans.Step(List.of(h), List.of(h.sum(0)));
            });
    FiniteDifferences.check(scan.part(0).plus(last(scan, 0)), 2, 4, 23);
  }

  @Test
  void anElementWithoutRows() {
    Expr position = Expr.parameter("position", Shape.of(2));
    Expr steps = Expr.index(X.shape(), 0).reshape(Shape.of(T, 1)).times(position);
    Expr scan =
        Scans.scan(List.of(X, steps), List.of(H0), null, false,
            (x, s) -> {
              Expr h = Expr.tanh(x.get(0).matmul(W).plus(s.get(0)).plus(x.get(1)));
              return new Scans.Step(List.of(h), List.of(h));
            });
    FiniteDifferences.check(scan.part(0), 2, 3, 24);
  }

  /** Simplification can make two captured values one. */
  @Test
  void aValueCapturedTwiceCountsOnce() {
    Expr twice = simple(X, H0, null, false);
    Op.Body body = Scans.of(twice).body();
    Expr scale = Expr.input("scale", Shape.of(B, 2));
    Expr scan =
        Scans.of(
            Scans.of(twice).with(new Op.Body(
                body.elements(), body.states(), List.of(scale.shape(), scale.shape()),
                List.of(
                    Expr.placeholder(Op.Role.STATE, 0, H0.shape())
                        .times(Expr.placeholder(Op.Role.CAPTURED, 0, scale.shape()))
                        .plus(Expr.placeholder(Op.Role.CAPTURED, 1, scale.shape()))),
                List.of()), 0),
            List.of(X, H0, scale, scale));
    FiniteDifferences.check(last(scan, 0), 2, 3, 25);
  }

  @Test
  void theGradientOfASimplifiedProgramIsTheSame() {
    Expr a = H0.times(2);
    Expr b = H0.times(2);
    Expr scan =
        Scans.scan(List.of(X), List.of(C0), null, false,
            (x, s) -> new Scans.Step(List.of(s.get(0).times(a).plus(b.times(x.get(0).matmul(W)))), List.of()));
    FiniteDifferences.check(Simplify.simplify(List.of(last(scan, 0))).getFirst(), 2, 3, 26);
  }

  @Test
  void historiesHaveNoDerivative() {
    Expr scan = simple(X, H0, null, false);
    Expr loss = scan.part(Scans.history(scan, 0)).sumAll();
    assertThatThrownBy(() -> Derivative.gradient(loss, List.of(W)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gradient: the histories of a scan have no derivative");
  }

  @Test
  void withLengthsWhatHasNoRowsNeedsThem() {
    Expr position = Expr.parameter("position", Shape.of(2));
    Expr steps = Expr.index(X.shape(), 0).reshape(Shape.of(T, 1)).times(position);
    Expr scan =
        Scans.scan(List.of(steps), List.of(H0), LENGTHS, false,
            (x, s) -> new Scans.Step(List.of(s.get(0).plus(x.get(0))), List.of()));
    Expr loss = last(scan, 0).sumAll();
    assertThat(Derivative.gradient(loss, List.of(H0))).hasSize(1);
    assertThatThrownBy(() -> Derivative.gradient(loss, List.of(position)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "gradient: in a scan with lengths, an element of shape [2] must be used row by row;"
                + " broadcast it to [B,…] where it is used, or [T,B,…] before the scan");
  }
}

package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The derivative of every operation but the scan, by finite differences. */
final class DerivativeTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;

  private static final Expr X = Expr.input("x", Shape.of(B, 3));
  private static final Expr Y = Expr.input("y", Shape.of(B, 3));
  private static final Expr ROW = Expr.parameter("row", Shape.of(3));
  private static final Expr COLUMN = Expr.input("column", Shape.of(B, 1));
  private static final Expr SCALAR = Expr.parameter("scalar", Shape.SCALAR);
  private static final Expr SEQUENCE = Expr.input("sequence", Shape.of(T, B, 3));
  private static final Expr MATRIX = Expr.parameter("matrix", Shape.of(3, 2));
  private static final Expr IDS = Expr.intInput("ids", Shape.of(T, B));
  private static final Expr ROW_IDS = Expr.intInput("row ids", Shape.of(B));

  private record Case(String name, Expr y) {}

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Op.Unary op : Op.Unary.values()) {
      boolean positive = op == Op.Unary.LOG || op == Op.Unary.SQRT;
      cases.add(new Case(op.word(), Expr.unary(op, positive ? X.plus(2) : X.times(3))));
      cases.add(new Case(op.word() + " of a scalar", Expr.unary(op, positive ? SCALAR.plus(2) : SCALAR)));
    }
    for (Op.Binary op : Op.Binary.values()) {
      double shift = op == Op.Binary.DIVIDE ? 3 : 0;
      cases.add(new Case(op.word(), Expr.binary(op, X, Y.plus(shift))));
      cases.add(new Case(op.word() + " of one value twice", Expr.binary(op, X.plus(shift), X.plus(shift))));
      cases.add(new Case(op.word() + " by a row", Expr.binary(op, X, ROW.plus(shift))));
      cases.add(new Case(op.word() + " of a row", Expr.binary(op, ROW, X.plus(shift))));
      cases.add(new Case(op.word() + " of a column and a row", Expr.binary(op, COLUMN, ROW.plus(shift))));
      cases.add(new Case(op.word() + " by a scalar", Expr.binary(op, SEQUENCE, SCALAR.plus(shift))));
      cases.add(new Case(op.word() + " of a scalar", Expr.binary(op, SCALAR, X.plus(shift))));
    }
    cases.add(new Case("relu", Expr.relu(X)));
    cases.add(new Case("select", Expr.select(X.less(Y), X.square(), Y.times(ROW))));
    cases.add(new Case("select, broadcast", Expr.select(COLUMN.less(Expr.constant(0)), ROW, SCALAR)));
    cases.add(new Case("cast", IDS.cast().times(SCALAR)));
    cases.add(new Case("steps", IDS.steps(1, 2).cast().times(SCALAR)));
    cases.add(new Case("matmul", X.matmul(MATRIX)));
    cases.add(new Case("matmul of sequences", SEQUENCE.matmul(MATRIX)));
    cases.add(new Case("matmul of a vector", ROW.matmul(MATRIX)));
    cases.add(new Case("matmul with a transpose", X.matmul(MATRIX).matmul(MATRIX.transpose())));
    cases.add(new Case("contract", X.contract(Y.plus(COLUMN))));
    cases.add(new Case("contract of sequences", SEQUENCE.contract(SEQUENCE.matmul(MATRIX))));
    Expr left = Expr.input("left", Shape.of(T, B, 2, 3));
    Expr right = Expr.input("right", Shape.of(T, B, 3, 4));
    cases.add(new Case("batchmatmul", left.batchMatmul(right)));
    cases.add(new Case("batchmatmul over rows",
        Expr.input("left", Shape.of(B, 2, 3)).batchMatmul(Expr.input("right", Shape.of(B, 3, 1)))));
    cases.add(new Case("reshape", left.reshape(Shape.of(T, B, 6))));
    cases.add(new Case("reshape of symbols", SEQUENCE.reshape(Shape.of(B, 3, T))));
    cases.add(new Case("transpose", MATRIX.transpose()));
    cases.add(new Case("transpose of four axes", left.transpose(2, 0, 3, 1)));
    cases.add(new Case("slice", X.slice(1, 1, 2)));
    cases.add(new Case("slice, first axis", MATRIX.slice(0, 1, 3)));
    cases.add(new Case("slices of one value", X.slice(1, 0, 2).times(X.slice(1, 1, 3))));
    cases.add(new Case("pad", X.pad(1, 2, 1).square()));
    Expr sequence = Expr.input("sequence", Shape.of(Shape.T, Shape.B, 2));
    cases.add(new Case("pad and slice of time", sequence.pad(0, 2, 1).slice(0, 1, -2).times(sequence)));
    cases.add(new Case("every other step", sequence.pad(0, 1, 0).every(0, 2).square()));
    cases.add(new Case("every second row", MATRIX.every(0, 2).square()));
    cases.add(new Case("flip", sequence.flip(Expr.intInput("lengths", Shape.of(Shape.B))).times(sequence)));
    cases.add(new Case(
        "derived", X.square().derived(List.of(X), (of, d) -> List.of(d.times(of.getFirst()).times(2)))));
    cases.add(new Case("spread", sequence.every(0, 2).spread(0, 2, Shape.T).times(sequence)));
    cases.add(new Case("pad, first axis", MATRIX.pad(0, 0, 2)));
    cases.add(new Case("concat", Expr.concat(1, List.of(X, COLUMN, Y)).square()));
    cases.add(new Case("concat of one value twice", Expr.concat(-1, List.of(X, Y, X))));
    cases.add(new Case("concat, first axis", Expr.concat(0, List.of(MATRIX, MATRIX.square()))));
    cases.add(new Case("broadcast", ROW.broadcast(Shape.of(T, B, 3))));
    cases.add(new Case("broadcast of a middle axis", X.reshape(Shape.of(B, 1, 3)).broadcast(Shape.of(T, B, 4, 3))));
    cases.add(new Case("broadcast of a scalar", SCALAR.broadcast(Shape.of(T, B))));
    cases.add(new Case("gather", MATRIX.gather(IDS)));
    cases.add(new Case("gather, ids of rows", MATRIX.square().gather(ROW_IDS)));
    cases.add(new Case("scatteradd", Expr.scatterAdd(IDS, SEQUENCE, 4)));
    cases.add(new Case("scatteradd, ids of rows", Expr.scatterAdd(ROW_IDS, X, 2)));
    cases.add(new Case("pick", SEQUENCE.square().pick(IDS)));
    cases.add(new Case("pick of rows", X.pick(ROW_IDS)));
    cases.add(new Case("log of a picked share", Expr.logSumExp(X).minus(X.pick(ROW_IDS))));
    cases.add(new Case("sum", SEQUENCE.sum(0)));
    cases.add(new Case("sum of the last axis", SEQUENCE.sum(-1)));
    cases.add(new Case("sum of two axes", SEQUENCE.sum(0, 2)));
    cases.add(new Case("sum of all", SEQUENCE.square().sumAll()));
    cases.add(new Case("max", SEQUENCE.max(0)));
    cases.add(new Case("max of rows", X.max(0)));
    cases.add(new Case("max of the last axis", X.max(-1)));
    cases.add(new Case("softmax", Expr.softmax(X.times(2))));
    cases.add(new Case("softmax of a vector", Expr.softmax(ROW)));
    cases.add(new Case("softmax without overflow", Expr.softmax(X.times(2).plus(2000))));
    cases.add(new Case("logsumexp", Expr.logSumExp(SEQUENCE)));
    cases.add(new Case("logsumexp without overflow", Expr.logSumExp(X.plus(-2000))));
    cases.add(new Case("index", Expr.index(SEQUENCE.shape(), 0).times(SEQUENCE)));
    cases.add(new Case("random", Expr.random("r", Shape.of(B, 3)).less(Expr.constant(0.5)).times(X)));
    cases.add(new Case("shared", Expr.tanh(X.matmul(MATRIX)).sum(-1).times(X.sum(-1)).times(X)));
    return cases;
  }

  @TestFactory
  Stream<DynamicTest> derivativesAreSlopes() {
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name, () -> FiniteDifferences.check(c.y, 3, 4, 11)));
  }

  @Test
  void everyOperationHasACase() {
    Set<String> seen = new TreeSet<>();
    for (Case c : cases()) {
      Graph.topological(List.of(c.y)).forEach(node -> seen.add(node.op().getClass().getSimpleName()));
    }
    Set<String> all = new TreeSet<>();
    for (Class<?> kind : Op.class.getPermittedSubclasses()) {
      all.add(kind.getSimpleName());
    }
    // Loops have a test of their own.
    all.removeAll(Set.of("Scan", "Part", "Placeholder"));
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void elementsThatShareTheMaximumShareItsDerivative() {
    Expr x = Expr.input("x", Shape.of(4));
    Expr gradient = Derivative.gradient(x.max(0).sumAll(), List.of(x)).getFirst();
    assertThat(Interpreter.of(1, 1, 0).set("x", new double[] {1, 5, 5, 2}).eval(gradient))
        .containsExactly(0, 0.5, 0.5, 0);
  }

  @Test
  void reluHasNoSlopeAtZero() {
    Expr x = Expr.input("x", Shape.of(3));
    Expr gradient = Derivative.gradient(Expr.relu(x).sumAll(), List.of(x)).getFirst();
    assertThat(Interpreter.of(1, 1, 0).set("x", new double[] {-1, 0, 1}).eval(gradient)).containsExactly(0, 0, 1);
  }

  @Test
  void aFullyMaskedSoftmaxHasNoDerivative() {
    Expr x = Expr.input("x", Shape.of(2));
    Expr masked = x.plus(Double.NEGATIVE_INFINITY);
    Expr gradient = Derivative.gradient(Expr.softmax(masked).square().sumAll(), List.of(x)).getFirst();
    assertThat(Interpreter.of(1, 1, 0).set("x", new double[] {1, 2}).eval(gradient)).containsExactly(0, 0);
  }

  /** The derivative by a leaf includes what goes through a node whose derivative is wanted as well. */
  @Test
  void aLeafAndWhatIsMadeOfItMayBothBeWanted() {
    Expr x = Expr.input("x", Shape.of(2));
    Expr square = x.square();
    Expr loss = square.times(x).sumAll();
    List<Expr> both = Derivative.gradient(loss, List.of(square, x));
    Interpreter interpreter = Interpreter.of(1, 1, 0).set("x", new double[] {2, -3});
    assertThat(interpreter.eval(both.get(0))).containsExactly(2, -3);
    assertThat(interpreter.eval(both.get(1))).containsExactly(12, 27);
  }

  @Test
  void whatTheLossDoesNotDependOnHasDerivativeZero() {
    Expr x = Expr.input("x", Shape.of(2));
    Expr other = Expr.input("other", Shape.of(B, 2));
    Expr gradient = Derivative.gradient(x.sumAll(), List.of(other)).getFirst();
    assertThat(gradient.shape()).isEqualTo(other.shape());
    assertThat(Interpreter.of(2, 1, 0).eval(gradient)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void secondDerivatives() {
    Expr x = Expr.input("x", Shape.of(3));
    Expr first = Derivative.gradient(Expr.tanh(x).times(x).sumAll(), List.of(x)).getFirst();
    FiniteDifferences.check(first, 1, 1, 5);
  }

  @Test
  void onlyScalarsHaveAGradient() {
    assertThatThrownBy(() -> Derivative.gradient(X, List.of(X)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gradient: the loss must be a scalar, got [B,3]; use sumAll()");
  }

  /** PyTorch's conventions: relu and |x| have none at 0, a clip has one at its bounds; a tie is the second's. */
  @Test
  void kinks() {
    Expr zero = Expr.constant(0);
    assertThat(slope(Expr.abs(SCALAR), 0)).isEqualTo(0);
    assertThat(slope(Expr.abs(SCALAR), -0.0)).isEqualTo(0);
    assertThat(slope(Expr.relu(SCALAR), 0)).isEqualTo(0);
    assertThat(slope(Expr.maximum(zero, SCALAR), 0)).isEqualTo(1);
    assertThat(slope(Expr.minimum(SCALAR, zero), 0)).isEqualTo(0);
    assertThat(slope(Expr.maximum(SCALAR.times(2), SCALAR.times(3)), 0)).isEqualTo(3);
    assertThat(slope(Expr.concat(0, List.of(SCALAR.times(2).reshape(Shape.of(1)), SCALAR.times(4).reshape(Shape.of(1))))
        .max(0).reshape(Shape.SCALAR), 0)).isEqualTo(3); // shared
  }

  private static double slope(Expr y, double x) {
    return Interpreter.of(1, 1, 0).set("scalar", new double[] {x})
        .evalAll(Derivative.gradient(y, List.of(SCALAR))).getFirst()[0];
  }
}

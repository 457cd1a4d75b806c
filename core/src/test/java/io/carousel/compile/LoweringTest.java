package io.carousel.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Equations;
import io.carousel.expr.Expr;
import io.carousel.expr.Graph;
import io.carousel.expr.Op;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lowering promises: work is fused, nothing is moved or stored that need not be. */
final class LoweringTest {
  private static final int B = Shape.B;
  private static final int T = Shape.T;
  private static final Expr X = Expr.input("x", Shape.of(B, 6));
  private static final Expr Y = Expr.input("y", Shape.of(B, 6));
  private static final Expr W = Expr.parameter("w", Shape.of(6, 4));
  private static final Expr BIAS = Expr.parameter("b", Shape.of(4));

  private static List<Stage> stages(Expr... roots) {
    return Lowering.lower(Compiler.passes(List.of(roots))).stages();
  }

  private static List<String> kinds(List<Stage> stages) {
    return stages.stream().map(stage -> stage.getClass().getSimpleName()).toList();
  }

  private static <S extends Stage> Stream<S> all(List<Stage> stages, Class<S> type) {
    return stages.stream()
        .flatMap(
            stage ->
                stage instanceof Stage.Loop loop
                    ? Stream.concat(Stream.of(stage), loop.body().stream())
                    : Stream.of(stage))
        .filter(type::isInstance)
        .map(type::cast);
  }

  @Test
  void elementwiseWorkOfOneShapeIsOneLoop() {
    Expr a = Expr.tanh(X.plus(Y));
    List<Stage> stages = stages(a.times(X), Expr.exp(a), X.less(Y));
    assertThat(kinds(stages)).containsExactly("Elementwise");
    Stage.Elementwise loop = (Stage.Elementwise) stages.getFirst();
    assertThat(loop.inputs()).hasSize(2);
    assertThat(loop.outputs()).extracting(view -> view.buffer().kind()).containsOnly(Buffer.Kind.OUTPUT);
  }

  /** Longer loops are not compiled well by the JIT. */
  @Test
  void longLoopsAreCut() {
    Expr y = X;
    for (int i = 0; i < 30; i++) {
      y = Expr.tanh(y.plus(Y).times(0.9 + i));
    }
    List<Stage.Elementwise> loops = all(stages(y), Stage.Elementwise.class).toList();
    assertThat(loops).hasSizeBetween(6, 12);
    for (Stage.Elementwise loop : loops) {
      long functions =
          Graph.topological(loop.roots()).stream().filter(node -> node.op() == Op.Unary.TANH).count();
      assertThat(functions).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void aProductStartsFromTheBiasAndWritesWhereItIsWanted() {
    List<Stage> stages = stages(X.matmul(W).plus(BIAS));
    assertThat(kinds(stages)).containsExactly("Pack", "Product");
    Stage.Product product = (Stage.Product) stages.get(1);
    assertThat(product.start()).isNotNull();
    assertThat(product.c().buffer().kind()).isEqualTo(Buffer.Kind.OUTPUT);
  }

  @Test
  void movingCostsNothing() {
    Expr rows = X.slice(1, 1, 5).reshape(Shape.of(B, 1, 4)).broadcast(Shape.of(B, 3, 4));
    assertThat(kinds(stages(Expr.tanh(rows)))).containsExactly("Elementwise");
    Expr part = W.transpose().slice(1, 0, 3);
    assertThat(kinds(stages(X.slice(1, 0, 4).matmul(part)))).containsExactly("Pack", "Product");
    assertThat(kinds(stages(X.transpose().sum(1)))).containsExactly("Sum");
  }

  @Test
  void whatGoesIntoAConcatenationIsWrittenThere() {
    List<Stage> stages = stages(Expr.concat(1, List.of(X.matmul(W), Expr.tanh(X), Y)));
    // Only the input has to be copied.
    assertThat(kinds(stages)).containsExactlyInAnyOrder("Pack", "Product", "Elementwise", "Copy");
    assertThat(all(stages, Stage.Product.class).findFirst().orElseThrow().c().buffer().kind())
        .isEqualTo(Buffer.Kind.OUTPUT);
  }

  @Test
  void aMatrixIsPackedOnce() {
    assertThat(kinds(stages(X.matmul(W), Y.matmul(W)))).containsExactly("Pack", "Product", "Product");
  }

  @Test
  void whatIsMadeOfParametersIsPrepared() {
    List<Stage> stages = stages(X.matmul(Expr.tanh(W).times(2)).plus(BIAS.times(0.5)));
    List<Stage.Elementwise> made = all(stages, Stage.Elementwise.class).toList();
    assertThat(made).isNotEmpty();
    for (Stage.Elementwise loop : made) {
      assertThat(loop.outputs()).extracting(view -> view.buffer().kind()).containsOnly(Buffer.Kind.PREPARED);
    }
    assertThat(all(stages, Stage.Pack.class).findFirst().orElseThrow().packed().isPrepared()).isTrue();
    // An output is wanted at each run.
    assertThat(all(stages(Expr.tanh(W)), Stage.Elementwise.class).findFirst().orElseThrow().outputs())
        .extracting(view -> view.buffer().kind()).containsOnly(Buffer.Kind.OUTPUT);
  }

  @Test
  void sumsAreMadeByTheLoopThatComputesTheirOperand() {
    Expr d = X.times(Y);
    List<Stage> rows = stages(d.sum(1));
    assertThat(kinds(rows)).containsExactly("Elementwise");
    assertThat(((Stage.Elementwise) rows.getFirst()).outputs()).isEmpty();
    List<Stage> both = stages(Expr.tanh(d), d.sum(1));
    assertThat(kinds(both)).containsExactly("Elementwise");
    assertThat(((Stage.Elementwise) both.getFirst()).outputs()).hasSize(1);
    List<Stage> columns = stages(d.sum(0), d.times(X).sum(0));
    assertThat(kinds(columns)).containsExactly("Elementwise");
    assertThat(((Stage.Elementwise) columns.getFirst()).totals()).hasSize(2);
    // Threads share rows or columns: not both in one loop.
    assertThat(kinds(stages(d.sum(0), d.sum(1)))).containsExactly("Elementwise", "Sum");
  }

  /** What one operation makes of a stored sequence is not stored as well: both loops compute it. */
  @Test
  void whatCostsLessThanMemoryIsComputedAgain() {
    Expr x = Expr.input("s", Shape.of(Shape.T, B, 6));
    Expr scaled = x.times(BIAS.slice(0, 0, 1));
    List<Stage> stages = stages(Expr.tanh(scaled).plus(scaled), Expr.exp(scaled).sum(0, 1));
    assertThat(kinds(stages).stream().filter("Elementwise"::equals)).hasSize(2);
    List<View> written =
        all(stages, Stage.Elementwise.class).flatMap(loop -> loop.outputs().stream()).toList();
    assertThat(written).extracting(view -> view.buffer().kind()).containsOnly(Buffer.Kind.OUTPUT);
    Stage.Elementwise first =
        all(stages, Stage.Elementwise.class).filter(loop -> !loop.outputs().isEmpty()).findFirst().orElseThrow();
    long products =
        Graph.topological(first.roots()).stream().filter(node -> node.op() == Op.Binary.MULTIPLY).count();
    assertThat(products).as("two users in one loop share it").isEqualTo(1);
  }

  @Test
  void contractionsAndTheBiasSumShareAPass() {
    Expr d = X.times(Y);
    List<Stage> stages = stages(X.contract(d), Y.contract(d), d.sum(0));
    assertThat(kinds(stages)).containsExactly("Elementwise", "Contract");
    Stage.Contract contract = (Stage.Contract) stages.get(1);
    assertThat(contract.as()).hasSize(2);
    assertThat(contract.sums()).isNotNull();
  }

  private static Equations.Run lstm(boolean lengths) {
    Expr zero = Expr.full(0, Shape.of(B, 8));
    return Equations.lstm(
        Expr.input("sequence", Shape.of(T, B, 6)), zero, zero, "",
        lengths ? Expr.intInput("lengths", Shape.of(B)) : null, false);
  }

  /** The product with the input leaves the loop; one product and one elementwise loop stay. */
  @Test
  void aStepOfLstmIsAProductAndALoop() {
    List<Stage> stages = stages(lstm(true).output());
    Stage.Loop loop = all(stages, Stage.Loop.class).findFirst().orElseThrow();
    assertThat(kinds(loop.body())).containsExactly("Product", "Elementwise");
    assertThat(all(stages, Stage.Product.class)).hasSize(2);
    assertThat(loop.alone()).isFalse();
    Stage.Product recurrent = (Stage.Product) loop.body().getFirst();
    assertThat(java.util.Objects.requireNonNull(recurrent.start()).slot()).isEqualTo(View.Slot.TIME);
  }

  /** Gradients of the weights are contractions over all steps, after the loop. */
  @Test
  void trainingAnLstmHasItsWeightGradientsBehindTheLoop() {
    Expr y = lstm(false).output();
    List<Expr> roots = Cells.training(y);
    List<Stage> stages = Lowering.lower(Compiler.passes(roots)).stages();
    List<Stage.Loop> loops = all(stages, Stage.Loop.class).toList();
    assertThat(loops).hasSize(2);
    assertThat(loops.get(1).reverse()).isTrue();
    for (Stage.Loop loop : loops) {
      assertThat(all(List.copyOf(loop.body()), Stage.Product.class)).hasSize(1);
      assertThat(kinds(loop.body())).doesNotContain("Contract", "Sum", "Copy", "Concat");
    }
    assertThat(all(stages, Stage.Contract.class).mapToInt(contract -> contract.as().size()).sum()).isEqualTo(2);
    List<Stage> after = new ArrayList<>(stages.subList(stages.indexOf(loops.get(1)) + 1, stages.size()));
    assertThat(kinds(after)).contains("Contract");
  }
}

package io.carousel.compile;

import static io.carousel.tensor.Shape.B;
import static io.carousel.tensor.Shape.T;
import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.expr.RandomInputs;
import io.carousel.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products for each row of a batch whose sizes are those of the sequences: attention, and its derivative. */
class BatchProductTest {
  private static final int HEADS = 3;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 3, 2", "3, 5, 17", "2, 16, 16", "1, 33, 5", "2, 65, 33", "1, 130, 8"})
  void scoresOfAllStepsAgainstAll(int batch, int time, int size) {
    Expr query = heads("q", size).transpose(1, 2, 0, 3);
    Expr key = heads("k", size).transpose(1, 2, 3, 0);
    Expr value = heads("v", size).transpose(1, 2, 0, 3);
    Expr context = Expr.softmax(query.batchMatmul(key)).batchMatmul(value).transpose(2, 0, 1, 3);
    Expr output = context.reshape(Shape.of(T, B, HEADS * size));
    Expr loss = output.times(Expr.input("weights", output.shape())).sumAll();
    List<Expr> leaves =
        Expr.topological(List.of(output)).stream().filter(node -> node.args().isEmpty()).toList();
    List<Expr> roots = new ArrayList<>(List.of(output));
    roots.addAll(Derivative.gradient(loss, leaves));
    assertThat(roots).hasSize(4);
    RandomInputs inputs = RandomInputs.of(roots, batch, time, 3);
    Differential.check(roots, inputs, Differential.TOLERANCE, i -> "output " + i);
    if (time > 4) {
      assertThat(ClassMaker.made()).anyMatch(name -> name.startsWith("BatchKernel 512"));
    }
  }

  private static Expr heads(String name, int size) {
    return Expr.input(name, Shape.of(T, B, HEADS * size)).reshape(Shape.of(T, B, HEADS, size));
  }
}

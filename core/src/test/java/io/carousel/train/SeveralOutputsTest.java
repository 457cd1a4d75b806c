package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.data.JointDataset;
import io.carousel.data.TensorDataset;
import io.carousel.data.TokenDataset;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.layer.Merge;
import io.carousel.layer.Node;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.serve.Predictor;
import io.carousel.tensor.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SeveralOutputsTest {
  private static Model model() {
    Node text = Model.input("text", Input.tokens());
    Node facts = Model.input("facts", Input.vector(3));
    Node read = new Lstm(8).on(new Embedding(20, 8).on(text));
    Node both = Merge.concat().on(read, facts);
    return Model.graph(
        List.of(text, facts),
        List.of(new Dense(1, Activation.SIGMOID).named("flag").on(both), new Dense(1).named("sum").on(both)));
  }

  private static JointDataset data(int rows) {
    TokenDataset texts = Samples.tokens(rows, 1);
    TensorDataset sums = Samples.sums(rows, 2);
    return JointDataset.of("text", texts).input("facts", sums).target("flag", texts).target("sum", sums);
  }

  @Test
  void bothOutputsLearn() {
    Trainer trainer =
        Trainer.of(model()).loss("flag", Loss.BINARY_CROSS_ENTROPY).loss("sum", Loss.MEAN_SQUARED_ERROR, 0.5)
            .optimizer(new Adam(1e-2)).threads(1);
    JointDataset data = data(300);
    trainer.fit(data, Fit.epochs(12).batchSize(16).validation(0.2));
    Evaluation found = trainer.evaluate(data(100));
    assertThat(found.outputs()).containsOnlyKeys("flag", "sum");
    Evaluation flag = found.outputs().get("flag");
    Evaluation sum = found.outputs().get("sum");
    assertThat(flag.accuracy()).isGreaterThan(0.9);
    assertThat(sum.accuracy()).isNaN();
    assertThat(sum.loss()).isLessThan(0.05); // the variance of the targets is 0.25
    assertThat(found.accuracy()).isNaN();
    assertThat(found.loss()).isCloseTo(flag.loss() + 0.5 * sum.loss(), within(1e-6));
    assertThat(found.toString()).contains("flag=loss");
    try (Predictor predictor = Predictor.of(model(), trainer.parameters(), 1)) {
      var outputs = predictor.predictAll(data);
      assertThat(outputs).containsOnlyKeys("flag", "sum");
      assertThat(outputs.get("sum")).hasNumberOfRows(300);
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    JointDataset data = data(10);
    Trainer trainer = Trainer.of(model());
    refused("the model has the outputs flag, sum; give each that shall learn a loss of its own, loss(\"flag\"",
        () -> trainer.loss(Loss.MEAN_SQUARED_ERROR));
    refused("has no output flags, there are [flag, sum]", () -> trainer.loss("flags", Loss.MEAN_SQUARED_ERROR));
    trainer.loss("flag", Loss.BINARY_CROSS_ENTROPY);
    refused("each output must have one loss, got two for flag",
        () -> trainer.loss("flag", Loss.BINARY_CROSS_ENTROPY));
    refused("a weight must be above 0, got 0.0", () -> trainer.loss("sum", Loss.MEAN_SQUARED_ERROR, 0));
    trainer.loss("sum", Loss.MEAN_SQUARED_ERROR);
    refused("the data must have something for the output flag of [flag, sum], got one without a name; use a"
            + " JointDataset",
        () -> trainer.evaluate(Samples.tokens(5, 1)));
    TokenDataset texts = Samples.tokens(10, 1);
    refused("the data must have something for the input facts of [text, facts], got [text]",
        () -> trainer.evaluate(JointDataset.of("text", texts).target("flag", texts)
            .values("sum", Tensor.zeros(10, 1))));
    refused("something for the output sum of [flag, sum], got [flag]",
        () -> trainer.evaluate(JointDataset.of("text", texts).input("facts", Samples.sums(10, 1))
            .classes("flag", new int[10])));
    refused("there must be as many rows of more as rows, got 9 for 10 rows",
        () -> data.input("more", Samples.sums(9, 1)));
    refused("names must be unique, got facts twice", () -> data.input("facts", Samples.sums(10, 1)));
  }

  private static void refused(String message, ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }
}

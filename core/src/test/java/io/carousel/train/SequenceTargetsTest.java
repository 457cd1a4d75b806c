package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.data.Dataset;
import io.carousel.expr.Derivative;
import io.carousel.expr.Expr;
import io.carousel.kernel.Team;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Targets at each step, for models whose output is a sequence. */
class SequenceTargetsTest {
  private static final Expr CLASSES = Expr.intInput("classes", Shape.of(Shape.T, Shape.B));

  private static Expr z(int outputs) {
    return Expr.input("z", Shape.of(Shape.T, Shape.B, outputs));
  }

  /** Loss of each row, then the derivative of their sum by z; T 3, rows of length 3, 1 and 0. */
  private static float[][] lossAndDerivative(Expr rows, Expr z, float[] at, int[] classes, float[] values) {
    Expr derivative = Derivative.gradient(rows.sumAll(), List.of(z)).getFirst();
    try (Team team = Team.of(2)) {
      Runner runner = Compiler.compile(List.of(rows, derivative)).runner(team);
      runner.set("z", at).set("classes", classes).set("y", values).set(Input.LENGTHS, new int[] {3, 1, 0});
      runner.run(3, 3, 0);
      return new float[][] {runner.output(0), runner.output(1)};
    }
  }

  @Test
  void theLossOfARowIsTheMeanOverItsOwnSteps() {
    Expr y = Expr.input("y", Shape.of(Shape.T, Shape.B, 1));
    float[] at = {1, 2, 9, 3, 9, 9, 5, 9, 9};
    Expr z = z(1);
    float[][] found =
        lossAndDerivative(Loss.MEAN_SQUARED_ERROR.rows(z, y), z, at, new int[9], new float[9]);
    assertThat(found[0]).containsExactly(new float[] {(1 + 9 + 25) / 3f, 4, 0}, within(1e-5f));
    assertThat(found[1]).containsExactly(new float[] {2 / 3f, 4, 0, 2, 0, 0, 10 / 3f, 0, 0}, within(1e-6f));
  }

  @Test
  void eachStepHasAClass() {
    float[] at = new float[3 * 3 * 2];
    at[0] = 2; // step 0 of row 0: logits 2, 0
    int[] classes = {1, 0, 0, 0, 0, 0, 1, 0, 0};
    Expr z = z(2);
    float[][] found =
        lossAndDerivative(
            Loss.CATEGORICAL_CROSS_ENTROPY.rows(Expr.softmax(z), CLASSES), z, at, classes, new float[9]);
    float log2 = (float) Math.log(2);
    assertThat(found[0]).containsExactly(new float[] {(2.126928f + 2 * log2) / 3, log2, 0}, within(1e-5f));
    assertThat(found[1][0]).isCloseTo(0.8807971f / 3, within(1e-6f));
    assertThat(found[1][1]).isCloseTo(-0.8807971f / 3, within(1e-6f));
    assertThat(found[1][2]).as("row 1, its only step").isCloseTo(-0.5f, within(1e-6f));
    assertThat(found[1][4]).as("the empty row").isZero();
    assertThat(found[1][12]).as("step 2 of row 0").isCloseTo(0.5f / 3, within(1e-6f));
  }

  @Test
  void eachStepHasALabel() {
    Expr z = z(1);
    float[][] found =
        lossAndDerivative(
            Loss.BINARY_CROSS_ENTROPY.rows(Expr.sigmoid(z), CLASSES), z,
            new float[] {2, -2, 0, 0, 0, 0, 0, 0, 0}, new int[] {0, 1, 0, 1, 1, 1, 0, 1, 1}, new float[9]);
    assertThat(found[0][0]).isCloseTo((2.126928f + 2 * (float) Math.log(2)) / 3, within(1e-5f));
    assertThat(found[0][1]).isCloseTo(2.126928f, within(1e-5f));
    assertThat(found[1][6]).isCloseTo(0.5f / 3, within(1e-6f));
  }

  /** Words of which the class of each is whether the word before was above 5. */
  private static Batch words(int[] lengths, int steps, int to) {
    int rows = lengths.length;
    int[] tokens = new int[steps * rows];
    int[] classes = new int[steps * rows];
    for (int b = 0; b < rows; b++) {
      int before = 0;
      for (int t = 0; t < lengths[b]; t++) {
        tokens[t * rows + b] = 1 + (b * 7 + t * 5 + t * t) % (to - 1);
        classes[t * rows + b] = before > 5 ? 1 : 0;
        before = tokens[t * rows + b];
      }
    }
    return new Batch(steps, tokens, null, lengths, classes, null);
  }

  private static Model tagger() {
    return Model.sequential(
        new Embedding(10, 4), new Lstm(8).returnSequences(), new Dense(2, Activation.SOFTMAX));
  }

  @Test
  void aTaggerLearns() {
    Batch batch = words(new int[] {12, 5, 1, 9}, 12, 10);
    Model model = tagger();
    Parameters parameters = model.build(3);
    OptimizerState adam = new Adam(0.02).start(parameters);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.CATEGORICAL_CROSS_ENTROPY, 2)) {
      double first = step.gradients(batch, 0).loss();
      for (int i = 0; i < 150; i++) {
        adam.step(step.gradients(batch, i));
      }
      Gradients last = step.gradients(batch, 0);
      assertThat(first).isBetween(0.5, 1.0);
      assertThat(last.loss()).isLessThan(0.05);
      assertThat(last.classifies()).isFalse();
      assertThat(last.correct()).isZero();
    }
  }

  @Test
  void paddingChangesNoBit() {
    Model model = tagger();
    Parameters parameters = model.build(3);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.CATEGORICAL_CROSS_ENTROPY, 2)) {
      Gradients gradients = step.gradients(words(new int[] {5}, 5, 10), 0);
      double loss = gradients.loss();
      float[] values = gradients.values().clone();
      Gradients padded = step.gradients(words(new int[] {5}, 12, 10), 0);
      assertThat(padded.loss()).isEqualTo(loss);
      assertThat(padded.values()).containsExactly(values);
    }
  }

  @Test
  void theEvaluationIsTheMeanOverRowsWithoutAccuracy() {
    Model model = tagger();
    Parameters parameters = model.build(3);
    Batch both = words(new int[] {6, 2}, 6, 10);
    Dataset data = new OneBatch(both);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.CATEGORICAL_CROSS_ENTROPY, 1);
        Evaluator evaluator = Evaluator.of(model, parameters, Loss.CATEGORICAL_CROSS_ENTROPY, 1)) {
      Evaluation evaluation = evaluator.evaluate(data);
      assertThat(evaluation.loss()).isCloseTo(step.gradients(both, 0).loss(), within(1e-6));
      assertThat(evaluation.accuracy()).isNaN();
    }
  }

  @Test
  void targetsOfRowsAreRefusedWithWhatToDo() {
    Batch ofRows = new Batch(3, new int[6], null, new int[] {3, 3}, new int[2], null);
    Batch ofSteps = new Batch(3, new int[6], null, new int[] {3, 3}, new int[6], null);
    refused(tagger(), ofRows, "at each of the 3 steps of a row, got 1 a row; end the model with a Pooling");
    refused(
        Model.sequential(new Embedding(10, 4), new Lstm(8), new Dense(2, Activation.SOFTMAX)), ofSteps,
        "there must be one class a row, got 3");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Loss.CATEGORICAL_CROSS_ENTROPY.rows(
                Expr.softmax(z(2)), Expr.intInput("classes", Shape.of(Shape.B))))
        .withMessageContaining("classes must be [T,B] as the output, got [B]");
  }

  private static void refused(Model model, Batch batch, String message) {
    try (TrainingStep step = TrainingStep.of(model, model.build(1), Loss.CATEGORICAL_CROSS_ENTROPY, 1)) {
      assertThatIllegalArgumentException().isThrownBy(() -> step.gradients(batch, 0)).withMessageContaining(message);
    }
  }

  /** A data set whose only batch is given; its rows are asked for in their own order. */
  private record OneBatch(Batch batch) implements Dataset {
    @Override
    public int size() {
      return batch.rows();
    }

    @Override
    public int length(int row) {
      return 6; // as if equally long, so that the order stays
    }

    @Override
    public Batch batch(int[] rows) {
      assertThat(rows).containsExactly(0, 1);
      return batch;
    }

    @Override
    public Dataset subset(int[] rows) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int[] classes() {
      throw new UnsupportedOperationException();
    }
  }
}

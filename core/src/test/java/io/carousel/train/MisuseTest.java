package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.Dataset;
import io.carousel.data.JointDataset;
import io.carousel.data.TensorDataset;
import io.carousel.data.TokenDataset;
import io.carousel.layer.Conv;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Gru;
import io.carousel.layer.Layer;
import io.carousel.layer.Lstm;
import io.carousel.layer.Masking;
import io.carousel.layer.Merge;
import io.carousel.layer.Node;
import io.carousel.layer.Pooling;
import io.carousel.layer.Residual;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.serve.Predictor;
import io.carousel.tensor.Tensor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a newcomer does wrong: one line says who, what must hold, what was received, and what to do. */
class MisuseTest {
  private static final Input SEQUENCE = Input.sequence(3);
  private static final Node X = Model.input("x", SEQUENCE);

  @Test
  void layersInTheWrongOrder() {
    refused("Model: the first layer must be an Embedding, got Dense(units=3, linear); for other inputs begin with"
        + " Input.sequence(features) or Input.vector(features)",
        () -> Model.sequential(new Dense(3), new Embedding(10, 4)));
    refused("LSTM(units=3): input must be [B,T,F], got [B,T] tokens; add an Embedding before it",
        () -> Model.sequential(Input.tokens(), new Lstm(3)));
    refused("Embedding(vocabulary=10, dimension=4): input must be tokens [B,T], got [B,T,3]; put it first, or begin"
        + " with Input.tokens()", () -> model(new Embedding(10, 4)));
    refused("LSTM(units=3): input must be [B,T,F], got [B,2]; add an Embedding or a feature axis, and"
        + " returnSequences() to a recurrent layer before it", () -> model(new Lstm(2), new Lstm(3)));
    refused("Conv1D(filters=4, window=3): input must be [B,T,F], [B,n,c] or [B,T,n,c], got [B,3]; add a Reshape before"
        + " it", () -> model(new Pooling(Pooling.Kind.MEAN), Conv.over(4, 3)));
    refused("Conv1D(filters=4, window=3): its windows cannot go over a sequence of which steps are skipped; put it"
        + " before the Masking, or pool before it", () -> model(new Masking(0), Conv.over(4, 3)));
    refused("Residual(LSTM(units=4)): the layers must give what comes in, [B,T,3], got [B,T,4]; give the last one as"
        + " many units, or put a Dense of these units before",
        () -> model(new Residual(new Lstm(4).returnSequences())));
  }

  @Test
  void statesThatDoNotFit() {
    refused("LSTM(units=3): must begin in states [[B,3], [B,3]], got [[B,3]]; give it the states of a layer with as many"
        + " units", () -> graph(new Lstm(3).on(X, new Gru(3).on(X).states())));
    refused("Dense(units=3, linear): remembers nothing, so it has no states; take those of a recurrent layer",
        () -> graph(new Lstm(3).on(X, new Dense(3).on(X).states())));
    Model two = model(new Lstm(2));
    Model five = model(new Lstm(5));
    Batch batch = new Batch(1, null, new float[3], new int[] {1}, null, null);
    try (Predictor predictor = Predictor.of(five, five.build(1), 1)) {
      refused("State: must be of the model that runs, which carries {lstm.state0=[B,5], lstm.state1=[B,5]}, got"
          + " {lstm.state0=[B,2], lstm.state1=[B,2]}; make it by State.of(model, rows)",
          () -> predictor.predict(batch, State.of(two, 1)));
    }
  }

  @Test
  void sequencesThatDoNotFit() {
    Node half = Conv.over(3, 3).stride(2).on(X);
    refused("Merge(concat): sequences must have as many steps, got [B,T,3] and [B,T/2,3]; pool them before, or give one"
        + " the stride of the other", () -> graph(Merge.concat().on(X, half)));
    Node y = Model.input("y", SEQUENCE);
    refused("Merge(add): sequences must have the lengths of one input, got int input x.lengths and int input y.lengths;"
        + " pool them before, or say that one input has the steps of the other, withStepsOf",
        () -> Model.graph(List.of(X, y), List.of(Merge.add().on(X, y))));
    refused("Resetting(LSTM(units=2)): must follow a sequence and the resets [B,T,1], got 1 signal",
        () -> model(new Lstm(2).resets()));
  }

  @Test
  void dataThatDoNotSuitTheModel() {
    Model model = model(new Lstm(2), new Dense(1));
    Model words = Model.sequential(new Embedding(5, 2), new Lstm(2), new Dense(1, Activation.SIGMOID));
    Dataset tokens = new TokenDataset(List.of(new int[] {9}), new int[] {1});
    refused("Model: input must be [B,T,3], got features [4,5,2]", () -> fit(model, values(2, 4, 1)));
    refused("Model: input must be [B,T,3], got tokens [1,1]", () -> model.check(tokens.batch(new int[] {0})));
    refused("Model: input must be tokens [B,T], got features; begin with an Input",
        () -> words.check(values(2, 4, 1).batch(new int[] {0})));
    refused("embedding: tokens must be from 0 to 4, got 9; give the Embedding the size of the vocabulary",
        () -> words.check(tokens.batch(new int[] {0})));
    refused("Trainer: there must be as many target values as outputs, 1, got 5; change the last layer's units, or end"
        + " with a sequence if there are some at each step", () -> fit(model, values(3, 4, 5, 1)));
    refused("Trainer: the data must have classes or target values, they have none",
        () -> fit(model, TensorDataset.of(Tensor.zeros(4, 5, 3), null)));
    refused("Trainer: needs at least one row to train on, got none",
        () -> fit(model, values(3, 4, 1).subset(new int[0])));
    try (Predictor predictor = Predictor.of(words, words.build(1), 1)) {
      refused("Predictor: the model takes tokens [B,T], got features; give it word numbers, predict(int...)",
          () -> predictor.predict(new float[][] {{1, 2}}));
    }
  }

  @Test
  void lossesThatDoNotSuitTheModel() {
    refused("CATEGORICAL_CROSS_ENTROPY: the softmax must be of at least 2 outputs, got 1, which is always 1; use an"
        + " output for each class, or BINARY_CROSS_ENTROPY and new Dense(1, Activation.SIGMOID)",
        () -> Trainer.of(model(new Lstm(2), new Dense(1, Activation.SOFTMAX))).loss(Loss.CATEGORICAL_CROSS_ENTROPY));
    refused("CATEGORICAL_CROSS_ENTROPY: the model must end with a softmax, it ends with add; use new Dense(classes,"
        + " Activation.SOFTMAX)",
        () -> Trainer.of(model(new Lstm(2), new Dense(2))).loss(Loss.CATEGORICAL_CROSS_ENTROPY));
    refused("Model: has no output stars, there are [dense]",
        () -> Trainer.of(model(new Lstm(2), new Dense(1))).loss("stars", Loss.MEAN_SQUARED_ERROR));
  }

  @Test
  void namesThatDoNotFit() {
    Node y = Model.input("y", Input.vector(2));
    Model two = Model.graph(
        List.of(X, y), List.of(new Dense(1).on(Merge.concat().on(new Lstm(2).on(X), y))));
    Dataset x = values(3, 4, 1);
    refused("Model: the data must have something for the input y of [x, y], got [x]; use a JointDataset",
        () -> fit(two, JointDataset.of("x", x).values("dense", Tensor.zeros(4, 1))));
    refused("Model: the data must have something for the input x of [x, y], got one without a name; use a JointDataset",
        () -> fit(two, x));
    Node other = Model.input("x", SEQUENCE);
    refused("Model: names must be unique, got two layers called x; call one otherwise, or both shared(\"x\") if they"
        + " are one",
        () -> Model.graph(List.of(X, other), List.of(Merge.concat().on(new Lstm(2).on(X), new Lstm(2).on(other)))));
    refused("Model: there is no layer gru to freeze; there are [lstm]", () -> model(new Lstm(2)).freeze("gru"));
  }

  private static Model model(Layer... layers) {
    return Model.sequential(SEQUENCE, layers);
  }

  private static Model graph(Node output) {
    return Model.graph(List.of(X), List.of(output));
  }

  /** Four rows of five steps, with target values of these sizes. */
  private static TensorDataset values(int features, int... targets) {
    return TensorDataset.of(Tensor.zeros(4, 5, features), Tensor.zeros(targets));
  }

  private static void fit(Model model, Dataset data) {
    Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).threads(1).fit(data, Fit.epochs(1));
  }

  private static void refused(String message, ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}

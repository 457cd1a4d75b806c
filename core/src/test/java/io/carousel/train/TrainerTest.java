package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.cell.Activation;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.data.GeneratedDataset;
import io.carousel.data.Sample;
import io.carousel.data.TensorDataset;
import io.carousel.data.TokenDataset;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static Trainer trainer(Model model) {
    return Trainer.of(model).loss(Loss.BINARY_CROSS_ENTROPY).optimizer(new Adam(0.01)).seed(7).threads(1);
  }

  @Test
  void learnsWhatCanBeLearned() {
    Trainer trainer = trainer(Samples.classifier());
    double before = trainer.evaluate(Samples.tokens(100, 2)).loss();
    History history = trainer.fit(Samples.tokens(400, 1), Fit.epochs(12).batchSize(16));
    Evaluation after = trainer.evaluate(Samples.tokens(100, 2));
    assertThat(before).isBetween(0.6, 0.8);
    assertThat(after.accuracy()).isGreaterThan(0.95);
    assertThat(after.rows()).isEqualTo(100);
    assertThat(history.epochs()).hasSize(12).allMatch(EpochInfo::best)
        .allMatch(e -> Double.isNaN(e.valLoss()));
    assertThat(history.end()).isEqualTo(History.End.FINISHED);
    assertThat(history.best().accuracy()).isGreaterThan(0.95);
  }

  @Test
  void valuesAreLearnedWithoutAccuracy() {
    Model model = Model.sequential(Input.vector(3), new Dense(1));
    Trainer trainer = Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).optimizer(new Adam(0.05)).threads(1);
    History history = trainer.fit(Samples.sums(200, 1), Fit.epochs(20).validation(0.25));
    Evaluation evaluation = trainer.evaluate(Samples.sums(50, 2));
    assertThat(evaluation.loss()).isLessThan(1e-3);
    assertThat(evaluation.accuracy()).isNaN();
    assertThat(history.best().valAccuracy()).isNaN();
    assertThat(trainer.parameters().get("dense.W").values()).containsExactly(new float[] {1, 1, 1},
        within(0.1f));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void theSameSeedGivesTheSameBitsOnAnyNumberOfThreads(int threads) {
    Model model =
        Model.sequential(
            new Embedding(20, 8), Dropout.spatial(0.2), new Lstm(8), new Dropout(0.3),
            new Dense(1, Activation.SIGMOID));
    Fit fit = Fit.epochs(2).batchSize(16).validation(0.2);
    Trainer one = trainer(model).clip(0.5);
    Trainer many = trainer(model).clip(0.5).threads(threads);
    History first = one.fit(Samples.tokens(100, 1), fit);
    History second = many.fit(Samples.tokens(100, 1), fit);
    assertThat(many.parameters().values()).containsExactly(one.parameters().values());
    assertThat(second.best().valLoss()).isEqualTo(first.best().valLoss());
    Trainer otherSeed = trainer(model).clip(0.5).seed(8);
    otherSeed.fit(Samples.tokens(100, 1), fit);
    assertThat(otherSeed.parameters().values()).isNotEqualTo(one.parameters().values());
  }

  @Test
  void theLossOfABatchIsTheMeanOverItsRowsWhateverItsSize() {
    Dataset data = Samples.tokens(50, 1);
    Model model = Samples.classifier();
    Parameters parameters = model.build(1);
    List<int[]> batches = Batches.of(data, 32, 0, false);
    assertThat(batches).extracting(rows -> rows.length).containsExactly(32, 18);
    double sum = 0;
    float[] total = new float[parameters.count()];
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 1);
        Evaluator evaluator = Evaluator.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      for (int[] rows : batches) {
        Gradients gradients = step.gradients(data.batch(rows), 0);
        assertThat(gradients.rows()).isEqualTo(rows.length);
        sum += gradients.loss() * rows.length;
        for (int i = 0; i < total.length; i++) {
          total[i] += gradients.values()[i] * rows.length / 50;
        }
      }
      assertThat(sum / 50).isCloseTo(evaluator.evaluate(data).loss(), within(1e-6));
      int[] all = new int[50];
      java.util.Arrays.setAll(all, i -> i);
      assertThat(step.gradients(data.batch(all), 0).values()).containsExactly(total, within(1e-6f));
    }
  }

  @Test
  void theEvaluationDependsNeitherOnTheOrderOfLengthsNorOnThreads() {
    Dataset data = Samples.tokens(150, 1);
    Evaluation one = trainer(Samples.classifier()).evaluate(data);
    assertThat(trainer(Samples.classifier()).threads(3).evaluate(data)).isEqualTo(one);
  }

  @Test
  void theBestEpochIsKeptAndPatienceEnds() {
    // Validation labels are turned round: the better it learns, the worse they fare.
    TokenDataset train = Samples.tokens(200, 1);
    int[] turned = Objects.requireNonNull(train.classes()).clone();
    for (int i = 0; i < turned.length; i++) {
      turned[i] = 1 - turned[i];
    }
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < turned.length; i++) {
      sequences.add(train.sequence(i));
    }
    TokenDataset against = new TokenDataset(sequences, turned);
    Trainer trainer = trainer(Samples.classifier());
    History history = trainer.fit(train, Fit.epochs(40).batchSize(16).validation(against).patience(3));
    assertThat(history.end()).isEqualTo(History.End.PATIENCE);
    int best = history.best().epoch();
    assertThat(history.epochs()).hasSize(best + 3);
    assertThat(history.epochs()).filteredOn(EpochInfo::best).last().isEqualTo(history.best());
    assertThat(history.best().valLoss())
        .isEqualTo(history.epochs().stream().mapToDouble(EpochInfo::valLoss).min().orElseThrow());
    assertThat(trainer.evaluate(against).loss()).as("of the best epoch").isEqualTo(history.best().valLoss());
  }

  @Test
  void theFigureThatDecidesCanBeTheAccuracy() {
    Trainer trainer = trainer(Samples.classifier());
    History history =
        trainer.fit(
            Samples.tokens(200, 1),
            Fit.epochs(6).batchSize(16).validation(Samples.tokens(80, 2)).monitor(Fit.Monitor.ACCURACY));
    double highest = history.epochs().stream().mapToDouble(EpochInfo::valAccuracy).max().orElseThrow();
    assertThat(history.best().valAccuracy()).isEqualTo(highest);
    assertThat(trainer.evaluate(Samples.tokens(80, 2)).accuracy()).isEqualTo(highest);
  }

  @Test
  void listenersHearEveryStepAndEpoch() {
    List<StepInfo> steps = new ArrayList<>();
    List<EpochInfo> epochs = new ArrayList<>();
    TrainingListener listener = new TrainingListener() {
      @Override
      public void onStep(StepInfo info) {
        steps.add(info);
      }

      @Override
      public void onEpoch(EpochInfo info) {
        epochs.add(info);
      }
    };
    History history =
        trainer(Samples.classifier())
            .fit(Samples.tokens(100, 1), Fit.epochs(2).batchSize(32).listener(listener));
    assertThat(steps).extracting(StepInfo::step).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
    assertThat(steps).extracting(StepInfo::epoch).containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
    assertThat(steps).allMatch(s -> s.steps() == 4 && s.epochs() == 2 && s.sequencesPerSecond() > 0);
    assertThat(steps.getFirst().secondsLeft()).isNaN();
    assertThat(steps.getLast().secondsLeft()).isZero();
    assertThat(steps.get(3).loss()).isEqualTo(epochs.getFirst().loss());
    assertThat(epochs).isEqualTo(history.epochs());
  }

  @Test
  void stopsWhenAskedAndKeepsTheBest() {
    int[] asked = {0};
    Trainer trainer = trainer(Samples.classifier());
    Fit fit = Fit.epochs(9).batchSize(32).validation(Samples.tokens(50, 2));
    History history = trainer.fit(Samples.tokens(100, 1), fit.stop(() -> ++asked[0] > 6));
    assertThat(history.end()).isEqualTo(History.End.STOPPED);
    assertThat(history.epochs()).hasSize(1);
    assertThat(trainer.evaluate(Samples.tokens(50, 2)).loss()).isEqualTo(history.best().valLoss());
    History at = trainer(Samples.classifier()).fit(Samples.tokens(100, 1), fit.stop(() -> true));
    assertThat(at.epochs()).isEmpty();
    assertThatIllegalStateException().isThrownBy(at::best).withMessageContaining("no epoch was finished");
  }

  @Test
  void aLossThatIsNoNumberStopsWithTheStepAndTheCause() {
    TensorDataset data = Samples.sums(64, 1);
    Model model = Model.sequential(Input.vector(3), new Dense(1));
    Trainer trainer = Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).optimizer(new Sgd(900)).threads(1);
    float[] first = trainer.parameters().values().clone();
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> trainer.fit(data, Fit.epochs(30).batchSize(8)))
        .withMessageMatching(
            "training: the loss must stay finite, got (Infinity|NaN) in epoch \\d+, step \\d of 8; "
                + "the learning rate 900.0 is likely too high; lower it, or clip the gradients")
        .satisfies(e -> {
          assertThat(e.history().end()).isEqualTo(History.End.DIVERGED);
          assertThat(e.epoch()).isEqualTo(e.history().epochs().size() + 1);
          assertThat(e.step()).isBetween(1, 8);
          if (e.history().epochs().isEmpty()) {
            assertThat(trainer.parameters().values()).containsExactly(first);
          }
        });
    assertThat(trainer.parameters().firstNotFinite()).isEmpty();
  }

  @Test
  void brokenDataAreNamedAsTheCause() {
    Tensor x = Tensor.zeros(4, 3);
    x.values()[5] = Float.NaN;
    TensorDataset data = TensorDataset.of(x, Tensor.zeros(4, 1));
    Model model = Model.sequential(Input.vector(3), new Dense(1));
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).threads(1).fit(data, Fit.epochs(1)))
        .withMessageContaining("the features have a value that is not a finite number; clean the data");
  }

  @Test
  void aSecondFitGoesOn() {
    Trainer trainer = trainer(Samples.classifier());
    History first = trainer.fit(Samples.tokens(200, 1), Fit.epochs(4));
    History second = trainer.fit(Samples.tokens(200, 1), Fit.epochs(4));
    assertThat(second.epochs().getFirst().loss()).isLessThan(first.epochs().getLast().loss());
    Parameters parameters = trainer.parameters();
    Trainer other = Trainer.of(Samples.classifier(), parameters.copy()).loss(Loss.BINARY_CROSS_ENTROPY)
        .threads(1);
    assertThat(other.evaluate(Samples.tokens(50, 2))).isEqualTo(trainer.evaluate(Samples.tokens(50, 2)));
  }

  @Test
  void endlessDataAreOtherRowsInEachEpochAndEachFit() {
    java.util.Set<Float> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
    GeneratedDataset data = GeneratedDataset.of(1, 6, 3, key -> {
      float x = CounterRandom.uniform(key, 0);
      seen.add(x);
      return Sample.ofStepValues(1, new float[] {x}, new float[] {-x});
    }).endless();
    Model model = Model.sequential(Input.sequence(1), new Dense(1));
    Trainer trainer = Trainer.of(model).loss(Loss.MEAN_SQUARED_ERROR).optimizer(new Sgd(0.1)).threads(1);
    trainer.fit(data, Fit.epochs(2).batchSize(3));
    assertThat(seen).hasSize(12);
    trainer.fit(data, Fit.epochs(1).batchSize(3));
    assertThat(seen).hasSize(18);
  }

  @Test
  void aLoopByHandDoesWhatTheTrainerDoes() {
    Dataset data = Samples.tokens(100, 1);
    Model model = Samples.classifier();
    Parameters parameters = model.build(7);
    OptimizerState adam = new Adam(0.01).start(parameters);
    try (TrainingStep step = TrainingStep.of(model, parameters, Loss.BINARY_CROSS_ENTROPY, 1)) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        long key = CounterRandom.key(CounterRandom.key(7, "epoch"), epoch);
        for (int[] rows : Batches.of(data, 32, key, true)) {
          adam.step(step.gradients(data.batch(rows), 0));
        }
      }
    }
    Trainer trainer = trainer(model);
    trainer.fit(data, Fit.epochs(2));
    assertThat(trainer.parameters().values()).containsExactly(parameters.values());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Model model = Samples.classifier();
    refused("must end with a softmax", () -> Trainer.of(model).loss(Loss.CATEGORICAL_CROSS_ENTROPY));
    refused("must be from 1 to 1024, got 0", () -> Trainer.of(model).threads(0));
    refused("belong to another model",
        () -> Trainer.of(model, Model.sequential(new Embedding(3, 2)).zeros()));
    assertThatIllegalStateException()
        .isThrownBy(() -> Trainer.of(model).fit(Samples.tokens(9, 1), Fit.epochs(1)))
        .withMessageContaining("needs a loss, got none");
    refused("at least one row", () -> trainer(model).fit(Samples.tokens(0, 1), Fit.epochs(1)));
    refused("at least one row", () -> trainer(model).evaluate(Samples.tokens(0, 1)));
    refused("must have classes or target values",
        () -> trainer(model).fit(new TokenDataset(List.of(new int[] {1}), null), Fit.epochs(1)));
    refused("classes must be from 0 to 1 for 1 outputs, got 2",
        () -> trainer(model).fit(new TokenDataset(List.of(new int[] {1}), new int[] {2}), Fit.epochs(1)));
    refused("tokens must be from 0 to 19, got 20",
        () -> trainer(model).fit(new TokenDataset(List.of(new int[] {20}), new int[] {1}), Fit.epochs(1)));
    refused("input must be tokens", () -> trainer(model).fit(Samples.sums(9, 1), Fit.epochs(1)));
    Model two = Model.sequential(Input.vector(3), new Dense(2));
    refused("as many target values as outputs, 2, got 1",
        () -> Trainer.of(two).loss(Loss.MEAN_SQUARED_ERROR).fit(Samples.sums(9, 1), Fit.epochs(1)));
    refused("Fit: epochs and batch size must be at least 1", () -> Fit.epochs(0));
    refused("patience needs validation data", () -> Fit.epochs(1).patience(1));
    refused("the validation fraction must be from 0 to below 1", () -> Fit.epochs(1).validation(1.0));
  }

  private static void refused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable what) {
    assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(message);
  }
}

package io.carousel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.data.DataException;
import io.carousel.data.Keep;
import io.carousel.data.TextTable;
import io.carousel.layer.Pooling;
import io.carousel.store.JsonObject;
import io.carousel.store.Manifest;
import io.carousel.store.ModelFile;
import io.carousel.store.ModelFormatException;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.DivergedException;
import io.carousel.train.History;
import io.carousel.train.StepInfo;
import io.carousel.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextClassifierTest {
  private static final TextTable TRAIN = MadeUpTexts.table(240, 3, 1);
  private static final TextTable TEST = MadeUpTexts.table(60, 3, 2);
  private static final Options SMALL =
      TextClassifierOptions.defaults()
          .with(TextClassifierOptions.UNITS, 8)
          .with(TextClassifierOptions.EMBEDDING, 8)
          .with(TextClassifierOptions.VOCABULARY, 100)
          .with(TextClassifierOptions.BATCH, 8)
          .with(TextClassifierOptions.LEARNING_RATE, 0.02)
          .with(TextClassifierOptions.WORD_DROPOUT, 0.1)
          .with(TextClassifierOptions.EPOCHS, 6);

  @TempDir private Path folder;

  private static TextClassifierRun train(Options options) {
    return TextClassifierTraining.of(TRAIN).test(TEST).options(options).run();
  }

  private static ClassificationMetrics figures(TextClassifierRun run) {
    return Objects.requireNonNull(run.evaluated()).metrics();
  }

  @Test
  void learns() {
    try (TextClassifierRun run = train(SMALL)) {
      assertThat(run.history().end()).isEqualTo(History.End.FINISHED);
      double accuracy = figures(run).accuracy();
      assertThat(accuracy).isGreaterThan(0.95);
      assertThat(run.classifier().evaluate(TEST).accuracy()).isEqualTo(accuracy);
      assertThat(run.classifier().predict("then we saw a goal today").label()).isEqualTo("sports");
      assertThat(run.classifier().predict("a very good concert").label()).isEqualTo("music");
    }
  }

  @Test
  void sameSeedSameWeightsOnAnyNumberOfThreads() {
    Options few = SMALL.with(TextClassifierOptions.EPOCHS, 2);
    try (TextClassifierRun one = train(few.with(TextClassifierOptions.THREADS, 1));
        TextClassifierRun three = train(few.with(TextClassifierOptions.THREADS, 3));
        TextClassifierRun other = train(few.with(TextClassifierOptions.SEED, 2L))) {
      assertThat(one.classifier().parameters().values()).isEqualTo(three.classifier().parameters().values());
      assertThat(one.classifier().parameters().values()).isNotEqualTo(other.classifier().parameters().values());
    }
  }

  @Test
  void answersTheSameFromItsFile() throws IOException {
    Options unusual = SMALL.with(TextClassifierOptions.EPOCHS, 1).with(TextClassifierOptions.LAYERS, 2)
        .with(TextClassifierOptions.BIDIRECTIONAL, false).with(TextClassifierOptions.KEEP, Keep.TAIL)
        .with(TextClassifierOptions.MAX_LENGTH, 4)
        .with(TextClassifierOptions.POOLING, EnumSet.of(Pooling.Kind.LAST));
    Path file = folder.resolve("model.safetensors");
    try (TextClassifierRun run = train(unusual)) {
      run.classifier().save(file);
      try (TextClassifier loaded = TextClassifier.load(file).threads(1)) {
        List<String> texts = List.of("we saw rain", "", "…", "unheard words only", "goal ".repeat(50));
        assertThat(loaded.probabilities(texts)).isDeepEqualTo(run.classifier().probabilities(texts));
        assertThat(loaded.predict("").probabilities()).isEqualTo(loaded.probabilities(List.of(""))[0]);
        assertThat(loaded.labels()).isEqualTo(run.classifier().labels());
        assertThat(loaded.columns()).isEqualTo(run.classifier().columns());
        assertThat(loaded.provenance()).isEqualTo(run.classifier().provenance());
        loaded.save(folder.resolve("again.safetensors"));
      }
    }
    assertThat(folder.resolve("again.safetensors")).hasSameBinaryContentAs(file);
  }

  @Test
  void refusesFilesThatAreNoTextClassifier() throws IOException {
    ModelFile good;
    try (TextClassifierRun run = train(SMALL.with(TextClassifierOptions.EPOCHS, 1))) {
      good = TextClassifierFile.of(run.classifier());
    }
    Manifest m = good.manifest();
    Path file = folder.resolve("model.safetensors");
    refused(file, good, new JsonObject().put("kind", "forecaster"), m.preprocessing(),
        ": must be a text-classifier, got a model of the kind \"forecaster\"");
    refused(file, good, new JsonObject().put("kind", "text-classifier").put("labels", List.of("a", "b")),
        m.preprocessing(),
        ": cannot be used as a text classifier: the model must have an output for each of 2 labels, got 3");
    refused(file, good, m.task(), new JsonObject().put("tokenizer", new JsonObject()),
        ": manifest, preprocessing, tokenizer: \"rules\" must be a whole number of 32 bits, got nothing");
  }

  private static void refused(
      Path file, ModelFile good, JsonObject task, JsonObject preprocessing, String message) throws IOException {
    Manifest m = good.manifest();
    new ModelFile(new Manifest(task, m.architecture(), preprocessing, m.provenance()), good.tensors()).write(file);
    assertThatThrownBy(() -> TextClassifier.load(file))
        .isInstanceOf(ModelFormatException.class).hasMessage(file + message);
  }

  @Test
  void aLabelThatOnlyTheTestHasIsFoundBeforeTheTraining() {
    AtomicInteger steps = new AtomicInteger();
    TextClassifierTraining training =
        TextClassifierTraining.of(MadeUpTexts.table(40, 2, 1)).test(TEST).options(SMALL)
            .listener(new TrainingListener() {
              @Override
              public void onStep(StepInfo info) {
                steps.incrementAndGet();
              }
            });
    assertThatThrownBy(training::run).isInstanceOf(DataException.class).hasMessageContaining("got \"music\"");
    assertThat(steps).hasValue(0);
  }

  @Test
  void aRequestToStopKeepsTheBestEpoch() {
    AtomicInteger asked = new AtomicInteger();
    try (TextClassifierRun run =
        TextClassifierTraining.of(TRAIN).test(TEST).options(SMALL).stop(() -> asked.incrementAndGet() > 70).run()) {
      assertThat(run.history().end()).isEqualTo(History.End.STOPPED);
      assertThat(run.history().epochs()).hasSize(2);
      assertThat(run.problem()).isNull();
      assertThat(figures(run).logLoss()).isCloseTo(run.history().best().valLoss(), Offset.offset(1e-5));
    }
  }

  @Test
  void whatGrowsBeyondAllBoundsEndsWithTheLastGoodModelAndTheReason() {
    // The rate rises over the first four epochs; once rate · decay is above 2 the weights grow at each step.
    Options wild = SMALL.with(TextClassifierOptions.LEARNING_RATE, 10.0)
        .with(TextClassifierOptions.WEIGHT_DECAY, 0.5)
        .with(TextClassifierOptions.EPOCHS, 40);
    try (TextClassifierRun run = train(wild)) {
      int good = run.history().epochs().size();
      assertThat(good).isBetween(1, 8);
      assertThat(run.history().end()).isEqualTo(History.End.DIVERGED);
      assertThat(run.problem()).contains("must stay finite", "in epoch " + (good + 1) + ", step",
          "learning rate 10");
      assertThat(run.classifier().parameters().firstNotFinite()).isEmpty();
    }
  }

  @Test
  void withoutAGoodEpochThereIsNoModel() {
    Options wild = SMALL.with(TextClassifierOptions.LEARNING_RATE, 10.0)
        .with(TextClassifierOptions.WEIGHT_DECAY, 10.0)
        .with(TextClassifierOptions.BATCH, 1).with(TextClassifierOptions.EPOCHS, 1);
    assertThatThrownBy(() -> train(wild))
        .isInstanceOf(DivergedException.class).hasMessageContaining("epoch 1, step");
  }

  @Test
  void writesTheFilesOfTheRun() throws IOException {
    Path path = folder.resolve("deep/run");
    try (TextClassifierRun run = train(SMALL.with(TextClassifierOptions.EPOCHS, 2));
        RunFolder claimed = RunFolder.claim(path, false)) {
      run.write(claimed);
    }
    try (var files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("model.safetensors", "metrics.json", "history.csv", "report.html");
    }
    JsonObject metrics = JsonObject.parse(Files.readString(path.resolve("metrics.json")), "metrics.json");
    assertThat(metrics.string("evaluated_on")).isEqualTo("texts");
    assertThat(metrics.integer("rows")).isEqualTo(60);
    assertThat(metrics.object("training").integer("epochs")).isEqualTo(2);
    assertThat(Files.readAllLines(path.resolve("history.csv"))).hasSize(3);
    assertThat(Files.readString(path.resolve("report.html"))).contains("<title>run ", "word-dropout");
    Manifest manifest = ModelFile.readManifest(path);
    assertThat(manifest.provenance().names())
        .containsExactly("carousel", "kernels", "data", "test", "training", "options");
  }
}

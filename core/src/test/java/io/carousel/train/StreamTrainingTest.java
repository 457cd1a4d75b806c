package io.carousel.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carousel.cell.Activation;
import io.carousel.data.StreamDataset;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Lstm;
import io.carousel.model.Model;
import io.carousel.model.State;
import io.carousel.parameter.Parameters;
import io.carousel.serve.Predictor;
import io.carousel.tensor.CounterRandom;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Truncated backpropagation through time: streams in lanes and pieces, with what is remembered carried along. */
class StreamTrainingTest {
  private static final int WORDS = 4;

  /** Each word twice, so that every other word can be told, but only by who knows the one before. */
  private static int[] twice(int words) {
    int[] stream = new int[2 * words];
    Arrays.setAll(stream, i -> 1 + CounterRandom.below(WORDS - 1, 3, i / 2));
    return stream;
  }

  private static Model speaker(int vocabulary, int embedding, int units) {
    return Model.sequential(
        new Embedding(vocabulary, embedding), new Lstm(units).returnSequences(), new Dropout(0.1),
        new Dense(vocabulary, Activation.SOFTMAX));
  }

  private static Trainer trainer(Model model, int threads) {
    return Trainer.of(model).loss(Loss.CATEGORICAL_CROSS_ENTROPY).optimizer(new Adam(0.02)).seed(5).threads(threads);
  }

  /** With pieces of a single step, whoever forgets knows nothing. */
  @Test
  void whatIsCarriedIsUsed() {
    StreamDataset stream = StreamDataset.ofTokens(twice(800), 8, 1);
    Model model = Model.sequential(
        new Embedding(WORDS, 4), new Lstm(16).returnSequences(), new Dense(WORDS, Activation.SOFTMAX));
    Trainer carrying = trainer(model, 2);
    carrying.fit(stream, Fit.epochs(5));
    Trainer apart = trainer(model, 2);
    apart.fit(stream.apart(), Fit.epochs(5).batchSize(8));
    // ½ log 3 where every other word is a choice of three; who forgets gives ⅔ to the word again: 0.868.
    assertThat(carrying.evaluate(stream).loss()).isBetween(0.50, 0.75);
    assertThat(apart.evaluate(stream.apart()).loss()).isGreaterThan(0.85);
  }

  @Test
  void itIsTheLoopByHandAndAnyNumberOfThreads() {
    StreamDataset stream = StreamDataset.ofTokens(twice(53), 4, 3);
    Model model = speaker(WORDS, 4, 8);
    Parameters byHand = model.build(5);
    OptimizerState adam = new Adam(0.02).start(byHand);
    double sum = 0;
    int steps = 0;
    try (TrainingStep step = TrainingStep.of(model, byHand, Loss.CATEGORICAL_CROSS_ENTROPY, 1)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        State state = State.of(model, 4);
        sum = 0;
        steps = 0;
        for (int from = 0; from < stream.size(); from += 4) {
          var batch = stream.batch(IntStream.range(from, from + 4).toArray());
          long key = CounterRandom.key(CounterRandom.key(5, "dropout"), adam.steps());
          Gradients gradients = step.gradients(batch, key, state);
          sum += gradients.loss() * batch.steps();
          steps += batch.steps();
          adam.step(gradients);
        }
      }
    }
    for (int threads : new int[] {1, 3}) {
      Trainer trainer = trainer(model, threads);
      History history = trainer.fit(stream, Fit.epochs(2));
      assertThat(trainer.parameters().values()).containsExactly(byHand.values());
      assertThat(history.epochs().getLast().loss()).isCloseTo(sum / steps, within(1e-12));
    }
    Trainer twice = trainer(model, 2);
    twice.fit(stream, Fit.epochs(1));
    twice.fit(stream, Fit.epochs(1));
    assertThat(twice.parameters().values()).containsExactly(byHand.values());
  }

  @Test
  void inPiecesAStreamIsTheWhole() {
    int[] words = twice(50);
    Model model = speaker(WORDS, 4, 8);
    Trainer trainer = trainer(model, 2);
    StreamDataset whole = StreamDataset.ofTokens(words, 1, words.length);
    StreamDataset pieces = StreamDataset.ofTokens(words, 1, 7);
    assertThat(trainer.evaluate(pieces).loss()).isCloseTo(trainer.evaluate(whole).loss(), within(1e-6));
    assertThat(trainer.evaluate(pieces.apart()).loss()).isNotCloseTo(trainer.evaluate(whole).loss(), within(1e-5));
    try (Predictor predictor = Predictor.of(model, trainer.parameters(), 2)) {
      float[] all = predictor.predict(whole)[0];
      float[][] found = predictor.predict(pieces);
      int at = 0;
      for (float[] piece : found) {
        assertThat(piece).containsExactly(Arrays.copyOfRange(all, at, at + piece.length));
        at += piece.length;
      }
      assertThat(at).isEqualTo(all.length);
    }
  }

  @Test
  void validationOnAStreamToo() {
    Trainer trainer = trainer(speaker(WORDS, 4, 8), 1);
    StreamDataset held = StreamDataset.ofTokens(twice(30), 2, 5);
    History history = trainer.fit(StreamDataset.ofTokens(twice(60), 4, 5), Fit.epochs(2).validation(held));
    assertThat(history.best().valLoss()).isEqualTo(trainer.evaluate(held).loss());
  }

  @Test
  void whatCannotGoOnIsRefused() {
    StreamDataset stream = StreamDataset.ofTokens(twice(60), 4, 5);
    refused("Trainer: no share of a stream can be held out, since its pieces go on from one another; cut the stream"
            + " in two, and give validation(…) the second part",
        () -> trainer(speaker(WORDS, 4, 8), 1).fit(stream, Fit.epochs(1).validation(0.1)));
    Model both = Model.sequential(
        new Embedding(WORDS, 4), new Bidirectional(new Lstm(4).returnSequences()),
        new Dense(WORDS, Activation.SOFTMAX));
    refused("LSTM(units=4): reads from the end, so it needs whole sequences and cannot go on"
            + " from the state of the run before; use a forward layer",
        () -> trainer(both, 1).fit(stream, Fit.epochs(1)));
    Model none = Model.sequential(new Embedding(WORDS, 4), new Dense(WORDS, Activation.SOFTMAX));
    refused("State: the model has no recurrent layer, so there is nothing to carry",
        () -> trainer(none, 1).fit(stream, Fit.epochs(1)));
  }

  private static void refused(String message, ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  /** The characters of the Penn Treebank, a short run: what is carried lowers the perplexity. */
  @Tag("slow")
  @Test
  void charactersOfThePennTreebank() throws IOException {
    int[] train = characters("ptb.train.txt");
    int[] valid = characters("ptb.valid.txt");
    int vocabulary = 1 + IntStream.concat(Arrays.stream(train), Arrays.stream(valid)).max().orElseThrow();
    StreamDataset learned = StreamDataset.ofTokens(Arrays.copyOf(train, 1_000_000), 32, 20);
    StreamDataset held = StreamDataset.ofTokens(valid, 32, 20);
    Model model = speaker(vocabulary, 32, 128);
    Trainer carrying = trainer(model, 2).optimizer(new Adam(3e-3));
    carrying.fit(learned, Fit.epochs(1));
    Trainer apart = trainer(model, 2).optimizer(new Adam(3e-3));
    apart.fit(learned.apart(), Fit.epochs(1).batchSize(32));
    double with = Math.exp(carrying.evaluate(held).loss());
    double without = Math.exp(apart.evaluate(held.apart()).loss());
    assertThat(with).isLessThan(0.96 * without);
  }

  /** Numbers from 1 on, in the order of the characters' codes. */
  private static int[] characters(String name) throws IOException {
    Path file = Path.of(System.getenv().getOrDefault("CAROUSEL_DATA", "../../shared/data"), "ptb", "ptb.zip");
    assumeTrue(Files.exists(file), "no " + file + "; CAROUSEL_DATA names the folder of data sets");
    try (ZipFile zip = new ZipFile(file.toFile()); InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).chars().map(c -> c == '\n' ? 1 : c - 30).toArray();
    }
  }
}

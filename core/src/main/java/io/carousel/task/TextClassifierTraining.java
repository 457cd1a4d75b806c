package io.carousel.task;

import static io.carousel.task.TextClassifierOptions.BATCH;
import static io.carousel.task.TextClassifierOptions.BIDIRECTIONAL;
import static io.carousel.task.TextClassifierOptions.CELL;
import static io.carousel.task.TextClassifierOptions.DROPOUT;
import static io.carousel.task.TextClassifierOptions.EMBEDDING;
import static io.carousel.task.TextClassifierOptions.EMBEDDING_DROPOUT;
import static io.carousel.task.TextClassifierOptions.EPOCHS;
import static io.carousel.task.TextClassifierOptions.KEEP;
import static io.carousel.task.TextClassifierOptions.LAYERS;
import static io.carousel.task.TextClassifierOptions.LEARNING_RATE;
import static io.carousel.task.TextClassifierOptions.MAX_LENGTH;
import static io.carousel.task.TextClassifierOptions.PATIENCE;
import static io.carousel.task.TextClassifierOptions.POOLING;
import static io.carousel.task.TextClassifierOptions.SEED;
import static io.carousel.task.TextClassifierOptions.SHORTCUT;
import static io.carousel.task.TextClassifierOptions.THREADS;
import static io.carousel.task.TextClassifierOptions.UNITS;
import static io.carousel.task.TextClassifierOptions.VALIDATION;
import static io.carousel.task.TextClassifierOptions.VECTORS;
import static io.carousel.task.TextClassifierOptions.VECTORS_FROZEN;
import static io.carousel.task.TextClassifierOptions.VOCABULARY;
import static io.carousel.task.TextClassifierOptions.WEIGHT_DECAY;
import static io.carousel.task.TextClassifierOptions.WORD_DROPOUT;

import io.carousel.cell.Activation;
import io.carousel.data.Columns;
import io.carousel.data.Corpus;
import io.carousel.data.Labels;
import io.carousel.data.Split;
import io.carousel.data.TextEncoder;
import io.carousel.data.TextTable;
import io.carousel.data.TokenDataset;
import io.carousel.data.Tokenizer;
import io.carousel.data.Vocabulary;
import io.carousel.data.WordDropout;
import io.carousel.data.WordVectors;
import io.carousel.kernel.Kernels;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Dropout;
import io.carousel.layer.Embedding;
import io.carousel.layer.Layer;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Shortcut;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.tensor.CounterRandom;
import io.carousel.train.Adam;
import io.carousel.train.ClassificationMetrics;
import io.carousel.train.DivergedException;
import io.carousel.train.Fit;
import io.carousel.train.History;
import io.carousel.train.Loss;
import io.carousel.train.Schedule;
import io.carousel.train.Trainer;
import io.carousel.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From a table of labelled texts to a trained classifier and its figures: the whole job, in order.
 *
 * <pre>
 *   TextClassifierRun run = TextClassifierTraining.of(train).test(test).run();
 * </pre>
 *
 * The table is split, its words are counted, a bidirectional LSTM, or another cell, is trained by the recipe of
 * {@link TextClassifierOptions}, the epoch that does best on the validation rows is kept, and that is
 * measured on the test rows, or on the validation rows if there are none. The same data, options and seed
 * give the same weights.
 */
public final class TextClassifierTraining {
  private final TextTable table;
  private @Nullable TextTable test;
  private String testName = "";
  private Options options = TextClassifierOptions.defaults();
  private Columns columns = Columns.named("text", "label");
  private Consumer<String> teller = line -> {};
  private TrainingListener listener = new TrainingListener() {};
  private BooleanSupplier stop = () -> false;

  private TextClassifierTraining(TextTable table) {
    this.table = table;
  }

  /** A job on some labelled texts. */
  public static TextClassifierTraining of(TextTable table) {
    return new TextClassifierTraining(table);
  }

  /** Measures on these texts in the end; they have no part in the training. */
  public TextClassifierTraining test(@Nullable TextTable texts) {
    return test(texts, texts == null ? "" : texts.source());
  }

  /** The same; {@code name} is what figures and report call these texts. */
  public TextClassifierTraining test(@Nullable TextTable texts, String name) {
    test = texts;
    testName = name;
    return this;
  }

  /** What differs from the default recipe. */
  public TextClassifierTraining options(Options chosen) {
    options = chosen;
    return this;
  }

  /** Which columns the table was read from; the model remembers them for the next table. */
  public TextClassifierTraining columns(Columns read) {
    columns = read;
    return this;
  }

  /** Is told in a line each what the data are like. */
  public TextClassifierTraining tell(Consumer<String> lines) {
    teller = lines;
    return this;
  }

  /** Is told how the training goes. */
  public TextClassifierTraining listener(TrainingListener told) {
    listener = told;
    return this;
  }

  /** Asked before each step; true ends the training, keeping what was best. */
  public TextClassifierTraining stop(BooleanSupplier request) {
    stop = request;
    return this;
  }

  /**
   * Runs the job.
   *
   * @throws io.carousel.data.DataException if the tables cannot be used: one class only, a label in the test
   *     that training has not seen
   * @throws DivergedException if the loss is no longer a number before any epoch was finished; if that
   *     happens later, the run ends with the best epoch so far and {@link TextClassifierRun#problem} says so
   */
  public TextClassifierRun run() {
    Labels labels = Labels.of(table);
    int[] classes = labels.encode(table);
    int[] testClasses = test == null ? null : labels.encode(test); // before the training, which takes long
    Split split = split(classes);
    Options all = TextClassifierOptions.resolved(options, split.train().length);

    Corpus corpus = Corpus.of(table.texts(), Tokenizer.standard());
    TextEncoder encoder =
        new TextEncoder(
            Tokenizer.standard(),
            corpus.vocabulary(
                split.train(), all.get(VOCABULARY), TextClassifierOptions.minimumCount(corpus.words())),
            all.get(MAX_LENGTH), all.get(KEEP));
    TokenDataset data = new TokenDataset(corpus.encode(encoder), classes);
    TokenDataset heldOut = data.subset(split.heldOut());
    teller.accept(
        String.format(
            Locale.ROOT, "%,d texts to train on, %,d to choose the best epoch, %,d to test; %,d of %,d words",
            split.train().length, heldOut.size(), test == null ? 0 : test.size(),
            encoder.vocabulary().words().size(), corpus.distinctWords()));
    WordVectors vectors = vectors(encoder.vocabulary(), all);
    if (vectors != null) {
      all = all.with(EMBEDDING, vectors.dimension());
    }
    teller.accept("kernels: " + Kernels.chosen().describe() + "; threads: " + all.get(THREADS));

    Model model = model(encoder.vocabulary().size(), labels.size(), all);
    Parameters parameters = model.build(all.get(SEED));
    if (vectors != null) {
      float[] table = parameters.get("embedding.W").values();
      vectors.into(table);
      parameters.set("embedding.W", table);
    }
    Trainer trainer =
        Trainer.of(model, parameters)
            .loss(Loss.CATEGORICAL_CROSS_ENTROPY)
            .optimizer(new Adam(all.get(LEARNING_RATE)).withWeightDecay(all.get(WEIGHT_DECAY)))
            .schedule(Schedule.linear(TextClassifierOptions.WARM_UP))
            .clip(TextClassifierOptions.CLIP)
            .seed(all.get(SEED))
            .threads(all.get(THREADS));
    History history;
    String problem = null;
    try {
      history = trainer.fit(data.subset(split.train()), fit(heldOut, all));
    } catch (DivergedException e) {
      history = e.history();
      problem = e.getMessage();
      if (history.epochs().isEmpty()) {
        throw e;
      }
    }

    TextClassifier classifier =
        new TextClassifier(
            labels, encoder, columns, model, trainer.parameters(),
            TextClassifierRun.provenance(table, test, all, split, history));
    classifier.threads(all.get(THREADS));
    TextClassifierRun.Evaluated evaluated = null;
    if (testClasses != null && test != null && history.end() != History.End.STOPPED) {
      evaluated = evaluate(
          classifier, testName, test, new TokenDataset(encoder.encode(test.texts()), testClasses));
    } else if (heldOut.size() > 0) {
      // Also after a request to stop: who stops does not want to wait for a long test.
      String on = Option.text(100 * all.get(VALIDATION)) + "% of " + table.source()
          + ", held out to choose the epoch";
      evaluated = evaluate(classifier, on, table.subset(split.heldOut()), heldOut);
    }
    return new TextClassifierRun(classifier, all, history, evaluated, problem);
  }

  /** The vectors that the embedding begins with, or null. */
  private @Nullable WordVectors vectors(Vocabulary vocabulary, Options all) {
    String file = all.get(VECTORS);
    if (file.isEmpty()) {
      if (all.get(VECTORS_FROZEN)) {
        throw new IllegalArgumentException(
            "--vectors-frozen: needs --vectors, got none; name a file of words' vectors");
      }
      return null;
    }
    if (!Files.isRegularFile(Path.of(file))) {
      throw new IllegalArgumentException(
          "--vectors: must be " + VECTORS.range() + ", got " + file + ", where there is none; check the path");
    }
    WordVectors vectors;
    try {
      vectors = WordVectors.read(Path.of(file), vocabulary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (all.isGiven(EMBEDDING) && all.get(EMBEDDING) != vectors.dimension()) {
      throw new IllegalArgumentException(
          "--embedding: must be " + vectors.dimension() + ", the size of the vectors in " + file + ", got "
              + all.get(EMBEDDING) + "; leave it out");
    }
    if (vectors.found() == 0) {
      throw new IllegalArgumentException(
          file + ": must have vectors of words in the texts, has none of them; is it of another language?");
    }
    teller.accept(
        String.format(
            Locale.ROOT, "vectors: %,d of %,d words have one of %d numbers in %s; the others begin at random%s",
            vectors.found(), vocabulary.words().size(), vectors.dimension(), file,
            all.get(VECTORS_FROZEN) ? "; none of them is trained" : ""));
    return vectors;
  }

  private Split split(int[] classes) {
    double fraction = TextClassifierOptions.validation(options, classes.length);
    if (fraction == 0) {
      int[] rows = new int[classes.length];
      Arrays.setAll(rows, i -> i);
      return new Split(rows, new int[0]);
    }
    return Split.stratified(classes, fraction, CounterRandom.key(options.get(SEED), "validation"));
  }

  private Fit fit(TokenDataset heldOut, Options all) {
    Fit fit =
        Fit.epochs(all.get(EPOCHS)).batchSize(all.get(BATCH)).listener(listener).stop(stop)
            .augment(new WordDropout(all.get(WORD_DROPOUT)));
    return heldOut.size() == 0 ? fit : fit.validation(heldOut).patience(all.get(PATIENCE));
  }

  private static Model model(int words, int classes, Options all) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Embedding(words, all.get(EMBEDDING), !all.get(VECTORS_FROZEN)));
    layers.add(Dropout.spatial(all.get(EMBEDDING_DROPOUT)));
    for (int i = 0; i < all.get(LAYERS); i++) {
      if (i > 0) {
        layers.add(new Dropout(all.get(DROPOUT)));
      }
      Recurrent forward = all.get(CELL).layer(all.get(UNITS));
      Layer recurrent = all.get(BIDIRECTIONAL) ? new Bidirectional(forward) : forward;
      layers.add(all.get(SHORTCUT) ? new Shortcut(recurrent) : recurrent);
    }
    layers.add(new Pooling(all.get(POOLING)));
    layers.add(new Dropout(all.get(DROPOUT)));
    layers.add(new Dense(classes, Activation.SOFTMAX));
    return Model.sequential(Input.tokens(), layers);
  }

  private static TextClassifierRun.Evaluated evaluate(
      TextClassifier classifier, String on, TextTable texts, TokenDataset data) {
    float[][] probabilities = classifier.probabilities(data);
    int[] classes = data.classes();
    if (classes == null) {
      throw new IllegalStateException("TextClassifierTraining: the rows to evaluate on must have classes");
    }
    return new TextClassifierRun.Evaluated(
        on, ClassificationMetrics.of(probabilities, classes),
        ReportData.confidentErrors(texts.texts(), probabilities, classes, TextClassifierRun.ERRORS_SHOWN));
  }
}

package io.carousel.task;

import io.carousel.data.Columns;
import io.carousel.data.DataException;
import io.carousel.data.Labels;
import io.carousel.data.TextEncoder;
import io.carousel.data.TextTable;
import io.carousel.data.TokenDataset;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import io.carousel.serve.Predictor;
import io.carousel.store.JsonObject;
import io.carousel.train.ClassificationMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trained classifier of texts: raw text goes in, a label comes out.
 *
 * <pre>
 *   TextClassifierRun run = TextClassifierTraining.of(TextTables.read(file, Columns.named("text", "label"))).run();
 *   run.classifier().save(Path.of("model.safetensors"));
 *
 *   try (TextClassifier classifier = TextClassifier.load(Path.of("runs/imdb"))) {
 *     Prediction prediction = classifier.predict("a wonderful film");
 *   }
 * </pre>
 *
 * Holds everything that a text passes through, tokenizer and vocabulary included. May be used by several
 * threads, which take turns.
 */
public final class TextClassifier implements AutoCloseable {
  private final Labels labels;
  private final TextEncoder encoder;
  private final Columns columns;
  private final Model model;
  private final Parameters parameters;
  private final JsonObject provenance;
  private int threads = Runtime.getRuntime().availableProcessors();
  private @Nullable Predictor predictor;

  TextClassifier(
      Labels labels, TextEncoder encoder, Columns columns, Model model, Parameters parameters,
      JsonObject provenance) {
    this.labels = labels;
    this.encoder = encoder;
    this.columns = columns;
    this.model = model;
    this.parameters = parameters;
    this.provenance = provenance;
  }

  /**
   * Reads a classifier from a model file, or from the folder of a run.
   *
   * @throws io.carousel.store.ModelFormatException if there is none that this version can read
   */
  public static TextClassifier load(Path path) {
    return TextClassifierFile.read(path);
  }

  /** Writes the model file, whole or not at all. @throws IOException with a message of one line */
  public void save(Path path) throws IOException {
    TextClassifierFile.of(this).write(path);
  }

  /** The threads that compute, from the next call on; as many as there are processors unless told otherwise. */
  public synchronized TextClassifier threads(int number) {
    TextClassifierOptions.THREADS.check(number);
    close();
    threads = number;
    return this;
  }

  /** The label of each class. */
  public Labels labels() {
    return labels;
  }

  /** How a text becomes numbers. */
  public TextEncoder encoder() {
    return encoder;
  }

  /** The columns of the table that it was trained on. */
  public Columns columns() {
    return columns;
  }

  /** The layers. */
  public Model model() {
    return model;
  }

  /** The weights. */
  public Parameters parameters() {
    return parameters;
  }

  /** Where it comes from: data, options, seed, version, kernels. */
  public JsonObject provenance() {
    return provenance;
  }

  /** The label of a text. Any text is fine, an empty one too. */
  public Prediction predict(String text) {
    return Prediction.of(predictor().predict(encoder.encode(text)), labels);
  }

  /** The label of each text. */
  public List<Prediction> predict(List<String> texts) {
    List<Prediction> predictions = new ArrayList<>(texts.size());
    for (float[] each : probabilities(texts)) {
      predictions.add(Prediction.of(each, labels));
    }
    return predictions;
  }

  /** The probability of each label for each text, [texts][labels]. */
  public float[][] probabilities(List<String> texts) {
    return probabilities(new TokenDataset(encoder.encode(texts), null));
  }

  /** The same for texts that are encoded already. */
  float[][] probabilities(TokenDataset data) {
    return predictor().predict(data);
  }

  /**
   * The figures on labelled texts.
   *
   * @throws DataException if the table has no labels, or one that training has not seen
   */
  public ClassificationMetrics evaluate(TextTable table) {
    int[] classes = labels.encode(table);
    return ClassificationMetrics.of(probabilities(table.texts()), classes);
  }

  private synchronized Predictor predictor() {
    if (predictor == null) {
      predictor = Predictor.of(model, parameters, threads);
    }
    return predictor;
  }

  /** Ends the threads; a later prediction starts them again. */
  @Override
  public synchronized void close() {
    if (predictor != null) {
      predictor.close();
      predictor = null;
    }
  }

  @Override
  public String toString() {
    return "TextClassifier(" + labels.size() + " classes, " + encoder.vocabulary().size() + " words, "
        + parameters.count() + " parameters)";
  }
}

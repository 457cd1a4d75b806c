package io.carousel.examples;

import io.carousel.cell.*;
import io.carousel.data.*;
import io.carousel.layer.*;
import io.carousel.model.*;
import io.carousel.serve.Predictor;
import io.carousel.train.*;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts of three classes, from words to probabilities. */
public final class TextClasses {
  private static final String[][] WORDS = {
      {"ball", "goal", "team", "coach", "win", "score", "league"},
      {"bank", "market", "share", "profit", "price", "tax", "loan"},
      {"rain", "wind", "cloud", "storm", "snow", "sun", "frost"}};

  public static void main(String[] args) {
    List<String> texts = new ArrayList<>();
    int[] classes = new int[3 * 7 * 7];
    for (int row = 0; row < classes.length; row++) {
      classes[row] = row % 3;
      String[] words = WORDS[row % 3];
      texts.add("The " + words[row / 3 % 7] + " and the " + words[row / 21]);
    }
    Vocabulary vocabulary = Corpus.of(texts, Tokenizer.standard()).vocabulary(1000, 1);
    TextEncoder encoder = new TextEncoder(Tokenizer.standard(), vocabulary, 20, Keep.HEAD);
    TokenDataset data = new TokenDataset(encoder.encode(texts), classes);
    Split split = Split.stratified(classes, 0.2, 7);
    Model model = Model.sequential(
        new Embedding(vocabulary.size(), 32), new Lstm(128), new Dense(3, Activation.SOFTMAX));
    Trainer trainer = Trainer.of(model).loss(Loss.CATEGORICAL_CROSS_ENTROPY).seed(1);
    trainer.fit(data.subset(split.train()), Fit.epochs(20).batchSize(8));
    System.out.println("test: " + trainer.evaluate(data.subset(split.heldOut())));
    try (Predictor predictor = Predictor.of(model, trainer.parameters())) {
      System.out.println(Arrays.toString(predictor.predict(encoder.encode("Snow and wind on the coast"))));
    }
  }
}

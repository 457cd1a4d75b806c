package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cli.Cli.Outcome;
import io.carousel.data.Vocabulary;
import io.carousel.task.TextClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors of words that others trained, on the command line. */
class VectorsTest {
  @TempDir private Path folder;
  private Path data = Path.of("");

  @BeforeEach
  void write() throws IOException {
    data = Files.write(folder.resolve("m.tsv"), Cli.messages(0, 60));
  }

  private Outcome train(Path vectors, String... more) {
    return Cli.run(Cli.small(Cli.concat(
        new String[] {"train", "text-classifier", "--data", data.toString(), "--no-header", "--text", "2", "--label",
            "1", "--out", folder.resolve("run").toString(), "--vectors", vectors.toString()},
        more)));
  }

  private static Path vectors(Path file, int size) throws IOException {
    String numbers = " 0.5".repeat(size) + "\n";
    return Files.writeString(file, "you" + numbers + "notaword" + numbers + "free" + numbers);
  }

  private float[] ofYou() {
    try (TextClassifier classifier = TextClassifier.load(folder.resolve("run"))) {
      int id = classifier.encoder().vocabulary().id("you");
      assertThat(id).isGreaterThanOrEqualTo(Vocabulary.FIRST_WORD);
      return Arrays.copyOfRange(classifier.parameters().get("embedding.W").values(), id * 8, id * 8 + 8);
    }
  }

  @Test
  void aModelBeginsWithThemAndKeepsThemIfFrozen() throws IOException {
    Path vectors = vectors(folder.resolve("vectors.txt"), 8);
    Outcome frozen = train(vectors, "--vectors-frozen");
    assertThat(frozen.code()).as(frozen.err()).isZero();
    assertThat(frozen.err()).containsPattern(
        "vectors: 2 of \\d+ words have one of 8 numbers in .*vectors.txt; the others begin at random; none of them is"
            + " trained\n");
    assertThat(ofYou()).containsOnly(0.5f);
    Files.delete(vectors);
    assertThat(Cli.run("predict", folder.resolve("run").toString(), "--text", "see you").code()).isZero();
    assertThat(Cli.run("summary", folder.resolve("run").toString()).out()).contains("vectors: " + vectors);

    Outcome tuned = train(vectors(vectors, 8), "--force");
    assertThat(tuned.code()).as(tuned.err()).isZero();
    assertThat(tuned.err()).contains("the others begin at random\n");
    for (float each : ofYou()) {
      assertThat(each).isBetween(0.3f, 0.7f).isNotEqualTo(0.5f); // begun there, moved
    }
  }

  @Test
  void badInput() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.txt"), "you 1 2\nfree 1 x\n");
    refused(train(bad), "WordVectors: " + bad + ", line 2: must have 2 numbers after the word, got \"x\"");
    Path other = vectors(folder.resolve("other.txt"), 4);
    refused(train(other), "--embedding: must be 4, the size of the vectors in " + other + ", got 8; leave it out");
    Path foreign = Files.writeString(folder.resolve("foreign.txt"), "xyzzy" + " 1".repeat(8) + "\n");
    refused(train(foreign), foreign + ": must have vectors of words in the texts, has none of them; is it of another"
        + " language?");
    refused(Cli.run("train", "text-classifier", "--data", data.toString(), "--no-header", "--text", "2", "--label", "1",
        "--out", folder.resolve("run").toString(), "--vectors", ""),
        "--vectors: must be a file of GloVe, word2vec or fastText, got nothing; for example glove.6B.100d.txt");
    Path nowhere = folder.resolve("nowhere.txt");
    refused(train(nowhere), "--vectors: must be a file of GloVe, word2vec or fastText, got " + nowhere
        + ", where there is none; check the path");
    refused(Cli.run("train", "text-classifier", "--data", data.toString(), "--no-header", "--text", "2", "--label", "1",
        "--out", folder.resolve("run").toString(), "--vectors-frozen"),
        "--vectors-frozen: needs --vectors, got none; name a file of words' vectors");
  }

  private void refused(Outcome outcome, String message) {
    assertThat(outcome.err().lines().filter(line -> line.startsWith("carousel: ")))
        .containsExactly("carousel: " + message);
    assertThat(outcome.err()).doesNotContain("\tat ");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(folder.resolve("run")).doesNotExist();
  }
}

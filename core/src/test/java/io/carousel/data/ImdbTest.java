package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole way on the 25,000 reviews, where they are installed. */
class ImdbTest {
  @Test
  void readsCutsAndEncodesAllReviews() {
    // Tests run in the module's folder; the data sets lie beside the project.
    String data = System.getenv().getOrDefault("CAROUSEL_DATA", "../../shared/data");
    Path file = Path.of(data, "imdb", "imdb-train.tsv.gz");
    assumeTrue(Files.exists(file), "no " + file + "; CAROUSEL_DATA names the folder of data sets");
    TextTable table = TextTables.read(file, Columns.named("text", "label"));
    assertThat(table.size()).isEqualTo(25_000);
    assertThat(table.notes()).isEmpty();
    assertThat(Arrays.stream(Labels.of(table).encode(table)).sum()).isEqualTo(12_500);
    Corpus corpus = Corpus.of(table.texts(), Tokenizer.standard());
    Vocabulary vocabulary = corpus.vocabulary(20_000, 2);
    assertThat(vocabulary.words()).startsWith("the", "and", "a", "of", "to", "is", "in", "it", "i", "this");
    // Rules 1 of the tokenizer, frozen: a model trained yesterday must see the same numbers.
    TextEncoder encoder = new TextEncoder(Tokenizer.standard(), vocabulary, 400, Keep.BOTH);
    List<int[]> sequences = corpus.encode(encoder);
    long hash = 0;
    for (int[] sequence : sequences) {
      hash = 31 * hash + Arrays.hashCode(sequence);
    }
    assertThat(corpus.words()).isEqualTo(5_869_967);
    assertThat(corpus.distinctWords()).isEqualTo(81_639);
    assertThat(hash).isEqualTo(-4_278_994_808_340_090_535L);
    assertThat(encoder.encode(table.texts().get(24_999))).isEqualTo(sequences.get(24_999));
  }
}

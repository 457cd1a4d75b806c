package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class TextEncoderTest {
  private static final Tokenizer TOKENIZER = Tokenizer.standard();
  private static final List<String> TEXTS = List.of("b a c a", "", "C b a! d", "e e e");

  @Test
  void vocabularyIsByCountThenText() {
    Corpus corpus = Corpus.of(TEXTS, TOKENIZER);
    assertThat(corpus.vocabulary(100, 1).words()).containsExactly("a", "e", "b", "c", "!", "d");
    assertThat(corpus.vocabulary(100, 2).words()).containsExactly("a", "e", "b", "c");
    assertThat(corpus.vocabulary(5, 1).words()).containsExactly("a", "e", "b");
    assertThat(corpus.vocabulary(new int[] {2, 0}, 100, 2).words()).containsExactly("a", "b", "c");
    assertThat(corpus.size()).isEqualTo(4);
    assertThat(corpus.words()).isEqualTo(12);
    assertThat(corpus.distinctWords()).isEqualTo(6);
    assertThat(corpus.length(2)).isEqualTo(5);
  }

  @Test
  void vocabularyDoesNotDependOnTheOrderOfTexts() {
    List<String> reversed = new ArrayList<>(TEXTS);
    Collections.reverse(reversed);
    assertThat(Corpus.of(reversed, TOKENIZER).vocabulary(5, 1))
        .isEqualTo(Corpus.of(TEXTS, TOKENIZER).vocabulary(5, 1));
  }

  @Test
  void numbersStartAtTwo() {
    Vocabulary vocabulary = new Vocabulary(List.of("a", "b"));
    assertThat(vocabulary.size()).isEqualTo(4);
    assertThat(vocabulary.id("a")).isEqualTo(2);
    assertThat(vocabulary.id("b")).isEqualTo(3);
    assertThat(vocabulary.id("c")).isEqualTo(Vocabulary.UNKNOWN);
    assertThat(vocabulary.id("")).isEqualTo(Vocabulary.UNKNOWN);
    assertThat(vocabulary.word(0)).isEqualTo("<pad>");
    assertThat(vocabulary.word(1)).isEqualTo("<unknown>");
    assertThat(vocabulary.word(3)).isEqualTo("b");
    assertThatThrownBy(() -> new Vocabulary(List.of("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Vocabulary: words must all be different, got \"a\" twice");
  }

  @Test
  void numbersManyWords() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      words.add(Integer.toString(i * 7919, 36));
    }
    Vocabulary vocabulary = new Vocabulary(words);
    for (int i = 0; i < words.size(); i++) {
      assertThat(vocabulary.id(words.get(i))).isEqualTo(i + 2);
    }
    assertThat(vocabulary.id("-")).isEqualTo(1);
  }

  @Test
  void keepsTheWantedPart() {
    String text = "a b c d e";
    assertThat(encoder(9, Keep.HEAD).encode(text)).containsExactly(2, 3, 4, 5, 6);
    assertThat(encoder(5, Keep.BOTH).encode(text)).containsExactly(2, 3, 4, 5, 6);
    assertThat(encoder(3, Keep.HEAD).encode(text)).containsExactly(2, 3, 4);
    assertThat(encoder(3, Keep.TAIL).encode(text)).containsExactly(4, 5, 6);
    assertThat(encoder(3, Keep.BOTH).encode(text)).containsExactly(2, 3, 6);
    assertThat(encoder(1, Keep.BOTH).encode(text)).containsExactly(2);
    assertThat(encoder(3, Keep.TAIL).encode("x y")).containsExactly(1, 1);
    assertThat(encoder(3, Keep.TAIL).words(new int[] {2, 1, 6})).containsExactly("a", "<unknown>", "e");
  }

  @Test
  void anEmptyTextIsAnEmptySequence() {
    assertThat(encoder(3, Keep.BOTH).encode("")).isEmpty();
    assertThat(encoder(3, Keep.BOTH).encode(" ... ")).isEmpty();
  }

  @Test
  void corpusEncodesAsTheEncoderDoes() {
    Corpus corpus = Corpus.of(TEXTS, TOKENIZER);
    for (Keep keep : Keep.values()) {
      TextEncoder encoder = new TextEncoder(TOKENIZER, corpus.vocabulary(5, 1), 3, keep);
      List<int[]> sequences = corpus.encode(encoder);
      assertThat(sequences).hasSize(TEXTS.size());
      for (int i = 0; i < TEXTS.size(); i++) {
        assertThat(sequences.get(i))
            .isEqualTo(encoder.encode(TEXTS.get(i)))
            .isEqualTo(encoder.encode(TEXTS).get(i));
      }
    }
  }

  @Test
  void corpusRefusesAnotherTokenizer() {
    TextEncoder other = new TextEncoder(TOKENIZER.withPunctuation("."), new Vocabulary(List.of("a")), 3,
        Keep.HEAD);
    assertThatThrownBy(() -> Corpus.of(TEXTS, TOKENIZER).encode(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Corpus: the encoder must have the corpus's tokenizer, got Tokenizer[");
  }

  @Test
  void saysWhenNoWordIsFrequentEnough() {
    assertThatThrownBy(() -> Corpus.of(List.of("a b", "..."), TOKENIZER).vocabulary(100, 2))
        .isInstanceOf(DataException.class)
        .hasMessage("Vocabulary: some word must occur at least 2 times, none does in 2 texts; give more"
            + " text or a smaller minimum count");
    assertThatThrownBy(() -> Corpus.of(TEXTS, TOKENIZER).vocabulary(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Vocabulary: maxSize must be at least 3, got 2");
    assertThatThrownBy(() -> encoder(0, Keep.HEAD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TextEncoder: maxLength must be at least 1, got 0");
  }

  @Test
  void survivesJson() {
    JsonMapper json = JsonMapper.builder().build();
    TextEncoder encoder = new TextEncoder(
        TOKENIZER.withPunctuation("!\"\\"), Corpus.of(TEXTS, TOKENIZER).vocabulary(6, 1), 3, Keep.BOTH);
    String written = json.writeValueAsString(encoder);
    assertThat(written).contains("\"vocabulary\":{\"words\":[\"a\",\"e\",\"b\",\"c\"]}");
    TextEncoder read = json.readValue(written, TextEncoder.class);
    assertThat(read).isEqualTo(encoder);
    assertThat(read.encode("a! b \u6211 c d e a")).isEqualTo(encoder.encode("a! b \u6211 c d e a"));
    Labels labels = new Labels(List.of("ham", "spam \"x\""));
    assertThat(json.readValue(json.writeValueAsString(labels), Labels.class)).isEqualTo(labels);
  }

  private static TextEncoder encoder(int maxLength, Keep keep) {
    return new TextEncoder(TOKENIZER, new Vocabulary(List.of("a", "b", "c", "d", "e")), maxLength, keep);
  }
}

package io.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a text becomes a sequence of numbers: words, their numbers, and the part that is kept.
 *
 * <p>An empty text, and one without any word, is a sequence of length 0. Immutable and shared by threads.
 *
 * @param tokenizer cuts the text into words
 * @param vocabulary numbers the words
 * @param maxLength the most words that are kept, at least 1
 * @param keep which words these are
 */
public record TextEncoder(Tokenizer tokenizer, Vocabulary vocabulary, int maxLength, Keep keep) {
  public TextEncoder {
    if (maxLength < 1) {
      throw new IllegalArgumentException("TextEncoder: maxLength must be at least 1, got " + maxLength);
    }
  }

  /** The numbers of a text's words, from 1 on, at most {@code maxLength}. */
  public int[] encode(String text) {
    return encode(text, new WordScanner(tokenizer), new Collector());
  }

  /** The numbers of each text's words. */
  public List<int[]> encode(List<String> texts) {
    List<int[]> sequences = new ArrayList<>(texts.size());
    WordScanner scanner = new WordScanner(tokenizer);
    Collector collector = new Collector();
    for (String text : texts) {
      sequences.add(encode(text, scanner, collector));
    }
    return sequences;
  }

  private int[] encode(String text, WordScanner scanner, Collector collector) {
    collector.count = 0;
    scanner.scan(text, collector);
    return keep.cut(collector.ids, collector.count, maxLength);
  }

  /** The words of an encoded text, as the model sees them, for explanations. */
  public List<String> words(int[] ids) {
    List<String> words = new ArrayList<>(ids.length);
    for (int id : ids) {
      words.add(vocabulary.word(id));
    }
    return words;
  }

  private final class Collector implements TokenSink {
    private int[] ids = new int[256];
    private int count;

    @Override
    public boolean token(char[] word, int length) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = vocabulary.id(word, length);
      // The end of a long text is of no use to who keeps the head.
      return keep != Keep.HEAD || count < maxLength;
    }
  }
}

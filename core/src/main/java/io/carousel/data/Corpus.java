package io.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Texts cut into words once, to count the words for a vocabulary and then to encode by it.
 *
 * <p>Holds four bytes a word and each different word once. Immutable.
 */
public final class Corpus {
  private final Tokenizer tokenizer;
  private final WordTable table;

  /** For each text the numbers of its words in {@code table}. */
  private final List<int[]> texts;

  private Corpus(Tokenizer tokenizer, WordTable table, List<int[]> texts) {
    this.tokenizer = tokenizer;
    this.table = table;
    this.texts = texts;
  }

  /** Cuts texts into words. */
  public static Corpus of(List<String> texts, Tokenizer tokenizer) {
    WordTable table = new WordTable();
    Collector collector = new Collector(table);
    WordScanner scanner = new WordScanner(tokenizer);
    List<int[]> cut = new ArrayList<>(texts.size());
    for (String text : texts) {
      collector.count = 0;
      scanner.scan(text, collector);
      cut.add(Arrays.copyOf(collector.ids, collector.count));
    }
    return new Corpus(tokenizer, table, cut);
  }

  /** The number of texts. */
  public int size() {
    return texts.size();
  }

  /** How many words a text has. */
  public int length(int text) {
    return texts.get(text).length;
  }

  /** How many words all texts have together. */
  public long words() {
    long words = 0;
    for (int[] text : texts) {
      words += text.length;
    }
    return words;
  }

  /** How many different words there are. */
  public int distinctWords() {
    return table.size();
  }

  /** The vocabulary of all texts; see {@link #vocabulary(int[], int, int)}. */
  public Vocabulary vocabulary(int maxSize, int minCount) {
    int[] all = new int[texts.size()];
    Arrays.setAll(all, i -> i);
    return vocabulary(all, maxSize, minCount);
  }

  /**
   * The commonest words of some texts, by descending count, ties by text.
   *
   * @param rows the texts to count, for example those that are for training
   * @param maxSize the most numbers, padding and unknown included, at least 3
   * @param minCount how often a word must occur to be in it, at least 1
   * @throws DataException if no word occurs that often
   */
  public Vocabulary vocabulary(int[] rows, int maxSize, int minCount) {
    if (maxSize <= Vocabulary.FIRST_WORD) {
      throw new IllegalArgumentException("Vocabulary: maxSize must be at least 3, got " + maxSize);
    }
    int[] counts = new int[table.size()];
    for (int row : rows) {
      for (int id : texts.get(row)) {
        counts[id]++;
      }
    }
    int least = Math.max(1, minCount);
    List<Counted> candidates = new ArrayList<>();
    for (int id = 0; id < counts.length; id++) {
      if (counts[id] >= least) {
        candidates.add(new Counted(table.word(id), counts[id]));
      }
    }
    if (candidates.isEmpty()) {
      throw new DataException(
          "Vocabulary: some word must occur at least " + TableBuilder.count(least, "time") + ", none does in "
              + TableBuilder.count(rows.length, "text") + "; give more text or a smaller minimum count");
    }
    candidates.sort(null);
    int size = Math.min(candidates.size(), maxSize - Vocabulary.FIRST_WORD);
    List<String> words = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      words.add(candidates.get(i).word);
    }
    return new Vocabulary(words);
  }

  /**
   * Encodes all texts, as {@code encoder.encode} would, without cutting them again.
   *
   * @throws IllegalArgumentException if the encoder has another tokenizer
   */
  public List<int[]> encode(TextEncoder encoder) {
    if (!Objects.equals(encoder.tokenizer(), tokenizer)) {
      throw new IllegalArgumentException(
          "Corpus: the encoder must have the corpus's tokenizer, got " + encoder.tokenizer());
    }
    int[] ids = new int[table.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = encoder.vocabulary().id(table.word(i));
    }
    List<int[]> encoded = new ArrayList<>(texts.size());
    for (int[] text : texts) {
      int[] kept = encoder.keep().cut(text, text.length, encoder.maxLength());
      for (int k = 0; k < kept.length; k++) {
        kept[k] = ids[kept[k]];
      }
      encoded.add(kept);
    }
    return encoded;
  }

  private record Counted(String word, int count) implements Comparable<Counted> {
    @Override
    public int compareTo(Counted other) {
      return count != other.count ? Integer.compare(other.count, count) : word.compareTo(other.word);
    }
  }

  private static final class Collector implements TokenSink {
    private final WordTable table;
    private int[] ids = new int[1024];
    private int count;

    Collector(WordTable table) {
      this.table = table;
    }

    @Override
    public boolean token(char[] word, int length) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
      }
      ids[count++] = table.add(word, length);
      return true;
    }
  }
}

package io.carousel.data;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The words that a model knows, and their numbers.
 *
 * <p>Number 0 is padding and never a word; 1 is any unknown word; the words follow from 2 on.
 *
 * @param words all different; in a vocabulary that was counted, the commonest first, ties by text
 */
public record Vocabulary(List<String> words) {
  /** The number that fills a batch where a sequence has ended. */
  public static final int PADDING = 0;

  /** The number of every word that is not in the vocabulary. */
  public static final int UNKNOWN = 1;

  /** The number of the first word. */
  public static final int FIRST_WORD = 2;

  public Vocabulary {
    words = words instanceof Indexed ? words : new Indexed(words);
  }

  /** How many numbers there are, padding and unknown included: the rows of an embedding. */
  public int size() {
    return words.size() + FIRST_WORD;
  }

  /** The number of a word, or {@link #UNKNOWN}. */
  public int id(String word) {
    return id(word.toCharArray(), word.length());
  }

  /** The word of a number, for people: {@code <pad>} and {@code <unknown>} for the first two. */
  public String word(int id) {
    return id == PADDING ? "<pad>" : id == UNKNOWN ? "<unknown>" : words.get(id - FIRST_WORD);
  }

  int id(char[] word, int length) {
    // One addition turns the −1 of an unknown word into UNKNOWN.
    return ((Indexed) words).table.find(word, length) + FIRST_WORD;
  }

  @Override
  public String toString() {
    return "Vocabulary(" + size() + ")";
  }

  /** The words with their index, so that the record can stay a plain list of words in a model file. */
  private static final class Indexed extends AbstractList<String> implements RandomAccess {
    private final String[] words;
    private final WordTable table = new WordTable();

    Indexed(List<String> list) {
      words = list.toArray(new String[0]);
      for (String word : words) {
        int before = table.size();
        if (table.add(word.toCharArray(), word.length()) != before) {
          throw new IllegalArgumentException(
              "Vocabulary: words must all be different, got \"" + word + "\" twice");
        }
      }
    }

    @Override
    public String get(int index) {
      return words[index];
    }

    @Override
    public int size() {
      return words.length;
    }
  }
}

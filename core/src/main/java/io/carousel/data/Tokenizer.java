package io.carousel.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How a text becomes words.
 *
 * <p>Words are runs of letters, digits and combining marks, with apostrophes inside ({@code don't}) and with
 * {@code . , /} between digits ({@code 3.5}, {@code 8/10}). Chinese and Japanese characters, and those of
 * other scripts that put no space between words (Thai, Lao, Khmer, Burmese), are a word each; so are emoji
 * and currency signs. The marks in {@code punctuation} are words of their own; everything else separates.
 * Full-width and typographic forms count as the plain ones ({@code ！} as {@code !}, {@code ’} as
 * {@code '}).
 *
 * <p>The rules are part of a model: they are written into its file, and a text is cut the same way for as
 * long as the model lives. A change of the rules is a new number in {@code rules}, and the old ones stay.
 *
 * @param rules the version of the rules above; 1 is the only one yet
 * @param lowerCase whether letters become lower case, by Unicode's simple mapping and in no language's manner
 * @param removeMarkup whether HTML tags separate and HTML's character references are replaced
 * @param punctuation the marks that are words of their own, for example {@code !?}
 * @param repeat how many of the same letter, mark or emoji in a row are told apart: with 3, {@code sooooo} is
 *     {@code sooo} and {@code !!!!!} is {@code !!!}, each one word
 * @param foldDigits from this number of digits on a word's digits are all written 0, so that telephone
 *     numbers of a length are one word; 0 for never
 * @param longest the most characters of a word; what follows them is left out
 */
public record Tokenizer(
    int rules,
    boolean lowerCase,
    boolean removeMarkup,
    String punctuation,
    int repeat,
    int foldDigits,
    int longest) {

  /** The newest rules that this version knows. */
  public static final int NEWEST_RULES = 1;

  public Tokenizer {
    if (rules < 1 || rules > NEWEST_RULES) {
      throw new IllegalArgumentException(
          "Tokenizer: rules must be from 1 to " + NEWEST_RULES + ", got " + rules
              + "; a newer version of Carousel wrote this");
    }
    check("repeat", repeat, 1, 1000);
    check("foldDigits", foldDigits, 0, 1000);
    check("longest", longest, 2, 100_000);
    for (int i = 0; i < punctuation.length(); i++) {
      char c = punctuation.charAt(i);
      if (c <= ' ' || c >= 127 || c == '\'' || Character.isLetterOrDigit(c)) {
        throw new IllegalArgumentException(
            "Tokenizer: punctuation must be ASCII marks other than the apostrophe, got \""
                + punctuation + "\"");
      }
    }
  }

  /** The default: lower case, no markup, and {@code ! ?} as words. */
  public static Tokenizer standard() {
    return new Tokenizer(1, true, true, "!?", 3, 5, 40);
  }

  /** The same with other marks as words of their own. */
  public Tokenizer withPunctuation(String marks) {
    return new Tokenizer(rules, lowerCase, removeMarkup, marks, repeat, foldDigits, longest);
  }

  /** The same with upper and lower case told apart, or not. */
  public Tokenizer withLowerCase(boolean lower) {
    return new Tokenizer(rules, lower, removeMarkup, punctuation, repeat, foldDigits, longest);
  }

  /** The words of a text. Costs about 20 ns a word, and memory for the text's characters once more. */
  public List<String> words(String text) {
    List<String> words = new ArrayList<>();
    new WordScanner(this)
        .scan(
            text,
            (word, length) -> {
              words.add(new String(word, 0, length));
              return true;
            });
    return words;
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "Tokenizer: " + name + " must be from " + least + " to " + most + ", got " + value);
    }
  }
}

package io.carousel.data;

import java.util.Arrays;

/**
 * Cuts texts into words by the rules of a {@link Tokenizer}. Not for several threads.
 *
 * <p>Hand-written over characters: the 33 MB of the IMDB reviews take a third of a second, which regular
 * expressions need several times over.
 */
final class WordScanner {
  private static final int KEPT_BUFFER = 1 << 16;

  private final Tokenizer rules;
  private final boolean lowerCase;
  private final int repeat;
  private final int longest;
  private final byte[] asciiKinds = new byte[128];
  private final char[] word;

  /** Length of the word so far; its digits; its last character and how often that came in a row. */
  private int length;
  private int digits;
  private int last;
  private int run;

  private char[] buffer = new char[1 << 12];

  WordScanner(Tokenizer rules) {
    this.rules = rules;
    this.lowerCase = rules.lowerCase();
    this.repeat = rules.repeat();
    this.longest = rules.longest();
    // Room for a symbol repeated as often as is told apart, and for a pair of surrogates.
    this.word = new char[Math.max(longest, 2 * repeat) + 2];
    Arrays.fill(asciiKinds, 'a', 'z' + 1, CharKind.LETTER);
    Arrays.fill(asciiKinds, 'A', 'Z' + 1, CharKind.LETTER);
    Arrays.fill(asciiKinds, '0', '9' + 1, CharKind.DIGIT);
    asciiKinds['\''] = CharKind.APOSTROPHE;
    asciiKinds['$'] = CharKind.SYMBOL;
    for (int i = 0; i < rules.punctuation().length(); i++) {
      asciiKinds[rules.punctuation().charAt(i)] = CharKind.SYMBOL;
    }
  }

  /** Hands the words of {@code text} to {@code sink} until they end or it has enough. */
  void scan(String text, TokenSink sink) {
    int n = text.length();
    if (buffer.length < n) {
      buffer = new char[Math.max(n, 2 * buffer.length)];
    }
    char[] chars = buffer;
    text.getChars(0, n, chars, 0);
    if (rules.removeMarkup() && (text.indexOf('<') >= 0 || text.indexOf('&') >= 0)) {
      n = Markup.remove(chars, n);
    }
    scan(chars, n, sink);
    if (buffer.length > KEPT_BUFFER) {
      buffer = new char[KEPT_BUFFER]; // one huge text must not stay in memory
    }
  }

  private void scan(char[] chars, int n, TokenSink sink) {
    length = 0;
    digits = 0;
    int i = 0;
    while (i < n) {
      int c = chars[i];
      int at = i++;
      byte kind;
      if (c < 128) {
        kind = asciiKinds[c];
      } else {
        if (Character.isSurrogate((char) c)) {
          c = Character.codePointAt(chars, at, n);
          i = at + Character.charCount(c);
        }
        int plain = CharKind.plain(c);
        kind = plain < 128 ? asciiKinds[plain] : CharKind.of(plain);
        if (c == 0x2026 && kind == CharKind.SYMBOL) {
          // An ellipsis is three dots in one.
          if (!end(sink) || !symbol(chars, i, n, '.', 3, sink)) {
            return;
          }
          i = afterRun(chars, i, n, '.');
          continue;
        }
        c = plain;
      }
      switch (kind) {
        case CharKind.LETTER -> letter(c);
        case CharKind.DIGIT -> digit(c);
        case CharKind.MARK -> {
          if (length > 0) {
            append(c);
          }
        }
        case CharKind.IGNORED -> {
          // as if it were not there
        }
        case CharKind.IDEOGRAPH -> {
          if (!end(sink)) {
            return;
          }
          append(c);
          i = marks(chars, i, n);
          if (!end(sink)) {
            return;
          }
        }
        case CharKind.SYMBOL -> {
          if (joinsDigits(c, chars, i, n)) {
            append(c);
            break;
          }
          if (!end(sink) || !symbol(chars, i, n, c, 1, sink)) {
            return;
          }
          i = afterRun(chars, i, n, c);
        }
        default -> {
          boolean inside =
              kind == CharKind.APOSTROPHE ? length > 0 && isWordAt(chars, i, n) : joinsDigits(c, chars, i, n);
          if (inside) {
            append(c);
            last = 0;
          } else if (!end(sink)) {
            return;
          }
        }
      }
    }
    end(sink);
  }

  private void letter(int c) {
    int letter = c;
    if (lowerCase) {
      letter = c < 128 ? c | 0x20 : Character.toLowerCase(c);
    }
    if (letter == last && length > 0) {
      if (++run > repeat) {
        return;
      }
    } else {
      last = letter;
      run = 1;
    }
    append(letter);
  }

  private void digit(int c) {
    append(c);
    digits++;
    last = 0;
  }

  private void append(int c) {
    if (c < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
      if (length < longest) {
        word[length++] = (char) c;
      }
    } else if (length + 1 < longest) {
      length += Character.toChars(c, word, length);
    }
  }

  /** Hands over the word so far, if there is one; false if the sink has enough. */
  private boolean end(TokenSink sink) {
    int n = length;
    if (n == 0) {
      return true;
    }
    if (rules.foldDigits() > 0 && digits >= rules.foldDigits()) {
      for (int i = 0; i < n; i++) {
        if (Character.isDigit(word[i])) {
          word[i] = '0';
        }
      }
    }
    length = 0;
    digits = 0;
    last = 0;
    return sink.token(word, n);
  }

  /** Hands over a symbol with its repetitions, of which {@code seen} are before {@code i}. */
  private boolean symbol(char[] chars, int i, int n, int c, int seen, TokenSink sink) {
    int width = Character.charCount(c);
    int count = Math.min(repeat, seen + (afterRun(chars, i, n, c) - i) / width);
    int size = 0;
    for (int k = 0; k < count; k++) {
      size += Character.toChars(c, word, size);
    }
    return sink.token(word, size);
  }

  private static int afterRun(char[] chars, int from, int n, int c) {
    int i = from;
    int width = Character.charCount(c);
    while (i + width <= n && CharKind.plain(Character.codePointAt(chars, i, n)) == c) {
      i += width;
    }
    return i;
  }

  private int marks(char[] chars, int from, int n) {
    int i = from;
    while (i < n && chars[i] >= 128 && CharKind.of(chars[i]) == CharKind.MARK) {
      append(chars[i++]);
    }
    return i;
  }

  /** Whether {@code c}, before {@code i}, stands between two digits and belongs to their number. */
  private boolean joinsDigits(int c, char[] chars, int i, int n) {
    return (c == '.' || c == ',' || c == '/')
        && digits > 0 && length > 0 && last == 0 && Character.isDigit(word[length - 1])
        && i < n && chars[i] >= '0' && chars[i] <= '9';
  }

  private boolean isWordAt(char[] chars, int i, int n) {
    if (i >= n) {
      return false;
    }
    byte kind = chars[i] < 128 ? asciiKinds[chars[i]] : CharKind.of(Character.codePointAt(chars, i, n));
    return kind == CharKind.LETTER || kind == CharKind.DIGIT;
  }
}

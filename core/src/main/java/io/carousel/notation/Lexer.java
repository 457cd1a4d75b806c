package io.carousel.notation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Cuts a text into words, numbers and symbols. */
final class Lexer {
  /** What a token is. */
  enum Kind {
    NAME,
    NUMBER,
    SYMBOL,
    /** The end of a line, but not within brackets. */
    LINE,
    END
  }

  /**
   * A piece of the text.
   *
   * @param at where it begins
   * @param end where it ends
   * @param next true for a name with a prime
   */
  record Token(Kind kind, String text, int at, int end, boolean next) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }
  }

  /** Other ways to write a symbol, as papers have them. */
  private static final Map<Character, String> SYNONYMS =
      Map.of('⊙', "*", '∘', "*", '×', "*", '∗', "*", '−', "-", '·', "@", '⊗', "*");

  private static final String SYMBOLS = "()[],:=+-*/^@";
  private static final String PRIMES = "'′’";

  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int depth;

  private Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  static List<Token> tokens(Source source) {
    Lexer lexer = new Lexer(source);
    while (lexer.at < lexer.text.length()) {
      lexer.one();
    }
    lexer.add(Kind.LINE, "the end of the line", lexer.at);
    lexer.add(Kind.END, "the end of the text", lexer.at);
    return lexer.tokens;
  }

  private void one() {
    char c = text.charAt(at);
    int begin = at;
    if (c == '#') {
      while (at < text.length() && text.charAt(at) != '\n') {
        at++;
      }
    } else if (c == '\n' || c == ';') {
      at++;
      if (depth == 0) {
        add(Kind.LINE, "the end of the line", begin);
      }
    } else if (Character.isWhitespace(c) || c == '\uFEFF' || c == '\u00A0') {
      at++;
    } else if (isDigit(begin)) {
      number();
    } else if (Character.isLetter(text.codePointAt(at)) || c == '_') {
      name();
    } else if (c == '²' || c == '³') {
      at++;
      tokens.add(new Token(Kind.SYMBOL, "^", begin, at, false));
      tokens.add(new Token(Kind.NUMBER, c == '²' ? "2" : "3", begin, at, false));
    } else {
      at++;
      String symbol = SYNONYMS.getOrDefault(c, String.valueOf(c));
      if (!SYMBOLS.contains(symbol)) {
        throw source.error(begin, "nothing is written with " + (PRIMES.indexOf(c) >= 0
            ? c + " but the next value of a state, right after its name: c'"
            : Character.toString(text.codePointAt(begin)) + "; a comment begins with #"));
      }
      depth += "([".contains(symbol) ? 1 : ")]".contains(symbol) ? -1 : 0;
      depth = Math.max(0, depth);
      add(Kind.SYMBOL, symbol, begin);
    }
  }

  private boolean isDigit(int place) {
    return place < text.length() && text.charAt(place) >= '0' && text.charAt(place) <= '9';
  }

  private void digits() {
    while (isDigit(at)) {
      at++;
    }
  }

  /** Digits, perhaps a point and more, perhaps an exponent; in {@code 2exp(x)} there is none. */
  private void number() {
    int begin = at;
    digits();
    if (at < text.length() && text.charAt(at) == '.' && isDigit(at + 1)) {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      boolean signed = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0;
      if (isDigit(at + (signed ? 2 : 1))) {
        at += signed ? 2 : 1;
        digits();
      }
    }
    add(Kind.NUMBER, text.substring(begin, at), begin);
  }

  private void name() {
    int begin = at;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (!Character.isLetterOrDigit(c) && c != '_' && !(c >= '₀' && c <= '₉')) {
        break;
      }
      at += Character.charCount(c);
    }
    String name = text.substring(begin, at);
    boolean next = at < text.length() && PRIMES.indexOf(text.charAt(at)) >= 0;
    at += next ? 1 : 0;
    tokens.add(new Token(Kind.NAME, name, begin, at, next));
  }

  private void add(Kind kind, String token, int begin) {
    tokens.add(new Token(kind, token, begin, at, false));
  }
}

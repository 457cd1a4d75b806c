package io.carousel.notation;

import io.carousel.notation.Lexer.Kind;
import io.carousel.notation.Lexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place among the tokens of a text: what comes next, what must come, and what is said where it does not. */
final class Tokens {
  /** The words that open a line. */
  static final Set<String> WORDS = Set.of("cell", "input", "state", "param", "fixed", "init", "output");

  private final Source source;
  private final List<Token> tokens;
  private int place;

  Tokens(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
  }

  Token peek() {
    return tokens.get(place);
  }

  /** The token after the next one. */
  Token second() {
    return tokens.get(place + 1);
  }

  Token next() {
    return tokens.get(place++);
  }

  boolean accept(String symbol) {
    boolean here = peek().is(symbol);
    place += here ? 1 : 0;
    return here;
  }

  void expect(String symbol, String what) {
    if (!accept(symbol)) {
      throw unexpected("there must be " + symbol + " here, " + what);
    }
  }

  Token name(String what) {
    if (peek().kind() != Kind.NAME) {
      throw unexpected("there must be " + what + " here");
    }
    return next();
  }

  /** A name that is declared: without a prime, no word of the language and no function. */
  Token newName(String what) {
    Token token = name(what);
    if (token.next()) {
      throw source.error(token.at(), what + " has no prime; " + token.text() + "' is the next value of a state "
          + token.text());
    }
    if (WORDS.contains(token.text()) || Function.of(token.text()) != null) {
      throw source.error(token.at(), token.text() + " is "
          + (WORDS.contains(token.text()) ? "a word of the language" : "a function") + "; choose another name");
    }
    return token;
  }

  int whole(String what) {
    if (peek().kind() != Kind.NUMBER || !peek().text().matches("\\d{1,9}")) {
      throw unexpected("there must be " + what + " here");
    }
    return Integer.parseInt(next().text());
  }

  double number() {
    boolean negative = accept("-");
    if (peek().kind() != Kind.NUMBER) {
      throw unexpected("there must be a number here");
    }
    double value = Double.parseDouble(next().text());
    return negative ? -value : value;
  }

  /** One or several, with commas between them. */
  <T> List<T> list(Supplier<T> one) {
    List<T> all = new ArrayList<>();
    do {
      all.add(one.get());
    } while (accept(","));
    return List.copyOf(all);
  }

  /** One of some operators, if it comes next, or null; lines may end before and behind it. */
  @Nullable Token operator(String signs) {
    int here = place;
    skipLines();
    Token sign = peek();
    if (sign.kind() != Kind.SYMBOL || !signs.contains(sign.text())) {
      place = here;
      return null;
    }
    place++;
    skipLines();
    return sign;
  }

  void skipLines() {
    while (peek().kind() == Kind.LINE) {
      place++;
    }
  }

  /** True if a bracket opens here that has a colon, so that it is a part and not a list. */
  boolean isRange() {
    int depth = 0;
    for (int i = place; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.is("[") || token.is("(") ? 1 : token.is("]") || token.is(")") ? -1 : 0;
      if (depth == 0 || (depth == 1 && token.is(":"))) {
        return depth == 1;
      }
    }
    return false;
  }

  /** The bracket that belongs to an open one. */
  void close(String symbol, Token open) {
    int end = source.text().indexOf('\n', open.at());
    boolean sameLine = end < 0 || peek().at() <= end;
    if (!peek().is(symbol) && (!sameLine || peek().kind() == Kind.LINE)) {
      throw source.error(open.at(), "this " + open.text() + " has no " + symbol + "; close it");
    }
    expect(symbol, "the end of what began with " + open.text());
  }

  CellTextException unexpected(String rule) {
    int last = place;
    while (last > 0 && isEnd(last)) { // behind what was read last, not on a later line
      last--;
    }
    int at = last == place || isEnd(last) ? peek().at() : tokens.get(last).end();
    return source.error(at, rule + ", got " + peek().text());
  }

  private boolean isEnd(int i) {
    return tokens.get(i).kind() == Kind.LINE || tokens.get(i).kind() == Kind.END;
  }
}

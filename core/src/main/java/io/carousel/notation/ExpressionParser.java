package io.carousel.notation;

import io.carousel.notation.Lexer.Kind;
import io.carousel.notation.Lexer.Token;
import io.carousel.notation.Syntax.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * From tokens to the tree of an expression, a method for each line of the grammar, what holds loosest first.
 *
 * <pre>
 *   sum     = term {("+" | "−") term}
 *   term    = signed {("*" | "/") signed}
 *   signed  = "−" signed | product
 *   product = power {power}                                   side by side
 *   power   = part ["^" NUMBER]
 *   part    = atom {range}
 *   atom    = NUMBER | NAME | FUNCTION "(" sum {"," sum} ")" | "(" sum ")" | "[" sum {"," sum} "]"
 * </pre>
 */
final class ExpressionParser {
  private final Source source;
  private final Tokens tokens;
  private final HeadParser head;

  ExpressionParser(Source source, Tokens tokens, HeadParser head) {
    this.source = source;
    this.tokens = tokens;
    this.head = head;
  }

  Node sum() {
    return chain("+-", this::term);
  }

  private Node term() {
    return chain("*/", this::signed);
  }

  private Node chain(String signs, Supplier<Node> operand) {
    Node left = operand.get();
    for (Token sign = tokens.operator(signs); sign != null; sign = tokens.operator(signs)) {
      left = new Syntax.Operation(sign.at(), sign.text().charAt(0), left, operand.get());
    }
    return left;
  }

  private Node signed() {
    Token sign = tokens.peek();
    return tokens.accept("-") ? new Syntax.Negative(sign.at(), signed()) : product();
  }

  private Node product() {
    List<Node> factors = new ArrayList<>(List.of(power()));
    while (tokens.accept("@") || beginsAtom(tokens.peek())) {
      factors.add(power());
    }
    Node product = factors.removeLast();
    for (Node factor : factors.reversed()) {
      product = factor instanceof Syntax.Num number
          ? new Syntax.Operation(number.at(), '*', number, product)
          : new Syntax.Product(factor.at(), factor, product);
    }
    return product;
  }

  private static boolean beginsAtom(Token token) {
    return token.kind() == Kind.NAME || token.kind() == Kind.NUMBER || token.is("(") || token.is("[");
  }

  private Node power() {
    Node base = part();
    Token sign = tokens.peek();
    if (!tokens.accept("^")) {
      return base;
    }
    Token exponent = tokens.peek();
    int n = exponent.text().equals("T") ? 0 : tokens.whole("a whole number from 2 to 9");
    if (n < 2 || n > 9) {
      throw source.error(exponent.at(), "an exponent is a whole number from 2 to 9, got " + exponent.text()
          + "; use exp and log for others");
    }
    return new Syntax.Power(sign.at(), base, n);
  }

  private Node part() {
    Node of = atom();
    while (tokens.peek().is("[") && tokens.isRange()) {
      of = new Syntax.Part(tokens.peek().at(), of, head.range());
    }
    return of;
  }

  private Node atom() {
    Token token = tokens.peek();
    if (token.kind() == Kind.NUMBER) {
      return new Syntax.Num(token.at(), tokens.number());
    }
    if (token.kind() == Kind.NAME) {
      return named(tokens.next());
    }
    if (tokens.accept("(")) {
      Node inner = sum();
      tokens.close(")", token);
      return inner;
    }
    if (tokens.accept("[")) {
      List<Node> parts = tokens.list(this::sum);
      tokens.close("]", token);
      return new Syntax.Call(token.at(), Function.CONCAT, parts);
    }
    throw tokens.unexpected("there must be a number, a name or an expression in brackets here");
  }

  private Node named(Token token) {
    Function function = token.next() ? null : Function.of(token.text());
    if (function != null) {
      return call(token, function);
    }
    if (Tokens.WORDS.contains(token.text())) {
      throw source.error(token.at(), token.text() + " opens a line of its own and cannot stand here");
    }
    return new Syntax.Ref(token.at(), token.text(), token.next());
  }

  private Node call(Token word, Function function) {
    Token open = tokens.peek();
    if (!tokens.accept("(")) {
      throw source.error(word.at(), word.text() + " is a function: write " + word.text() + "(…)");
    }
    List<Node> args = tokens.list(this::sum);
    tokens.close(")", open);
    Function.Kind kind = function.kind;
    if (args.size() < kind.least || args.size() > kind.most) {
      throw source.error(word.at(), word.text() + " takes " + kind.arguments() + ", got " + args.size());
    }
    if (kind == Function.Kind.RANDOM && !(args.getLast() instanceof Syntax.Num rate && rate.value() < 1)) {
      throw source.error(args.getLast().at(), "the last argument of " + word.text()
          + " is the part that is dropped, a number from 0 to below 1");
    }
    return new Syntax.Call(word.at(), function, args);
  }
}

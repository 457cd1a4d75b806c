package io.carousel.notation;

import io.carousel.notation.Lexer.Kind;
import io.carousel.notation.Lexer.Token;
import io.carousel.notation.Syntax.Input;
import io.carousel.notation.Syntax.NamedSize;
import io.carousel.notation.Syntax.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The head of a cell, its inputs, and the sizes that they name, wherever these stand.
 *
 * <pre>
 *   cell  = "cell" NAME "(" named {"," named} ")"             named = NAME ["=" NUMBER]
 *   input = "input" NAME "[" size "]" {"," NAME "[" size "]"}
 *   shape = "[" size {"," size} "]"                           range = "[" [size] ":" [size] "]"
 *   size  = whole numbers and names of sizes with + − *, as 4H, H+F
 * </pre>
 */
final class HeadParser {
  @Nullable String name;
  final List<NamedSize> sizes = new ArrayList<>();
  final List<Input> inputs = new ArrayList<>();

  private final Source source;
  private final Tokens tokens;

  HeadParser(Source source, Tokens tokens) {
    this.source = source;
    this.tokens = tokens;
  }

  /** The first size, for examples in what errors say. */
  String first() {
    return sizes.getFirst().name();
  }

  void cell(Token word) {
    if (name != null) {
      throw source.error(word.at(), "this is the text of " + name + "; put another cell into a file of its own");
    }
    name = tokens.newName("the name of the cell").text();
    tokens.expect("(", "its size, as in cell " + name + "(H)");
    tokens.list(() -> sizes.add(named()));
    tokens.expect(")", "the end of the sizes");
  }

  private NamedSize named() {
    Token size = tokens.newName("the name of a size");
    if (!tokens.accept("=")) {
      if (!sizes.isEmpty()) {
        throw source.error(size.at(), "only the first size is chosen by who uses the cell; give " + size.text()
            + " a number, for example " + size.text() + " = 4");
      }
      return new NamedSize(size.at(), size.text(), null);
    }
    int at = tokens.peek().at();
    int number = tokens.whole("the number that " + size.text() + " is");
    if (number < 1) {
      throw source.error(at, size.text() + " must be at least 1, got " + number);
    }
    return new NamedSize(size.at(), size.text(), number);
  }

  Input input() {
    Token x = tokens.newName("the name of the input");
    List<Size> shape = shape(true);
    if (shape.size() != 1) {
      throw source.error(x.at(), x.text() + " must have one size, as " + x.text() + "[F], got " + Size.text(shape));
    }
    Input input = new Input(x.at(), x.text(), shape.getFirst());
    inputs.add(input);
    checkOpen(x, shape.getFirst());
    return input;
  }

  /** The inputs' sizes have one name at most that is not in the head, and follow from it. */
  private void checkOpen(Token input, Size size) {
    Set<String> open = new TreeSet<>();
    inputs.forEach(each -> open.addAll(each.size().names()));
    sizes.forEach(each -> open.remove(each.name()));
    if (open.size() > 1) {
      throw source.error(input.at(), "one size alone can follow from the data, here there are "
          + String.join(" and ", open) + "; give one a number in the head, as in cell " + name + "(" + first() + ", "
          + size.names().getLast() + " = 4)");
    }
    if (open.stream().anyMatch(each -> size.degree(each) > 1)) {
      throw source.error(input.at(), "a size that follows from the data is multiplied by others alone, got " + size);
    }
  }

  // ---- sizes -------------------------------------------------------------------------------

  List<Size> shape() {
    return shape(false);
  }

  private List<Size> shape(boolean ofInput) {
    tokens.expect("[", "a shape");
    List<Size> shape = tokens.list(() -> size(ofInput));
    tokens.expect("]", "the end of the shape");
    return shape;
  }

  Range range() {
    tokens.expect("[", "a part");
    Size from = tokens.peek().is(":") ? null : size(false);
    tokens.expect(":", "a part, as in [0:H]");
    Size to = tokens.peek().is("]") ? null : size(false);
    tokens.expect("]", "the end of the part");
    return new Range(from, to);
  }

  private Size size(boolean ofInput) {
    Size sum = product(ofInput);
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      boolean plus = tokens.next().is("+");
      Size next = product(ofInput);
      sum = plus ? sum.plus(next) : sum.minus(next);
    }
    return sum;
  }

  private Size product(boolean ofInput) {
    Size product = factor(ofInput);
    while (tokens.peek().is("*") || tokens.peek().kind() == Kind.NAME || tokens.peek().kind() == Kind.NUMBER) {
      tokens.accept("*");
      product = product.times(factor(ofInput));
    }
    return product;
  }

  /** A number or the name of a size; the size of the input has any name: that of its declaration, else F. */
  private Size factor(boolean ofInput) {
    Token token = tokens.peek();
    if (token.kind() == Kind.NUMBER) {
      return Size.of(tokens.whole("a whole number"));
    }
    if (token.kind() != Kind.NAME || token.next()) {
      throw tokens.unexpected("a size is made of whole numbers and names of sizes, as H, 4H or H+F");
    }
    boolean known = ofInput || sizes.stream().anyMatch(size -> size.name().equals(token.text()))
        || (inputs.isEmpty() ? token.text().equals("F")
            : inputs.stream().anyMatch(input -> input.size().mentions(token.text())));
    if (!known) {
      throw source.error(token.at(), token.text() + " is no size; the sizes are "
          + String.join(", ", sizes.stream().map(NamedSize::name).toList()) + " and "
          + (inputs.isEmpty() ? "F" : inputs.getFirst().size()) + ", that of the input"
          + "; add it to the head, as in cell " + name + "(" + first() + ", " + token.text() + " = 4)");
    }
    return Size.of(tokens.next().text());
  }
}

package io.carousel.notation;

import io.carousel.notation.Lexer.Kind;
import io.carousel.notation.Lexer.Token;
import io.carousel.notation.Syntax.Equation;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From tokens to a tree.
 *
 * <pre>
 *   cell       = "cell" NAME "(" size {"," size} ")"          size = NAME ["=" NUMBER]
 *   line       = "input" NAME "[" extent "]" {"," NAME "[" extent "]"}
 *              | "state" state {"," state}                    state = NAME shape ["=" number]
 *              | ("param" | "fixed") NAME [shape] {"," NAME [shape]}
 *              | "init" what {"," what} "=" start             what = NAME [slice]
 *              | "output" sum
 *              | NAME {"," NAME} "=" sum
 *   sum        = term {("+" | "−") term}
 *   term       = signed {("*" | "/") signed}
 *   signed     = "−" signed | product
 *   product    = power {power}                                side by side
 *   power      = part ["^" NUMBER]
 *   part       = atom {slice}                                 slice = "[" [extent] ":" [extent] "]"
 *   shape      = "[" extent {"," extent} "]"
 *   atom       = NUMBER | NAME | FUNCTION "(" sum {"," sum} ")" | "(" sum ")" | "[" sum {"," sum} "]"
 *   extent     = whole numbers and sizes with + − *, as 4H, H+F
 * </pre>
 */
final class Parser {
  static final Set<String> WORDS = Set.of("cell", "input", "state", "param", "fixed", "init", "output");
  private static final List<String> STARTS =
      List.of("zeros", "ones", "glorot", "orthogonal", "identity", "uniform", "normal");

  private final Source source;
  private final List<Token> tokens;
  private int place;

  private @Nullable String name;
  private final List<Syntax.NamedSize> sizes = new ArrayList<>();
  private final List<Syntax.Input> inputs = new ArrayList<>();
  private final List<Syntax.State> states = new ArrayList<>();
  private final List<Syntax.Param> params = new ArrayList<>();
  private final List<Syntax.Init> inits = new ArrayList<>();
  private final List<Equation> equations = new ArrayList<>();
  private @Nullable Node output;

  private Parser(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
  }

  static Syntax parse(Source source) {
    return new Parser(source).whole();
  }

  private Syntax whole() {
    while (peek().kind() != Kind.END) {
      if (peek().kind() == Kind.LINE) {
        place++;
      } else {
        line();
        if (peek().kind() != Kind.LINE) {
          throw unexpected("the line must end here");
        }
      }
    }
    if (name == null) {
      throw source.error(0, "a cell begins with its name and its size, for example cell Mine(H), got "
          + (source.text().isBlank() ? "an empty text" : "none"));
    }
    for (Syntax.NamedSize size : sizes) {
      if (inputs.isEmpty() && size.name().equals("F")) {
        throw source.error(size.at(), "F is the size of the input x; choose another name, or say input x[F]");
      }
    }
    if (states.isEmpty()) {
      throw source.error(peek().at(), name + " has no state; add what is carried from step to step, for example"
          + " state h[" + sizes.getFirst().name() + "]");
    }
    return new Syntax(
        source, name, List.copyOf(sizes),
        inputs.isEmpty() ? List.of(new Syntax.Input(0, "x", Size.of("F"))) : List.copyOf(inputs), List.copyOf(states),
        List.copyOf(params), List.copyOf(inits), List.copyOf(equations), output);
  }

  // ---- lines -------------------------------------------------------------------------------

  private void line() {
    Token first = peek();
    if (first.kind() != Kind.NAME) {
      throw unexpected("a line begins with a name or one of cell, input, state, param, fixed, init, output");
    }
    boolean word = WORDS.contains(first.text()) && !first.next();
    if (word && tokens.get(place + 1).is("=")) {
      throw source.error(first.at(), first.text() + " opens a line of its own and cannot be a name; "
          + (first.text().equals("output") ? "write output without =" : "choose another name"));
    }
    if (name == null && !(word && first.text().equals("cell"))) {
      throw source.error(first.at(), "a cell begins with its name and its size, for example cell Mine(H), got "
          + first.text());
    }
    if (!word) {
      equation();
      return;
    }
    place++;
    switch (first.text()) {
      case "cell" -> head(first);
      case "input" -> input(first);
      case "state" -> list(this::state);
      case "param" -> list(() -> param(false));
      case "fixed" -> list(() -> param(true));
      case "init" -> init();
      default -> {
        if (output != null) {
          throw source.error(first.at(), "there is an output already; a cell has one, concat(a, b) joins two");
        }
        output = sum();
      }
    }
  }

  private void head(Token word) {
    if (name != null) {
      throw source.error(word.at(), "this is the text of " + name + "; put another cell into a file of its own");
    }
    name = plainName("the name of the cell").text();
    expect("(", "its size, as in cell " + name + "(H)");
    list(() -> {
      Token size = plainName("the name of a size");
      Integer number = null;
      if (accept("=")) {
        number = whole("the number that " + size.text() + " is");
        if (number < 1) {
          throw source.error(tokens.get(place - 1).at(), size.text() + " must be at least 1, got " + number);
        }
      } else if (!sizes.isEmpty()) {
        throw source.error(size.at(), "only the first size is chosen by who uses the cell; give " + size.text()
            + " a number, for example " + size.text() + " = 4");
      }
      sizes.add(new Syntax.NamedSize(size.at(), size.text(), number));
    });
    expect(")", "the end of the sizes");
  }

  private void input(Token word) {
    if (!inputs.isEmpty()) {
      throw source.error(word.at(), "there is an input already; all stand in one line, as in input x[F], m[F]");
    }
    if (!states.isEmpty() || !params.isEmpty() || !equations.isEmpty()) {
      throw source.error(word.at(), "the input stands right below the head, before what uses its size");
    }
    list(() -> {
      Token x = plainName("the name of the input");
      List<Size> shape = shape();
      if (shape.size() != 1) {
        throw source.error(x.at(), x.text() + " must have one size, as " + x.text() + "[F], got " + Size.text(shape));
      }
      inputs.add(new Syntax.Input(x.at(), x.text(), shape.getFirst()));
      checkOpen(x, shape.getFirst());
    });
  }

  /** The inputs' sizes have one name at most that is not in the head, and follow from it. */
  private void checkOpen(Token input, Size size) {
    Set<String> open = new TreeSet<>();
    inputs.forEach(each -> open.addAll(each.size().names()));
    sizes.forEach(each -> open.remove(each.name()));
    if (open.size() > 1) {
      throw source.error(input.at(), "one size alone can follow from the data, here there are " + String.join(" and ", open)
          + "; give one a number in the head, as in cell " + name + "(" + sizes.getFirst().name() + ", "
          + size.names().getLast() + " = 4)");
    }
    boolean often = size.terms().keySet().stream()
        .anyMatch(product -> open.stream().anyMatch(each -> List.of(product.split(" ", -1)).indexOf(each)
            != List.of(product.split(" ", -1)).lastIndexOf(each)));
    if (often) {
      throw source.error(input.at(), "a size that follows from the data is multiplied by others alone, got " + size);
    }
  }

  private void state() {
    Token state = plainName("the name of a state");
    if (!peek().is("[")) {
      throw source.error(state.at(), "the state " + state.text() + " needs its size, for example " + state.text() + "["
          + sizes.getFirst().name() + "]");
    }
    List<Size> shape = shape();
    if (shape.size() > 3) {
      throw source.error(state.at(), "a state has one size, two or three, got " + Size.text(shape));
    }
    double initial = accept("=") ? number() : 0;
    states.add(new Syntax.State(state.at(), state.text(), shape, initial));
  }

  private void param(boolean fixed) {
    Token param = plainName("the name of a parameter");
    List<Size> shape = peek().is("[") ? shape() : null;
    if (shape != null && shape.size() > 2) {
      throw source.error(param.at(), "a parameter is a vector [n] or a matrix [from, to], got " + Size.text(shape));
    }
    params.add(new Syntax.Param(param.at(), param.text(), shape, fixed));
  }

  private void init() {
    List<Syntax.Init> what = new ArrayList<>();
    list(() -> {
      Token param = plainName("the name of a parameter");
      Size[] part = peek().is("[") ? slice() : null;
      what.add(new Syntax.Init(
          param.at(), param.text(), part == null ? null : part[0], part == null ? null : part[1], part != null,
          new Syntax.Start(0, "zeros", 0, 0)));
    });
    expect("=", "how it begins, as in init b_f = 1");
    Syntax.Start start = start();
    for (Syntax.Init each : what) {
      inits.add(new Syntax.Init(each.at(), each.name(), each.from(), each.to(), each.part(), start));
    }
  }

  private Syntax.Start start() {
    Token first = peek();
    if (first.kind() != Kind.NAME) {
      return new Syntax.Start(first.at(), "constant", 0, number());
    }
    place++;
    if (!STARTS.contains(first.text())) {
      throw source.error(first.at(), "nothing begins as " + first.text() + "; write a number or one of "
          + String.join(", ", STARTS));
    }
    boolean scaled = first.text().equals("uniform") || first.text().equals("normal");
    double low = 0;
    double number = 0;
    if (scaled) {
      expect("(", "its width, as in " + first.text() + "(0.1)");
      number = number();
      low = -number;
      if (first.text().equals("uniform") && accept(",")) {
        low = number;
        number = number();
      }
      expect(")", "the end of its width");
    }
    return new Syntax.Start(first.at(), first.text(), low, number);
  }

  private void equation() {
    List<Ref> targets = new ArrayList<>();
    int begin = peek().at();
    list(() -> {
      Token target = expectName("the name of what is computed");
      targets.add(new Ref(target.at(), target.text(), target.next()));
    });
    if (!peek().is("=")) {
      throw unexpected("an equation is a name, = and an expression");
    }
    place++;
    Node right = sum();
    boolean split = right instanceof Syntax.Call call && call.function() == Function.SPLIT;
    if (targets.size() > 1 && !split) {
      throw source.error(right.at(), "several names on the left take equal parts of a split: write "
          + targets.getFirst() + ", " + targets.get(1) + " = split(…)");
    }
    if (targets.size() == 1 && split) {
      throw source.error(right.at(), "split gives several parts; put several names on the left, as in i, f = split(…)");
    }
    equations.add(new Equation(begin, targets, right));
  }

  // ---- expressions -------------------------------------------------------------------------

  private Node sum() {
    Node left = term();
    while (true) {
      int here = place;
      skipLineBeforeOperator();
      Token sign = peek();
      if (!sign.is("+") && !sign.is("-")) {
        place = here;
        return left;
      }
      place++;
      skipLines();
      left = new Syntax.Operation(sign.at(), sign.text().charAt(0), left, term());
    }
  }

  private Node term() {
    Node left = signed();
    while (true) {
      int here = place;
      skipLineBeforeOperator();
      Token sign = peek();
      if (!sign.is("*") && !sign.is("/")) {
        place = here;
        return left;
      }
      place++;
      skipLines();
      left = new Syntax.Operation(sign.at(), sign.text().charAt(0), left, signed());
    }
  }

  private Node signed() {
    Token sign = peek();
    if (sign.is("-")) {
      place++;
      return new Syntax.Negative(sign.at(), signed());
    }
    return product();
  }

  private Node product() {
    List<Node> factors = new ArrayList<>(List.of(power()));
    while (beginsAtom(peek()) || peek().is("@")) {
      if (peek().is("@")) {
        place++;
      }
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
    if (!peek().is("^")) {
      return base;
    }
    int at = peek().at();
    place++;
    Token exponent = peek();
    int n = exponent.text().equals("T") ? 0 : whole("a whole number from 2 to 9");
    if (n < 2 || n > 9) {
      throw source.error(exponent.at(), "an exponent is a whole number from 2 to 9, got " + exponent.text()
          + "; use exp and log for others");
    }
    return new Syntax.Power(at, base, n);
  }

  private Node part() {
    Node of = atom();
    while (peek().is("[") && isSlice()) {
      int at = peek().at();
      Size[] part = slice();
      of = new Syntax.Part(at, of, part[0], part[1]);
    }
    return of;
  }

  /** True if the bracket here has a colon, so that it is a part and not a list. */
  private boolean isSlice() {
    int depth = 0;
    for (int i = place; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      depth += token.is("[") || token.is("(") ? 1 : token.is("]") || token.is(")") ? -1 : 0;
      if (depth == 1 && token.is(":")) {
        return true;
      }
      if (depth == 0) {
        return false;
      }
    }
    return false;
  }

  private Node atom() {
    Token token = peek();
    switch (token.kind()) {
      case NUMBER -> {
        place++;
        return new Syntax.Num(token.at(), Double.parseDouble(token.text()));
      }
      case NAME -> {
        place++;
        Function function = token.next() ? null : Function.of(token.text());
        if (function != null) {
          return call(token, function);
        }
        if (WORDS.contains(token.text())) {
          throw source.error(token.at(), token.text() + " opens a line of its own and cannot stand here");
        }
        return new Ref(token.at(), token.text(), token.next());
      }
      default -> {
        if (accept("(")) {
          Node inner = sum();
          close(")", token);
          return inner;
        }
        if (accept("[")) {
          List<Node> parts = sums();
          close("]", token);
          return new Syntax.Call(token.at(), Function.CONCAT, parts);
        }
        throw unexpected("there must be a number, a name or an expression in brackets here");
      }
    }
  }

  private Node call(Token word, Function function) {
    if (!peek().is("(")) {
      throw source.error(word.at(), word.text() + " is a function: write " + word.text() + "(…)");
    }
    Token open = peek();
    place++;
    List<Node> args = sums();
    close(")", open);
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

  private List<Node> sums() {
    List<Node> sums = new ArrayList<>();
    list(() -> sums.add(sum()));
    return List.copyOf(sums);
  }

  // ---- sizes -------------------------------------------------------------------------------

  private List<Size> shape() {
    expect("[", "a shape");
    List<Size> shape = new ArrayList<>();
    list(() -> shape.add(extent()));
    expect("]", "the end of the shape");
    return List.copyOf(shape);
  }

  /** From and to, either of which may be missing. */
  private Size[] slice() {
    expect("[", "a part");
    Size from = peek().is(":") ? null : extent();
    expect(":", "a part, as in [0:H]");
    Size to = peek().is("]") ? null : extent();
    expect("]", "the end of the part");
    @SuppressWarnings("NullAway") // what is not said is null
    Size[] part = {from, to};
    return part;
  }

  private Size extent() {
    Size sum = extentTerm();
    while (peek().is("+") || peek().is("-")) {
      boolean plus = accept("+");
      place += plus ? 0 : 1;
      Size next = extentTerm();
      sum = plus ? sum.plus(next) : sum.minus(next);
    }
    return sum;
  }

  private Size extentTerm() {
    Size product = extentFactor();
    while (peek().is("*") || peek().kind() == Kind.NAME || peek().kind() == Kind.NUMBER) {
      accept("*");
      product = product.times(extentFactor());
    }
    return product;
  }

  private Size extentFactor() {
    Token token = peek();
    if (token.kind() == Kind.NUMBER) {
      return Size.of(whole("a whole number"));
    }
    if (token.kind() != Kind.NAME || token.next()) {
      throw unexpected("a size is made of whole numbers and names of sizes, as H, 4H or H+F");
    }
    boolean known = sizes.stream().anyMatch(size -> size.name().equals(token.text()));
    // The size of the input has any name: the one in its declaration, which comes before, else F.
    boolean ofInput = isInputLine() || (inputs.isEmpty() ? token.text().equals("F")
        : inputs.stream().anyMatch(input -> input.size().mentions(token.text())));
    if (!known && !ofInput) {
      throw source.error(token.at(), token.text() + " is no size; the sizes are "
          + String.join(", ", sizes.stream().map(Syntax.NamedSize::name).toList()) + " and "
          + (inputs.isEmpty() ? "F" : inputs.getFirst().size()) + ", that of the input"
          + "; add it to the head, as in cell " + name + "(" + sizes.getFirst().name() + ", " + token.text() + " = 4)");
    }
    place++;
    return Size.of(token.text());
  }

  private boolean isInputLine() {
    int i = place;
    while (i > 0 && tokens.get(i - 1).kind() != Kind.LINE) {
      i--;
    }
    return tokens.get(i).text().equals("input");
  }

  // ---- tokens ------------------------------------------------------------------------------

  private Token peek() {
    return tokens.get(place);
  }

  private boolean accept(String symbol) {
    if (peek().is(symbol)) {
      place++;
      return true;
    }
    return false;
  }

  private void expect(String symbol, String what) {
    if (!accept(symbol)) {
      throw unexpected("there must be " + symbol + " here, " + what);
    }
  }

  private Token expectName(String what) {
    Token token = peek();
    if (token.kind() != Kind.NAME) {
      throw unexpected("there must be " + what + " here");
    }
    place++;
    return token;
  }

  /** A name that is declared: without a prime, no word of the language and no function. */
  private Token plainName(String what) {
    Token token = expectName(what);
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

  private int whole(String what) {
    Token token = peek();
    if (token.kind() != Kind.NUMBER || !token.text().matches("\\d{1,9}")) {
      throw unexpected("there must be " + what + " here");
    }
    place++;
    return Integer.parseInt(token.text());
  }

  private double number() {
    boolean negative = accept("-");
    Token token = peek();
    if (token.kind() != Kind.NUMBER) {
      throw unexpected("there must be a number here");
    }
    place++;
    double value = Double.parseDouble(token.text());
    return negative ? -value : value;
  }

  /** One or several, with commas between them. */
  private void list(Runnable one) {
    do {
      one.run();
    } while (accept(","));
  }

  private void skipLines() {
    while (peek().kind() == Kind.LINE) {
      place++;
    }
  }

  /** An expression goes on in the next line if that begins with an operator. */
  private void skipLineBeforeOperator() {
    int here = place;
    skipLines();
    Token token = peek();
    if (!token.is("+") && !token.is("-") && !token.is("*") && !token.is("/")) {
      place = here;
    }
  }

  /** The bracket that belongs to an open one. */
  private void close(String symbol, Token open) {
    boolean sameLine = source.text().indexOf('\n', open.at()) < 0
        || peek().at() <= source.text().indexOf('\n', open.at());
    if (!peek().is(symbol) && (!sameLine || peek().kind() == Kind.LINE)) {
      throw source.error(open.at(), "this " + open.text() + " has no " + symbol + "; close it");
    }
    expect(symbol, "the end of what began with " + open.text());
  }

  private CellTextException unexpected(String rule) {
    Token found = peek();
    int at = found.at();
    if (found.kind() == Kind.LINE || found.kind() == Kind.END) { // behind what was read last, not on a later line
      int last = place;
      while (last > 0 && (tokens.get(last).kind() == Kind.LINE || tokens.get(last).kind() == Kind.END)) {
        last--;
      }
      at = last == 0 ? at : tokens.get(last).end();
    }
    return source.error(at, rule + ", got " + found.text());
  }
}

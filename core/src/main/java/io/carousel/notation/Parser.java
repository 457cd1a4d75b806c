package io.carousel.notation;

import io.carousel.notation.Lexer.Kind;
import io.carousel.notation.Lexer.Token;
import io.carousel.notation.Syntax.Equation;
import io.carousel.notation.Syntax.Init;
import io.carousel.notation.Syntax.Input;
import io.carousel.notation.Syntax.Node;
import io.carousel.notation.Syntax.Param;
import io.carousel.notation.Syntax.Ref;
import io.carousel.notation.Syntax.Start;
import io.carousel.notation.Syntax.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From tokens to the tree of a cell, line by line; {@link HeadParser} has the grammar of the head and of sizes, {@link
 * ExpressionParser} that of what stands on the right.
 *
 * <pre>
 *   line  = cell | input
 *         | "state" state {"," state}                         state = NAME shape ["=" number]
 *         | ("param" | "fixed") param {"," param}             param = NAME [shape]
 *         | "init" what {"," what} "=" start                  what  = NAME [range]
 *         | "output" sum                                      start = number
 *         | NAME {"," NAME} "=" sum                                 | ["−"] NAME ["(" number {"," number} ")"]
 * </pre>
 */
final class Parser {
  private final Source source;
  private final Tokens tokens;
  private final HeadParser head;
  private final ExpressionParser expressions;
  private final List<State> states = new ArrayList<>();
  private final List<Param> params = new ArrayList<>();
  private final List<Init> inits = new ArrayList<>();
  private final List<Equation> equations = new ArrayList<>();
  private @Nullable Node output;

  private Parser(Source source) {
    this.source = source;
    this.tokens = new Tokens(source);
    this.head = new HeadParser(source, tokens);
    this.expressions = new ExpressionParser(source, tokens, head);
  }

  static Syntax parse(Source source) {
    return new Parser(source).whole();
  }

  private Syntax whole() {
    for (tokens.skipLines(); tokens.peek().kind() != Kind.END; tokens.skipLines()) {
      line();
      if (tokens.peek().kind() != Kind.LINE) {
        throw tokens.unexpected("the line must end here");
      }
    }
    String name = head.name;
    if (name == null) {
      throw noHead(0, source.text().isBlank() ? "an empty text" : "none");
    }
    for (Syntax.NamedSize size : head.sizes) {
      if (head.inputs.isEmpty() && size.name().equals("F")) {
        throw source.error(size.at(), "F is the size of the input x; choose another name, or say input x[F]");
      }
    }
    if (states.isEmpty()) {
      throw source.error(tokens.peek().at(), name + " has no state; add what is carried from step to step, for example"
          + " state h[" + head.first() + "]");
    }
    List<Input> inputs = head.inputs.isEmpty() ? List.of(new Input(0, "x", Size.of("F"))) : head.inputs;
    return new Syntax(
        source, name, List.copyOf(head.sizes), List.copyOf(inputs), List.copyOf(states), List.copyOf(params),
        List.copyOf(inits), List.copyOf(equations), output);
  }

  private CellTextException noHead(int at, String got) {
    return source.error(at, "a cell begins with its name and its size, for example cell Mine(H), got " + got);
  }

  private void line() {
    Token first = tokens.peek();
    if (first.kind() != Kind.NAME) {
      throw tokens.unexpected("a line begins with a name or one of cell, input, state, param, fixed, init, output");
    }
    boolean word = Tokens.WORDS.contains(first.text()) && !first.next();
    if (word && tokens.second().is("=")) {
      throw source.error(first.at(), first.text() + " opens a line of its own and cannot be a name; "
          + (first.text().equals("output") ? "write output without =" : "choose another name"));
    }
    if (head.name == null && !(word && first.text().equals("cell"))) {
      throw noHead(first.at(), first.text());
    }
    if (!word) {
      equations.add(equation());
      return;
    }
    tokens.next();
    switch (first.text()) {
      case "cell" -> head.cell(first);
      case "input" -> inputs(first);
      case "state" -> states.addAll(tokens.list(this::state));
      case "param" -> params.addAll(tokens.list(() -> param(false)));
      case "fixed" -> params.addAll(tokens.list(() -> param(true)));
      case "init" -> inits();
      default -> {
        if (output != null) {
          throw source.error(first.at(), "there is an output already; a cell has one, concat(a, b) joins two");
        }
        output = expressions.sum();
      }
    }
  }

  private void inputs(Token word) {
    if (!head.inputs.isEmpty()) {
      throw source.error(word.at(), "there is an input already; all stand in one line, as in input x[F], m[F]");
    }
    if (!states.isEmpty() || !params.isEmpty() || !equations.isEmpty()) {
      throw source.error(word.at(), "the input stands right below the head, before what uses its size");
    }
    tokens.list(head::input);
  }

  private State state() {
    Token state = tokens.newName("the name of a state");
    if (!tokens.peek().is("[")) {
      throw source.error(state.at(), "the state " + state.text() + " needs its size, for example " + state.text() + "["
          + head.first() + "]");
    }
    List<Size> shape = head.shape();
    if (shape.size() > 3) {
      throw source.error(state.at(), "a state has one size, two or three, got " + Size.text(shape));
    }
    return new State(state.at(), state.text(), shape, tokens.accept("=") ? tokens.number() : 0);
  }

  private Param param(boolean fixed) {
    Token param = tokens.newName("the name of a parameter");
    List<Size> shape = tokens.peek().is("[") ? head.shape() : null;
    if (shape != null && shape.size() > 2) {
      throw source.error(param.at(), "a parameter is a vector [n] or a matrix [from, to], got " + Size.text(shape));
    }
    return new Param(param.at(), param.text(), shape, fixed);
  }

  private void inits() {
    List<java.util.function.Function<Start, Init>> what = tokens.list(() -> {
      Token param = tokens.newName("the name of a parameter");
      Syntax.Range range = tokens.peek().is("[") ? head.range() : null;
      return start -> new Init(param.at(), param.text(), range, start);
    });
    tokens.expect("=", "how it begins, as in init b_f = 1");
    Start start = start();
    what.forEach(each -> inits.add(each.apply(start)));
  }

  private Start start() {
    Token first = tokens.peek();
    boolean negative = first.is("-") && tokens.second().kind() == Kind.NAME && tokens.accept("-");
    if (tokens.peek().kind() != Kind.NAME) {
      return Starts.number(first.at(), tokens.number());
    }
    Token word = tokens.next();
    List<Double> numbers = List.of();
    if (tokens.accept("(")) {
      numbers = tokens.list(tokens::number);
      tokens.expect(")", "the end of its numbers");
    }
    return Starts.named(source, word, numbers, negative);
  }

  private Equation equation() {
    int begin = tokens.peek().at();
    List<Ref> targets = tokens.list(() -> {
      Token target = tokens.name("the name of what is computed");
      return new Ref(target.at(), target.text(), target.next());
    });
    if (!tokens.accept("=")) {
      throw tokens.unexpected("an equation is a name, = and an expression");
    }
    Node right = expressions.sum();
    boolean split = right instanceof Syntax.Call call && call.function() == Function.SPLIT;
    if (targets.size() > 1 && !split) {
      throw source.error(right.at(), "several names on the left take equal parts of a split: write "
          + targets.getFirst() + ", " + targets.get(1) + " = split(…)");
    }
    if (targets.size() == 1 && split) {
      throw source.error(
          right.at(), "split gives several parts; put several names on the left, as in i, f = split(…)");
    }
    return new Equation(begin, targets, right);
  }
}

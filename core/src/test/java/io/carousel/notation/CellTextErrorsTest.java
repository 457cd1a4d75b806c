package io.carousel.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of error in a cell's text: where it is, what is wrong, and what would be right. */
class CellTextErrorsTest {
  /** A text in which » stands before the place that the error points to, and how the error begins. */
  record Wrong(String text, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static Wrong whole(String text, String message) {
    return new Wrong(text, message);
  }

  /** An equation of a cell with states h and c, an input x and an equation i. */
  private static Wrong line(String line, String message) {
    return new Wrong(
        "cell A(H, K = 2)\nstate h[H], c[H]\ni = sigmoid(W x + U h)\nh' = i * c\n" + line + "\n", message);
  }

  static List<Wrong> wrongs() {
    return List.of(
        // Signs and lines.
        line("c' = i »$ h", "nothing is written with $; a comment begins with #"),
        line("c' = (i + h)»'", "nothing is written with ' but the next value of a state, right after its name: c'"),
        line("»= i", "a line begins with a name or one of cell, input, state, param, fixed, init, output, got ="),
        line("c' »+ i", "an equation is a name, = and an expression, got +"),
        line("c' = »(i + h", "this ( has no ); close it"),
        line("c' = tanh»(i + h\ng = i", "this ( has no ); close it"),
        line("c' = [i, h»)", "there must be ] here, the end of what began with [, got )"),
        line("c' = i *»", "there must be a number, a name or an expression in brackets here, got the end of the text"),
        line("c' = i »= h", "the line must end here, got ="),
        line("c' = i + »state", "state opens a line of its own and cannot stand here"),
        line("»output = i", "output opens a line of its own and cannot be a name; write output without ="),
        line("»init = i", "init opens a line of its own and cannot be a name; choose another name"),
        // The head and declarations.
        whole("»", "a cell begins with its name and its size, for example cell Mine(H), got an empty text"),
        whole("»# nothing\n", "a cell begins with its name and its size, for example cell Mine(H), got none"),
        whole("»state h[H]", "a cell begins with its name and its size, for example cell Mine(H), got state"),
        whole("cell »(H)", "there must be the name of the cell here, got ("),
        whole("cell A»\n", "there must be ( here, its size, as in cell A(H), got the end of the line"),
        whole("cell A(H, »K)", "only the first size is chosen by who uses the cell; give K a number, for example K = 4"),
        whole("cell A(H, K = »0)", "K must be at least 1, got 0"),
        whole("cell A(H, K = »x)", "there must be the number that K is here, got x"),
        whole("cell A(H, »H = 3)\nstate h[H]\nh' = h", "H is a size already; choose another name for a size"),
        whole("cell A(»F)\nstate h[F]\nh' = h",
            "F is the size of the input x; choose another name, or say input x[F]"),
        whole("cell A(»sigmoid)", "sigmoid is a function; choose another name"),
        whole("cell A(»H')", "the name of a size has no prime; H' is the next value of a state H"),
        whole("cell A(H)\n»", "A has no state; add what is carried from step to step, for example state h[H]"),
        line("»cell B(H)", "this is the text of A; put another cell into a file of its own"),
        line("»input u[F]", "the input stands right below the head, before what uses its size"),
        whole("cell A(H)\ninput x[F]\n»input u[F]", "there is an input already; all stand in one line, as in input x[F], m[F]"),
        whole("cell A(H)\ninput »x[F,H]", "x must have one size, as x[F], got [F,H]"),
        line("state »s", "the state s needs its size, for example s[H]"),
        line("state »s[H,H,H,H]", "a state has one size, two or three, got [H,H,H,H]"),
        line("state s[»M]", "M is no size; the sizes are H, K and F, that of the input; add it to the head, as in cell"
            + " A(H, M = 4)"),
        line("state s[»*]", "a size is made of whole numbers and names of sizes, as H, 4H or H+F, got *"),
        line("state s[H] = »x", "there must be a number here, got x"),
        line("state »h[H]", "h is a state already; choose another name for a state"),
        line("state »tanh[H]", "tanh is a function; choose another name"),
        line("state »s'[H]", "the name of a state has no prime; s' is the next value of a state s"),
        line("param »x", "x is an input already; choose another name for a parameter"),
        line("param »w[H,H,H]", "a parameter is a vector [n] or a matrix [from, to], got [H,H,H]"),
        line("param »q\nc' = i", "the parameter q is used nowhere; use it, or remove it"),
        // How parameters begin.
        line("init »V = 1\nc' = i", "V is no parameter of this cell; did you mean W?"),
        line("init »slope = 1\nc' = i", "slope is no parameter of this cell; they are W, U"),
        line("init W = »best", "nothing begins as best; write a number or one of zeros, ones, constant, identity, uniform,"),
        line("init W = »ortogonal", "nothing begins as ortogonal; did you mean orthogonal?"),
        line("init W = »uniform", "uniform: takes 1 or 2 numbers in brackets, got 0"),
        line("init W = »zeros(1)", "zeros: takes 0 numbers in brackets, got 1"),
        line("init W = uniform(1»", "there must be ) here, the end of its numbers, got the end of the line"),
        line("init W = -»[", "there must be a number here, got ["),
        line("c' = i + b\ninit b = »chrono(1)", "chrono: must be of at least 2 steps, got 1"),
        line("c' = i + b\ninit b = »gate(1, 4, 4)",
            "gate: a gate must have a number from 0 to below that of all gates, got 4 of 4"),
        line("c' = i + b\ninit b[1:6] = »gate(1, 1, 3)",
            "gate: a bias of 3 gates must have a multiple of 3 numbers, got [5]"),
        line("c' = i\ninit W = -»chrono(100)", "chrono is for vectors, W is a matrix; use uniform(0.1) or a number"),
        line("init W = »[", "there must be a number here, got ["),
        line("init W[»]", "a size is made of whole numbers and names of sizes, as H, 4H or H+F, got ]"),
        line("c' = i + b\ninit b = »glorot", "glorot is for matrices, b is a vector; use uniform(0.1) or a number"),
        line("c' = i + b\ninit b[0:1] = »orthogonal", "orthogonal is for matrices, b is a vector;"),
        line("c' = i\ninit »W[0:2H] = 1", "a part must lie within its parameter, got [0:16] of [8] where {H=8, K=2, F=5}"),
        // Names.
        line("c' = i * »g * tanh(h)", "c' uses g, which is not defined; did you mean i?"),
        line("c' = i * »input_gate", "c' uses input_gate, which is not defined; add an equation input_gate = …, or"
            + " declare param input_gate[H]"),
        line("c' = i * »h_t", "c' uses h_t, which is not defined; write h for the value before the step, h' for the"
            + " one after it"),
        line("c' = »sigmod(i)", "c' uses sigmod, which is no function; did you mean sigmoid?"),
        line("c' = »squash(i)", "c' uses squash, which is no function; there are sigmoid, tanh, relu, exp,"),
        line("c' = »w x", "c' uses w, which is not defined; a weight matrix begins with a capital, as W, and element"
            + " by element is written with *"),
        line("c' = i + »V", "c' uses V, which is not defined; a weight matrix stands before what it multiplies, as in"
            + " V h; for a vector of numbers write p_V, or declare param V[H]"),
        line("c' = i + »W", "W stands before what it multiplies elsewhere; a weight matrix always stands before what"),
        line("c' = b + »b h", "b stands alone elsewhere; a weight matrix always stands before what it multiplies"),
        line("c' = »i' + h", "c' uses i', the next value of i, which is no state; write i"),
        line("c' = »g'", "c' uses g', the next value of g, which is no state; did you mean i?"),
        line("c' = »tanh i", "tanh is a function: write tanh(…)"),
        line("c' = i\noutput »y", "output uses y, which is not defined; did you mean "),
        line("»i = h\nc' = i", "i has an equation already; choose another name"),
        line("»c = i", "c is a state, whose next value is c'; write c' = …"),
        line("»x = i", "x is an input; choose another name"),
        line("»K = i", "K is a size; choose another name"),
        line("»max = i", "max is a function; choose another name"),
        line("param q\n»q = i", "q is a parameter, which training changes; choose another name"),
        line("»g' = i", "g' would be the next value of g, which is no state; write g, or declare state g[H]"),
        line("»g = i\nc' = i", "g is computed but used nowhere; use it, or remove its equation"),
        whole("cell A(H)\nstate h[H], »c[H]\nh' = tanh(c)",
            "the state c has no equation for its next value; add c' = …"),
        line("»a = e + 1\ne = exp(c')\nc' = a * h", "a depends on itself: a needs e needs c' needs a; only a state"
            + " carries a value over, from one step to the next"),
        line("c' = i\noutput h'\n»output c'", "there is an output already; a cell has one, concat(a, b) joins two"),
        // Functions.
        line("c' = »tanh(i, h)", "tanh takes 1 argument, got 2"),
        line("c' = »max(i, h, c)", "max takes 1 or 2 arguments, got 3"),
        line("c' = dropout(i, »h)", "the last argument of dropout is the part that is dropped, a number from 0 to"),
        line("c' = dropout(»2, 0.1)", "dropout takes vectors, got a number"),
        line("c' = h^»2.5", "there must be a whole number from 2 to 9 here, got 2.5"),
        line("c' = h^»1", "an exponent is a whole number from 2 to 9, got 1; use exp and log for others"),
        line("g, e = i »+ 1\nc' = g * e", "several names on the left take equal parts of a split: write g, e = split(…)"),
        line("c' = »split(i)", "split gives several parts; put several names on the left, as in i, f = split(…)"),
        line("c' = 1 + »split(i)", "split stands alone on the right, as in i, f = split(…)"),
        line("g, e = split(»3)\nc' = g * e", "split takes a vector apart, got a number"),
        line("c' = »sum(2) * h", "sum is over the elements of a vector, got a number"),
        line("c' = heads(i, »h)", "the second argument of heads is how many there are, a size or a whole number"),
        line("c' = heads(i, »1.5)", "the second argument of heads is how many there are, a size or a whole number"),
        line("c' = heads(»outer(h, h), K)", "heads takes vectors, got [H,H]"),
        line("c' = join(heads(»i, K))", "this is [H], which is not K times a size"),
        line("c' = join(»i)", "join takes the vectors of heads, as heads(a, N), got [H]"),
        line("c' = join(»V heads([h, h], 2))\nparam V[H,H]", "this is [H], which is not 2 times H"),
        line("c' = »where(x, h, i)", "where needs equal shapes, or a number on one side; left is [F], right is [H]"),
        line("c' = »where(i, h)", "where takes 3 arguments, got 2"),
        line("c' = join(»outer(h, heads([h, h], 2)))", "outer takes two vectors"),
        whole("cell A(H)\ninput x[F], »d[G]\nstate h[H]\nh' = W x + V d",
            "one size alone can follow from the data, here there are F and G; give one a number in the head, as in cell"
                + " A(H, G = 4)"),
        whole("cell A(H)\ninput »x[F*F]\nstate h[H]\nh' = W x",
            "a size that follows from the data is multiplied by others alone, got F F"),
        line("»fixed = i", "fixed opens a line of its own and cannot be a name; choose another name"),
        line("fixed »q\nc' = i", "the parameter q is used nowhere; use it, or remove it"),
        line("c' = concat(i, »2)[0:H]", "concat takes vectors, got a number"),
        line("c' = (2 + 3)»[0:H]", "a part [from:to] is taken of a vector, got a number"),
        // Shapes.
        line("c' = i »* x", "* needs equal shapes, or a number on one side; left is [H], right is [F]"),
        line("c' = i »+ outer(h, h)", "+ needs equal shapes, or a number on one side; left is [H], right is [H,H]"),
        line("c' = tanh(»W h)", "W takes [F], got [H]; use another matrix for it"),
        line("c' = V »2", "V multiplies a vector, or that of each head, got a number"),
        line("c' = i »h", "there must be an operator before this; side by side stand a weight matrix, as W, and what"
            + " it multiplies"),
        line("c' = »outer(h, h) x", "a matrix [H,H] cannot multiply [F]"),
        line("»c' = [h, h]", "c' must be [H] like c, it is [2H]"),
        line("»c' = outer(h, h)", "c' must be [H] like c, it is [H,H]"),
        line("param »V[H]\nc' = V h", "V stands before what it multiplies and must be a matrix [from, to], it is"
            + " declared as [H]"),
        line("param »q[H,H]\nc' = q + h", "q stands alone and must be a vector [n]; a matrix stands before what it"),
        line("g = »V x\nc' = g[0:H]", "the shape of V does not follow from the equations, it is [F,?]; say it, for"
            + " example param V[F,H]"),
        line("e, g = split(h»[0:3])\nc' = sum(e * g)", "this is [3], which has no 2 equal parts"),
        line("e, g = split(»V h)\nparam q[3H]\nc' = e + g + sum(V h + q)", "this is [3H], its parts add up to [2H]"),
        line("c' = sum(h»[H:H+2])", "a part must lie within its vector and have at least one element, got [8:10] of [8]"),
        line("c' = i\noutput »2", "the output must be a vector, it is a number"),
        line("c' = i\noutput »outer(h, h)", "the output must be a vector, it is [H,H]"),
        whole("cell A(H)\nstate »m[H,H]\nm' = m",
            "the output must be a vector, without a line output it is m', [H,H]; add a line output"),
        line("c' = i\noutput »tanh(x)", "the output must not have the size of the input, it is [F]; multiply it by a"
            + " matrix, or say input x[H] if they are equal"));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void pointsAtThePlaceAndSaysWhatWouldBeRight(Wrong wrong) {
    int at = wrong.text().indexOf('»');
    String text = wrong.text().replace("»", "");
    CellTextException error = catchThrowableOfType(CellTextException.class, () -> use(text));
    assertThat(error).as(text).isNotNull();
    List<String> lines = error.getMessage().lines().toList();
    int begin = text.lastIndexOf('\n', at - 1) + 1;
    int row = (int) text.substring(0, begin).chars().filter(c -> c == '\n').count();
    assertThat(lines.getFirst()).contains(wrong.message());
    assertThat(lines).hasSize(3);
    assertThat(error.getMessage())
        .startsWith("line " + (row + 1) + ", column " + (at - begin + 1) + ": ");
    assertThat(error.line()).isEqualTo(row + 1);
    assertThat(error.column()).isEqualTo(at - begin + 1);
    assertThat(lines.get(1)).isEqualTo("  " + text.lines().skip(row).findFirst().orElse("").stripTrailing());
    assertThat(lines.get(2)).isEqualTo("  " + " ".repeat(at - begin) + "^");
  }

  private static void use(String text) {
    CellText.parse(text).cell(8).declare(Shape.of(Shape.B, 5), new Scope("a", false)).step(
        List.of(io.carousel.expr.Expr.input("x", Shape.of(Shape.B, 5))), CellText.parse(text).cell(8).initials());
  }

  @Test
  void aCellNeedsItsSizesAndAnInputThatFits() {
    CellText text = CellText.parse("cell A(H, K = 2)\ninput x[H]\nstate h[H]\nh' = tanh(U h + V (W x)[0:K])\nparam W[H,5]");
    assertThatIllegalArgumentException().isThrownBy(() -> text.cell(0)).withMessage("A: H must be at least 1, got 0");
    assertThatIllegalArgumentException().isThrownBy(() -> text.cell(Map.of("K", 3)))
        .withMessage("A: the size H must be given, it has no number in the text; add one");
    assertThatIllegalArgumentException().isThrownBy(() -> text.cell(Map.of("H", 3, "L", 3)))
        .withMessage("A: there must be a size L, there are [H, K]");
    assertThatIllegalArgumentException().isThrownBy(() -> new TextCell(text, Map.of("H", 3)))
        .withMessage("A: there must be a number for each size of [H, K], got {H=3}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> text.cell(4).declare(Shape.of(Shape.B, 5), new Scope("a", false)))
        .withMessage("A(H=4, K=2): the input must be [B,4], as the text says with H, got [B,5]; add a Dense before it");
  }

  @Test
  void severalInputsShareOneSizeOfTheData() {
    CellText text = CellText.parse("cell A(H)\ninput x[F], m[2F], d[1]\nstate h[H], l[F]\nh' = W x + V m + d + U l\nl' = x");
    assertThat(text.cell(4).initials(Shape.of(Shape.B, 10))).extracting(state -> state.shape().toString())
        .containsExactly("[B,4]", "[B,3]");
    assertThat(text.cell(4).inputs(3)).isEqualTo(10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> text.cell(4).declare(Shape.of(Shape.B, 9), new Scope("a", false)))
        .withMessage("A(H=4): the input must be [B,3F+1], x[F], m[2F], d[1] side by side, as the text says, got [B,9]");
  }
}

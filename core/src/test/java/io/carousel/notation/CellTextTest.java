package io.carousel.notation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.carousel.cell.Cell;
import io.carousel.expr.Expr;
import io.carousel.expr.Printer;
import io.carousel.expr.Scans;
import io.carousel.expr.Simplify;
import io.carousel.layer.Dense;
import io.carousel.layer.Recurrent;
import io.carousel.model.Architecture;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Initializers;
import io.carousel.parameter.Scope;
import io.carousel.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cell's text means. */
class CellTextTest {
  /** The worked example of the guide. */
  static final String TEXTBOOK = """
      # a textbook's memory cell
      cell Textbook(H)
      state h[H], c[H], o[H]
      i  = sigmoid(W_i x + U_i h + b_i)
      f  = sigmoid(R_f h + Q_f o + b_f)
      c' = f * c + i * tanh(W_c x + b_c)
      h' = tanh(W_x x + b_x)
      o' = sigmoid(V_h h' + V_c c' + b_o)
      output o' * tanh(c')
      """;

  /** The same in Java. */
  private record Textbook(int units) implements Cell {
    @Override
    public List<Expr> initials() {
      return java.util.Collections.nCopies(4, Expr.full(0, Shape.of(Shape.B, units)));
    }

    @Override
    public Step declare(Shape input, Scope scope) {
      Expr wi = input(scope, "W_i", input);
      Expr ui = recurrent(scope, "U_i");
      Expr bi = bias(scope, "b_i");
      Expr rf = recurrent(scope, "R_f");
      Expr qf = recurrent(scope, "Q_f");
      Expr bf = bias(scope, "b_f");
      Expr wc = input(scope, "W_c", input);
      Expr bc = bias(scope, "b_c");
      Expr wx = input(scope, "W_x", input);
      Expr bx = bias(scope, "b_x");
      Expr vh = input(scope, "V_h", Shape.of(Shape.B, units)); // h' does not depend on a state
      Expr vc = recurrent(scope, "V_c");
      Expr bo = bias(scope, "b_o");
      return (current, states) -> {
        Expr x = current.getFirst();
        Expr h = states.get(1);
        Expr c = states.get(2);
        Expr o = states.get(3);
        Expr i = Expr.sigmoid(x.matmul(wi).plus(h.matmul(ui)).plus(bi));
        Expr f = Expr.sigmoid(h.matmul(rf).plus(o.matmul(qf)).plus(bf));
        Expr nextC = f.times(c).plus(i.times(Expr.tanh(x.matmul(wc).plus(bc))));
        Expr nextH = Expr.tanh(x.matmul(wx).plus(bx));
        Expr nextO = Expr.sigmoid(nextH.matmul(vh).plus(nextC.matmul(vc)).plus(bo));
        Expr out = nextO.times(Expr.tanh(nextC));
        return new Scans.Step(List.of(out, nextH, nextC, nextO), List.of(out));
      };
    }

    private Expr input(Scope scope, String name, Shape from) {
      return scope.parameter(name, Shape.of(from.size(-1), units), Initializers.glorotUniform());
    }

    private Expr recurrent(Scope scope, String name) {
      return scope.parameter(name, Shape.of(units, units), Initializers.orthogonal());
    }

    private Expr bias(Scope scope, String name) {
      return scope.parameter(name, Shape.of(units), Initializers.zeros());
    }
  }

  private static Model model(Cell cell) {
    return Model.sequential(Input.sequence(5), Recurrent.of(cell), new Dense(1));
  }

  private static String program(Cell cell) {
    return Printer.print(Simplify.simplify(List.of(model(cell).training())));
  }

  @Test
  void theTextbooksCellIsWhatOneWouldWriteInJava() {
    Model java = model(new Textbook(7));
    Model text = model(CellText.parse(TEXTBOOK).cell(7));
    assertThat(text.slots()).isEqualTo(java.slots());
    assertThat(text.build(3).values()).containsExactly(java.build(3).values());
    assertThat(program(CellText.parse(TEXTBOOK).cell(7))).isEqualTo(program(new Textbook(7)));
  }

  @Test
  void theOrderOfEquationsDoesNotMatter() {
    String[] lines = TEXTBOOK.split("\n");
    String[] turned = lines.clone();
    for (int i = 3; i < 9; i++) {
      turned[i] = lines[11 - i];
    }
    Model model = model(CellText.parse(String.join("\n", turned)).cell(7));
    assertThat(model.slots()).hasSize(15).extracting(slot -> slot.name()).contains("recurrent.V_h");
    assertThat(model.layers().getFirst()).hasToString("Recurrent(Textbook(H=7))");
  }

  @Test
  void signsOfPapersAreTheSameAsTheirPlainForms() {
    String plain = "cell A(H)\nstate h[H]\nz = sigmoid(W x + U h)\nh' = (1 - z) * h + z * tanh(V (z * h))";
    String paper = "cell A(H); state h[H]\r\nz = σ(W·x + U @ h) # gate\nh′ = (1 − z) ⊙ h\n  + z ∘ tanh(V (z × h))";
    assertThat(program(CellText.parse(paper).cell(4))).isEqualTo(program(CellText.parse(plain).cell(4)));
  }

  @Test
  void whatStandsTighterIsComputedFirst() {
    String plain = "cell A(H)\nstate h[H]\nh' = -W x * h + 2 tanh(x U_1)^2 / 3 - h[0:H]";
    assertThatIllegalArgumentException().isThrownBy(() -> CellText.parse(plain)); // x U_1: a vector before a matrix
    String bare = "cell A(H)\nstate h[H]\nh' = -W x * h + 2 tanh(U U_1 x)² / 3 - h";
    String full = "cell A(H)\nstate h[H]\nh' = ((-(W x)) * h + (2 * (tanh(U (U_1 x)) ^ 2)) / 3) - h";
    assertThat(program(cell("param U[H,H]\n", bare))).isEqualTo(program(cell("param U[H,H]\n", full)));
  }

  private static Cell cell(String declaration, String text) {
    return CellText.parse(text.replaceFirst("h' =", declaration + "h' =")).cell(4);
  }

  @Test
  void sizesFollowFromTheEquations() {
    CellText text = CellText.parse("""
        cell Sizes(H, K = 3)
        input u[N]
        state h[H], s[2K], m[H,K], n[K] = 1
        a, b = split([W u, h])
        z = G [a, s[K:], u[0:2]] + b_z
        h' = tanh(U z[:H] + d)
        s' = [z[H:H+K], A b]
        m' = 0.5 m + outer(h, n) * sum(a)
        n' = softmax(exp(n)) + max(h) * mean(h) * dot(a, b)
        param W[N,2H+1-H-1], G[H+K+2, K+H], d
        output m n
        """);
    Scope scope = new Scope("c", false);
    TextCell cell = text.cell(Map.of("H", 8));
    cell.declare(Shape.of(Shape.B, 5), scope);
    assertThat(scope.declared()).extracting(each -> each.name() + each.shape())
        .containsExactly("c.W[5,8]", "c.G[13,11]", "c.b_z[11]", "c.U[8,8]", "c.d[8]", "c.A[8,3]");
    assertThat(cell.units()).isEqualTo(8);
    assertThat(cell.initials()).extracting(state -> state.shape().toString())
        .containsExactly("[B,8]", "[B,8]", "[B,6]", "[B,8,3]", "[B,3]");
    assertThat(text.cell(Map.of("H", 8, "K", 2))).hasToString("Sizes(H=8, K=2)").isNotEqualTo(cell);
    assertThat(cell).isEqualTo(CellText.parse(text.text()).cell(8)).hasSameHashCodeAs(
        CellText.parse(text.text()).cell(8));
  }

  @Test
  void parametersBeginAsTheTextSays() {
    TextCell cell = CellText.parse("""
        cell Starts(H)
        state h[H]
        h' = W x + R h + S h + p * h + p_2 + b + b_2 + q + r
        param q, r
        init S = identity
        init b[1:3], b[4:5] = -2.5
        init b_2 = normal(0.5)
        init q, r = uniform(0.01)
        init r = ones
        """).cell(6);
    var built = model(cell).build(5);
    assertThat(built.get("recurrent.S").values()).startsWith(1, 0, 0, 0, 0, 0, 0, 1, 0).endsWith(1);
    assertThat(built.get("recurrent.b").values()).containsExactly(0, -2.5f, -2.5f, 0, -2.5f, 0);
    assertThat(built.get("recurrent.r").values()).containsOnly(1);
    assertThat(max(built.get("recurrent.q").values())).isBetween(0.0005, 0.01);
    assertThat(max(built.get("recurrent.p").values())).isBetween(0.02, 0.1);
    assertThat(max(built.get("recurrent.b_2").values())).isBetween(0.2, 2.5);
    float[] r = built.get("recurrent.R").values(); // orthogonal: rows of length 1
    assertThat(r[0] * r[0] + r[1] * r[1] + r[2] * r[2] + r[3] * r[3] + r[4] * r[4] + r[5] * r[5])
        .isBetween(0.9999f, 1.0001f);
  }

  @Test
  void whatInitializersBuildHasItsNameInTheText() {
    for (String name : Initializers.names()) {
      boolean vector = name.matches("gate|chrono");
      String numbers = switch (name) {
        case "constant", "uniform", "normal", "truncated_normal" -> "(0.3)";
        case "gate" -> "(2, 1, 3)";
        case "chrono" -> "(50)";
        default -> "";
      };
      TextCell cell = CellText.parse("cell A(H)\nstate h[H]\nh' = W x + R h + b\ninit " + (vector ? "b" : "R") + " = " + name
          + numbers).cell(6);
      Scope scope = new Scope("a", false);
      cell.declare(Shape.of(Shape.B, 6), scope);
      assertThat(scope.declared()).extracting(Scope.Declaration::initializer)
          .contains(Initializers.named(name + numbers));
    }
  }

  @Test
  void gatesCanBeginWithLongMemory() {
    var packed = model(CellText.parse(Catalogue.text("lstm").text() + "init b[0:H] = -chrono(100)\ninit b[H:2H] = chrono(100)")
        .cell(6)).build(5);
    var named = model(CellText.parse("""
        cell Long(H)
        state h[H], c[H]
        i = sigmoid(W_i x + R_i h + b_i)
        f = sigmoid(W_f x + R_f h + b_f)
        c' = f * c + i * tanh(W_c x + R_c h + b_c)
        h' = tanh(c')
        init b_f = chrono(100)
        init b_i = -chrono(100)
        """).cell(6)).build(5);
    float[] keeps = named.get("recurrent.b_f").values();
    float[] lets = named.get("recurrent.b_i").values();
    float[] all = packed.get("recurrent.b").values();
    assertThat(Arrays.copyOfRange(all, 6, 12)).containsExactly(keeps);
    assertThat(Arrays.copyOfRange(all, 0, 6)).containsExactly(lets);
    assertThat(Arrays.copyOfRange(all, 12, 24)).containsOnly(0);
    for (int k = 0; k < 6; k++) {
      assertThat(keeps[k]).isBetween(0f, (float) Math.log(99)).isEqualTo(-lets[k]);
    }
    assertThat(keeps).doesNotHaveDuplicates();
  }

  @Test
  void partsOfAMatrixBeginEachWithNumbersOfTheirOwn() {
    float[] r = model(CellText.parse("""
        cell Parts(H)
        state h[H], c[H]
        h', c' = split(W x + R h)
        init R[0:H] = orthogonal
        init R[H:2H] = identity(0.5)
        init W[0:H], W[H:] = normal(0.2)
        """).cell(3)).build(5).get("recurrent.R").values();
    assertThat(r[3]).isEqualTo(0.5f);
    assertThat(r[10]).isEqualTo(0.5f);
    assertThat(r[9]).isZero();
    assertThat(r[0] * r[6] + r[1] * r[7] + r[2] * r[8]).isBetween(-1e-6f, 1e-6f);
  }

  private static double max(float[] values) {
    double max = 0;
    for (float value : values) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

  @Test
  void dropoutIsThatOfTheCellInJavaAndOffWhenTheModelAnswers() {
    String lstm = Catalogue.text("lstm").text();
    CellText steady = CellText.parse(lstm.replace("R h", "R variational_dropout(h, 0.4)"));
    CellText each = CellText.parse(lstm.replace("* tanh(g)", "* dropout(tanh(g), 0.4)"));
    assertThat(Printer.print(List.of(model(steady.cell(4)).inference())))
        .isEqualTo(Printer.print(List.of(model(each.cell(4)).inference())))
        .isEqualTo(Printer.print(List.of(model(CellText.parse(lstm).cell(4)).inference())));
    assertThat(program(steady.cell(4))).contains("random recurrent  [B,4]");
    assertThat(program(each.cell(4))).contains("random recurrent  [T,B,4]");
  }

  @Test
  void theTextIsInTheModelsDescription() {
    Model model = model(CellText.parse(TEXTBOOK).cell(3));
    assertThat(Architecture.describe(model).toString()).contains(TEXTBOOK);
    assertThat(Architecture.model(Architecture.describe(model)).layers()).isEqualTo(model.layers());
  }

  @Test
  void readsAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.cell"), "\uFEFF" + TEXTBOOK);
    assertThat(CellText.read(file).name()).isEqualTo("Textbook");
    Files.writeString(file, "cell A(H)\nstate h[H]\nh' = k");
    assertThatIllegalArgumentException().isThrownBy(() -> CellText.read(file))
        .withMessageStartingWith(file + " line 3, column 6: h' uses k, which is not defined");
  }

  @Test
  void theExampleIsThisText() throws IOException {
    assertThat(Files.readString(Path.of("../examples/cells/textbook.cell"))).isEqualTo(TEXTBOOK);
    assertThat(Arrays.asList(TEXTBOOK.split("\n", -1))).hasSize(10);
  }
}

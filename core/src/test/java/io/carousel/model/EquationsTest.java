package io.carousel.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cell.Activation;
import io.carousel.cell.GruDCell;
import io.carousel.cell.LstmCell;
import io.carousel.cell.MLstmCell;
import io.carousel.cell.QrnnCell;
import io.carousel.cell.ZoneoutCell;
import io.carousel.layer.Bidirectional;
import io.carousel.layer.Dense;
import io.carousel.layer.Embedding;
import io.carousel.layer.Gru;
import io.carousel.layer.LayerNorm;
import io.carousel.layer.Lstm;
import io.carousel.layer.Pooling;
import io.carousel.layer.Recurrent;
import io.carousel.notation.Catalogue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

class EquationsTest {
  private static final Model TEXTS =
      Model.sequential(new Embedding(50, 8), new Lstm(4).named("reader_1"), new Dense(1, Activation.SIGMOID));

  @Test
  void asText() {
    assertThat(TEXTS.equations()).isEqualTo("""
        embedding: Embedding(vocabulary=50, dimension=8)
          x = input [B,T]; y [B,T,8]
          W [50,8]
          y = gather(W, x)

        reader_1: LSTM(units=4)
          x = embedding [B,T,8]; y [B,4]
          W [8,16], R [4,16], b [16]
          a_1 = W x + R h + b
          c' = sigmoid(a_1[4:8]) * c + sigmoid(a_1[0:4]) * tanh(a_1[8:12])
          h' = sigmoid(a_1[12:16]) * tanh(c')
          y = h_T

        dense: Dense(units=1, sigmoid)
          x = reader_1 [B,4]; y [B,1]
          W [4,1], b [1]
          y = sigmoid(W x + b)

        """);
  }

  @Test
  void asLatex() {
    assertThat(TEXTS.latex()).contains("""
        \\paragraph{reader\\_1} LSTM(units=4): x = embedding [B,T,8]; y [B,4]; $W$ [8,16], $R$ [4,16], $b$ [16]
        \\begin{align*}
          a_{1,t} &= W x_t + R h_{t-1} + b \\\\
          c_t &= \\sigma\\left(a_{1,t}{}_{[4:8]}\\right) \\odot c_{t-1} + \\sigma\\left(a_{1,t}{}_{[0:4]}\\right) \\odot \
        \\tanh\\left(a_{1,t}{}_{[8:12]}\\right) \\\\
          h_t &= \\sigma\\left(a_{1,t}{}_{[12:16]}\\right) \\odot \\tanh\\left(c_t\\right)
        \\end{align*}
        """).contains("  y &= \\sigma\\left(W x + b\\right)\n");
  }

  static List<Model> models() {
    Input sequence = Input.sequence(6);
    return List.of(
        TEXTS,
        Model.sequential(sequence, new Bidirectional(new Gru(3).returnSequences()), new LayerNorm(), new Pooling(Pooling.Kind.MEAN), new Dense(2)),
        Model.sequential(sequence, Recurrent.of(new GruDCell(4)), new Dense(2, Activation.SOFTMAX)),
        Model.sequential(sequence, Recurrent.of(new MLstmCell(4, 2)), new Dense(2)),
        Model.sequential(sequence, Recurrent.of(new QrnnCell(4, 3, QrnnCell.Pooling.IFO)), new Dense(2)),
        Model.sequential(sequence, Recurrent.of(ZoneoutCell.of(new LstmCell(3), 0.1, 0.2)), new Dense(2)),
        Model.sequential(sequence, Recurrent.of(Catalogue.text("mlstm").cell(3)), new Dense(2)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyLayerHasItsParametersAndItsLatexIsWellFormed(Model model) {
    for (String name : model.layerNames()) {
      assertThat(model.equations()).contains(name + ": ");
    }
    String latex = model.latex();
    assertThat(model.equations().lines().filter(line -> line.startsWith("  h' = ")).count()).isLessThanOrEqualTo(1);
    model.slots().forEach(slot -> assertThat(model.equations()).contains(slot.name().substring(slot.name().lastIndexOf('.') + 1)));
    Deque<String> open = new ArrayDeque<>();
    Matcher tokens = Pattern.compile("\\\\begin\\{align\\*}|\\\\end\\{align\\*}|\\\\left.|\\\\right.|\\\\[{}]|[{}]").matcher(latex);
    while (tokens.find()) {
      String token = tokens.group();
      if (token.startsWith("\\begin") || token.startsWith("\\left") || token.equals("{")) {
        open.push(token);
      } else if (!token.startsWith("\\{") && !token.startsWith("\\}")) {
        assertThat(open).as("before %s", latex.substring(tokens.start())).isNotEmpty();
        String before = open.pop();
        assertThat(before.charAt(Math.min(1, before.length() - 1)))
            .as(latex.substring(0, tokens.end()))
            .isEqualTo(token.equals("}") ? '{' : token.startsWith("\\end") ? 'b' : 'l');
      }
    }
    assertThat(open).isEmpty();
    assertThat(latex).doesNotContain("\\\\\n\\end").doesNotContain("^{^").doesNotContain("'");
  }
}

package io.carousel.train;

import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.notation.CellText;
import io.carousel.train.LayerContractTest.Row;
import java.util.List;

/** The rows of {@link LayerContractTest} that are cells as text. */
final class TextCellRows {
  /** States of several shapes, one of which is a matrix; equations before the loop and in it. */
  private static final String MEMORY = """
      cell Memory(H)
      state C[H,H], n[H] = 1
      k, v = split(W_kv x)
      i = exp(-abs(dot(p_i, x)))
      f = sigmoid(dot(p_f, x) + 2)
      C' = f * C + i * outer(v, k / sqrt(H))
      n' = f * n + i * k
      q = W_q [x, n]
      output sigmoid(W_o x + b_o) * (C' q) / max(abs(dot(n', q)), 1)
      """;

  private static final String TEXTBOOK = """
      cell Textbook(H)
      state h[H], c[H], o[H]
      i  = sigmoid(W_i x + U_i h + b_i)
      f  = sigmoid(R_f h + Q_f o + b_f)
      c' = f * c + i * tanh(W_c x + b_c)
      h' = tanh(W_x x + b_x)
      o' = sigmoid(V_h h' + V_c c' + b_o)
      output o' * tanh(c')
      """;

  private static final String DROPPED = """
      cell Dropped(H)
      state h[H]
      a = dropout(W x + b, 0.3)
      h' = softplus(a + U variational_dropout(h, 0.4)) - dropout(norm(V h + h), 0.2)
      """;

  private TextCellRows() {}

  /** Cells as text on sequences [B,T,F]. */
  static List<Row> rows(Input sequence) {
    int f = sequence.features();
    return List.of(
        new Row("a textbook's cell as text", sequence, Recurrent.of(CellText.parse(TEXTBOOK).cell(17)), "[B,17]",
            3 * 17 * f + 5 * 17 * 17 + 5 * 17),
        new Row("reverse textbook's cell", sequence,
            Recurrent.of(CellText.parse(TEXTBOOK).cell(3)).with(true, true), "[B,T,3]", 3 * (3 * f + 5 * 3 + 5)),
        new Row("a matrix memory as text", sequence, Recurrent.of(CellText.parse(MEMORY).cell(6)), "[B,6]",
            2 * 6 * f + 2 * f + 6 * (f + 6) + 6 * (f + 1)),
        new Row("dropout in a cell's text", sequence, Recurrent.of(CellText.parse(DROPPED).cell(6)), "[B,6]",
            6 * (f + 6 + 6 + 1)));
  }
}

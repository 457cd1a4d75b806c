package io.carousel.notation;

import static org.assertj.core.api.Assertions.assertThat;

import io.carousel.cell.GruCell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CellCheckTest {
  static java.util.List<String> names() {
    return Catalogue.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theDerivativesOfTheCatalogueAreSlopes(String name) {
    assertThat(CellCheck.gradientError(Catalogue.text(name).cell(4), 3)).isLessThan(1e-7);
    assertThat(CellCheck.gradientError(Catalogue.cell(name, 4), 3)).isLessThan(1e-7);
  }

  @Test
  void whatIsNoNumberIsFound() {
    CellText pole = CellText.parse("cell Pole(H)\nstate h[H]\nh' = 1 / (h * (W x))");
    assertThat(CellCheck.gradientError(pole.cell(3), 2)).isInfinite();
  }

  @Test
  void shapesAndEquationsAreReadable() {
    TextCell cell = CellText.parse(CellTextTest.TEXTBOOK).cell(7);
    assertThat(CellCheck.shapes(cell, 3)).startsWith("input   x [B,3]\noutput  [B,7]\nstate   y [B,7]\n")
        .contains("param   W_i [3,7]\nparam   U_i [7,7]\n").contains("343 parameters");
    assertThat(CellCheck.forward(cell, 3)).contains("o' = sigmoid(V_h ", "y' = o' * tanh(c')");
    assertThat(CellCheck.backward(cell, 3)).contains("dc = ", "dW_i = x ⊗ ", "db_f = Σ ")
        .contains("i = sigmoid(W_i x + U_i h + b_i)\n", "f = sigmoid(").containsPattern("dc = f \\* |dc = .*\\* f\\b");
    assertThat(CellCheck.forward(new GruCell(4), 3)).contains("R h + d", "h' = ");
  }

  @Test
  void latexHasOneIndexAndOneExponentAtATime() {
    assertThat(CellText.parse("cell A(H)\nstate h[2H]\nh' = [h[0:H], (h[H:2H]^2)^3] + W x").latex())
        .contains("h_{t-1}{}_{[0:H]}, \\left(h_{t-1}{}_{[H:2H]}^{2}\\right)^{3}");
  }

  @Test
  void latexIsThatOfPapers() {
    assertThat(CellText.parse(CellTextTest.TEXTBOOK).latex()).isEqualTo("""
        \\begin{align*}
          i_t &= \\sigma\\left(W_i x_t + U_i h_{t-1} + b_i\\right) \\\\
          f_t &= \\sigma\\left(R_f h_{t-1} + Q_f o_{t-1} + b_f\\right) \\\\
          c_t &= f_t \\odot c_{t-1} + i_t \\odot \\tanh\\left(W_c x_t + b_c\\right) \\\\
          h_t &= \\tanh\\left(W_x x_t + b_x\\right) \\\\
          o_t &= \\sigma\\left(V_h h_t + V_c c_t + b_o\\right) \\\\
          y_t &= o_t \\odot \\tanh\\left(c_t\\right)
        \\end{align*}
        """);
    CellText others = CellText.parse("""
        cell Others(H)
        state h[H], m[H,H]
        param γ[2H], gx
        a_z, k = split([W x, h] / sqrt(H))
        h' = -(a_z - (k - 1)) * (0.00001 γ[0:H]) + abs(gx)^2
        m' = outer(h, k) * dot(h, k)
        output dropout(m h, 0.1)
        """);
    assertThat(others.latex()).isEqualTo("""
        \\begin{align*}
          a_{z,t}, k_t &= \\frac{\\left[W x_t, h_{t-1}\\right]}{\\sqrt{H}} \\\\
          h_t &= \\left(-\\left(a_{z,t} - \\left(k_t - 1\\right)\\right)\\right) \\odot 10^{-5} \\cdot \\gamma{}_{[0:H]} \
        + \\left|\\mathrm{gx}\\right|^{2} \\\\
          m_t &= h_{t-1} k_t^{\\top} \\cdot h_{t-1}^{\\top} k_t \\\\
          y_t &= \\operatorname{dropout}_{0.1}\\left(m_{t-1} h_{t-1}\\right)
        \\end{align*}
        """);
  }
}

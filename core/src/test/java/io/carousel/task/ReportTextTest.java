package io.carousel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTextTest {

  @ParameterizedTest
  @CsvSource({
    "0,0%",
    "1,100%",
    "0.5,50.0%",
    "0.99949,99.9%",
    "0.9996,99.96%",
    "0.999999,99.9999%",
    "0.0001,&lt;0.1%",
    "0.0005,0.1%",
    "0.12345,12.3%"
  })
  void percentagesAreNeitherNoneNorAllUnlessTheyAre(double share, String text) {
    assertThat(ReportText.percent(share)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.04,0.0 s",
    "9.94,9.9 s",
    "59.6,60 s",
    "119.4,119 s",
    "125,2 min 5 s",
    "7199,119 min 59 s",
    "7260,2 h 1 min"
  })
  void durations(double seconds, String text) {
    assertThat(ReportText.duration(seconds)).isEqualTo(text);
  }

  @Test
  void numbers() {
    assertThat(ReportText.count(1234567)).isEqualTo("1,234,567");
    assertThat(ReportText.count(1, "row", "rows")).isEqualTo("1 row");
    assertThat(ReportText.fixed(-0.0001, 2)).isEqualTo("0.00");
    assertThat(ReportText.fixed(-0.015, 1)).isEqualTo("0.0");
    assertThat(ReportText.fixed(-1.25, 0)).isEqualTo("-1");
    assertThat(ReportText.at(12)).isEqualTo("12");
  }

  @Test
  void startsDoNotEndInHalfAPair() {
    assertThat(ReportText.start("ab😀", 3)).isEqualTo("ab");
    assertThat(ReportText.start("ab😀", 4)).isEqualTo("ab😀");
  }

  @Test
  void labelsAreOneShortLine() {
    assertThat(ReportText.label("a\n b", 10)).isEqualTo("a b");
    assertThat(ReportText.label(" \u0000<", 10)).isEqualTo("\uFFFD&lt;");
    assertThat(ReportText.label("  ", 10)).isEqualTo("(empty)");
    assertThat(ReportText.label("abcdef", 4)).isEqualTo("abc…");
  }

  /** Numbers from R: {@code binom::binom.wilson(8, 10)}; and the rule of three at the border. */
  @Test
  void wilson() {
    assertThat(ReportText.wilson(8, 10)[0]).isCloseTo(0.4901625, within(1e-6));
    assertThat(ReportText.wilson(8, 10)[1]).isCloseTo(0.9433178, within(1e-6));
    assertThat(ReportText.wilson(10, 10)[1]).isEqualTo(1);
    assertThat(ReportText.wilson(0, 10)[0]).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0.9,1", "1,1", "1.1,2", "2.1,5", "5.1,10", "0.03,0.05", "700,1000"})
  void niceSteps(double least, double step) {
    assertThat(ReportCurves.niceStep(least)).isCloseTo(step, within(1e-9 * step));
  }
}

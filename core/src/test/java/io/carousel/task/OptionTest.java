package io.carousel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.data.Keep;
import io.carousel.layer.Pooling;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionTest {
  private final Options defaults = TextClassifierOptions.defaults();

  @Test
  void examplesAreWithinTheRangesAndDifferFromTheDefaults() {
    for (Option<?> option : defaults.all()) {
      assertThat(option.parse(option.example())).as(option.name()).isNotEqualTo(option.byDefault());
    }
  }

  @Test
  void defaultsAreWithinTheRanges() {
    for (Option<?> option : defaults.all()) {
      assertThat(Option.text(option.parse(Option.text(option.byDefault())))).as(option.name())
          .isEqualTo(Option.text(option.byDefault()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "units|0|units: must be a whole number from 1 to 4096, got 0; for example 128",
        "units|4097|units: must be a whole number from 1 to 4096, got 4097; for example 128",
        "units|64.5|units: must be a whole number from 1 to 4096, got 64.5; for example 128",
        "units|99999999999|units: must be a whole number from 1 to 4096, got 99999999999; for example 128",
        "dropout|1|dropout: must be a number from 0 to 0.99, got 1; for example 0.3",
        "dropout|NaN|dropout: must be a number from 0 to 0.99, got NaN; for example 0.3",
        "learning-rate|-0.1|learning-rate: must be a number from 0.0000001 to 10, got -0.1; for example 0.001",
        "learning-rate|Infinity|learning-rate: must be a number from 0.0000001 to 10, got Infinity; for example 0.001",
        "keep|middle|keep: must be head, tail or both, got middle; for example head",
        "pooling|''|pooling: must be one or several of last, mean and max, with commas, got nothing; for example last,max",
        "pooling|mean,|pooling: must be one or several of last, mean and max, with commas, got mean,; for example last,max",
        "bidirectional|yes|bidirectional: must be true or false, got yes; for example false",
        "seed|x|seed: must be a whole number of 64 bits, got x; for example 7",
      })
  void saysTheRange(String name, String text, String message) {
    Option<?> option = defaults.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    assertThatThrownBy(() -> option.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void readsWhatItWrites() {
    assertThat(TextClassifierOptions.KEEP.parse("Tail")).isEqualTo(Keep.TAIL);
    assertThat(TextClassifierOptions.POOLING.parse("max, last"))
        .isEqualTo(EnumSet.of(Pooling.Kind.LAST, Pooling.Kind.MAX));
    assertThat(Option.text(TextClassifierOptions.POOLING.parse("max,last"))).isEqualTo("last,max");
    assertThat(Option.text(1e-5)).isEqualTo("0.00001");
  }

  @Test
  void valuesThatWereNotGivenAreDefaults() {
    Options options = defaults.with(TextClassifierOptions.UNITS, 7);
    assertThat(options.get(TextClassifierOptions.UNITS)).isEqualTo(7);
    assertThat(options.isGiven(TextClassifierOptions.UNITS)).isTrue();
    assertThat(options.isGiven(TextClassifierOptions.LAYERS)).isFalse();
    assertThat(options.get(TextClassifierOptions.LAYERS)).isEqualTo(TextClassifierOptions.LAYERS.byDefault());
    assertThat(options.toJson().integer("units")).isEqualTo(7);
    assertThat(options.texts()).containsEntry("units", "7").hasSameSizeAs(defaults.all());
    assertThat(defaults.get(TextClassifierOptions.UNITS)).isEqualTo(64);
  }

  @Test
  void refusesOptionsOfAnotherJob() {
    Option<Integer> other = Option.whole("window", "the steps seen", 24, 1, 100, "12");
    assertThatThrownBy(() -> defaults.with(other, 3)).hasMessageContaining("window must be an option of this job");
  }

  @ParameterizedTest
  @CsvSource({"25000, 3, 3", "20000, 3, 3", "4014, 8, 3", "320, 100, 33", "2, 100, 33"})
  void epochsFollowFromTheNumberOfTexts(int rows, int epochs, int patience) {
    Options options = TextClassifierOptions.resolved(defaults, rows);
    assertThat(options.get(TextClassifierOptions.EPOCHS)).isEqualTo(epochs);
    assertThat(options.get(TextClassifierOptions.PATIENCE)).isEqualTo(patience);
    assertThat(TextClassifierOptions.resolved(defaults.with(TextClassifierOptions.EPOCHS, 5), rows)
        .get(TextClassifierOptions.EPOCHS)).isEqualTo(5);
  }

  @Test
  void fewTextsAreNotSplitUnlessAskedTo() {
    assertThat(TextClassifierOptions.validation(defaults, 19)).isZero();
    assertThat(TextClassifierOptions.validation(defaults, 20)).isEqualTo(0.1);
    Options half = defaults.with(TextClassifierOptions.VALIDATION, 0.5);
    assertThat(TextClassifierOptions.validation(half, 4)).isEqualTo(0.5);
  }
}

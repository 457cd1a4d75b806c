package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @Test
  void defaults() {
    Options options = Options.parse();
    assertThat(options.help()).isFalse();
    assertThat(options.shapes()).containsExactly(TrainingShape.values());
    assertThat(options.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(options.peers()).containsExactly(PeerKind.PYTORCH);
    assertThat(options.python()).isNull();
    assertThat(options.repetitions()).isEqualTo(10);
    assertThat(options.warmup()).isEqualTo(1);
    assertThat(options.json()).isNull();
  }

  @Test
  void everyOptionInBothSpellings() {
    Options options =
        Options.parse(
            "--suite", "train", "--shapes=s1,S0,s1", "--threads", "3", "--peers=pytorch-fused,pytorch",
            "--python=/a b/python", "--repetitions=7", "--warmup", "0.25", "--json", "out.json");
    assertThat(options)
        .isEqualTo(
            new Options(
                false, java.util.List.of(TrainingShape.S1, TrainingShape.S0), 3,
                java.util.List.of(PeerKind.PYTORCH_FUSED, PeerKind.PYTORCH), "/a b/python", 7, 0.25,
                Path.of("out.json")));
    assertThat(Options.parse("--peers", "none").peers()).isEmpty();
    assertThat(Options.parse("-h").help()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--suit train | there is no option --suit",
        "S1 | there is no option S1",
        "--threads | --threads: needs a value",
        "--threads 0 | --threads: must be a whole number from 1 to 1024, got 0",
        "--threads 1.5 | must be a whole number from 1 to 1024, got 1.5",
        "--repetitions many | must be a whole number from 1 to 10000, got many",
        "--warmup -1 | --warmup: must be a number from 0 to 600, got -1",
        "--warmup NaN | must be a number from 0 to 600, got NaN",
        "--shapes S1,X9 | must be of [S0, S1, S2, S4, M1, M2, L1, L2], got X9",
        "--shapes= | must be of [S0, S1, S2, S4, M1, M2, L1, L2], got nothing",
        "--peers keras | must be of [pytorch, pytorch-fused], got keras",
        "--suite infer | --suite: must be train, got infer",
      })
  void whatCannotBeIsNamed(String arguments, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(arguments.split(" ")))
        .withMessageContaining(message);
  }
}

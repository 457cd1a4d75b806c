package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  @Test
  void defaults() {
    Options options = Options.parse();
    assertThat(options.help()).isFalse();
    assertThat(options.suites()).containsExactly(Suite.TRAIN);
    assertThat(options.jobs(Suite.TRAIN)).isEqualTo(List.of(TrainingShape.values()));
    assertThat(options.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(options.peers(Suite.TRAIN)).containsExactly(PeerKind.PYTORCH);
    assertThat(options.peers(Suite.INFER)).containsExactly(PeerKind.ONNXRUNTIME, PeerKind.PYTORCH);
    assertThat(options.data()).isNull();
    assertThat(options.python()).isNull();
    assertThat(options.repetitions()).isEqualTo(10);
    assertThat(options.warmup()).isEqualTo(3);
    assertThat(options.json()).isNull();
  }

  @Test
  void everyOptionInBothSpellings() {
    Options options =
        Options.parse(
            "--suite", "train", "--shapes=s1,S0,s1", "--threads", "3", "--peers=pytorch-fused,pytorch",
            "--python=/a b/python", "--repetitions=7", "--warmup", "0.25", "--data", "a.tsv", "--json",
            "out.json");
    assertThat(options)
        .isEqualTo(
            new Options(
                false, List.of(Suite.TRAIN), List.of("S1", "S0"), 3,
                List.of(PeerKind.PYTORCH_FUSED, PeerKind.PYTORCH), "/a b/python", 7, 0.25, Path.of("a.tsv"),
                Path.of("out.json")));
    assertThat(Options.parse("--peers", "none").peers(Suite.INFER)).isEmpty();
    assertThat(Options.parse("--suite", "all").suites()).containsExactly(Suite.values());
    assertThat(Options.parse("-h").help()).isTrue();
  }

  @Test
  void shapesAreThoseOfTheSuites() {
    Options options = Options.parse("--suite", "infer,memory", "--shapes", "m2,i512-h512-t25-b1");
    assertThat(options.suites()).containsExactly(Suite.INFER, Suite.MEMORY);
    assertThat(options.jobs(Suite.INFER)).isEqualTo(List.of(new InferenceShape(512, 512, 25, 1)));
    assertThat(options.jobs(Suite.MEMORY)).isEqualTo(List.of(TrainingShape.M2));
    assertThat(Options.parse("--suite", "cold", "--help").help()).isTrue();
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
        "--suite infer --shapes S1 | --shapes: must be of [I256-H256-T1-B1, ",
        "--peers keras | must be of [pytorch, pytorch-fused, onnxruntime, dl4j], got keras",
        "--suite speed | --suite: must be of [train, infer, cells, cold, memory], got speed",
        "--suite cold --data /no/such.tsv | --data: must be a TSV file, gzipped or not, with the columns text and",
      })
  void whatCannotBeIsNamed(String arguments, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(arguments.split(" ")))
        .withMessageContaining(message);
  }
}

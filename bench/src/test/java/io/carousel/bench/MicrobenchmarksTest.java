package io.carousel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MicrobenchmarksTest {
  @Test
  void eachRuns() {
    Microbenchmarks benchmarks = new Microbenchmarks();
    benchmarks.productTile();
    benchmarks.lstmGates();
    benchmarks.softmax();
    benchmarks.teamBarrier();
    benchmarks.ends();
  }

  /** JMH finds them by a list that its annotation processor writes. */
  @Test
  void areListed() throws IOException {
    try (InputStream list = Microbenchmarks.class.getResourceAsStream("/META-INF/BenchmarkList")) {
      assertThat(new String(Objects.requireNonNull(list).readAllBytes(), StandardCharsets.UTF_8))
          .contains("productTile", "lstmGates", "contraction", "softmax", "teamBarrier");
    }
  }
}

package io.carousel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void everyCommandOfTheRehearsalIsStillThere() throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Rehearsal.rehearse(err);
    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
  }
}

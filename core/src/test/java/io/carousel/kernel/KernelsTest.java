package io.carousel.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kernels are chosen, and what people are told of it. */
final class KernelsTest {
  @ParameterizedTest
  @CsvSource({"vector128, 128, 4", "vector256, 256, 8", "vector512, 512, 16", "VECTOR512, 512, 16", "scalar, 0, 1"})
  void theWordDecides(String word, int bits, int lanes) {
    Kernels kernels = Kernels.choose(word);
    assertThat(kernels.bits()).isEqualTo(bits);
    assertThat(kernels.lanes()).isEqualTo(lanes);
    assertThat(kernels.isVector()).isEqualTo(bits > 0);
  }

  @Test
  void theWidestOfTheMachineByDefault() {
    Kernels kernels = Kernels.choose("auto");
    assertThat(kernels.bits()).isIn(128, 256, 512);
    assertThat(Kernels.choose("vector")).isEqualTo(kernels);
    assertThat(Kernels.chosen()).isEqualTo(Kernels.choose(System.getProperty(Kernels.PROPERTY, "auto")));
  }

  @Test
  void otherWordsAreRefused() {
    assertThatThrownBy(() -> Kernels.choose("vector1024"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "carousel.kernels: must be auto, vector, vector128, vector256, vector512 or scalar, got vector1024");
  }

  @Test
  void descriptions() {
    assertThat(Kernels.vector(512).describe()).isEqualTo("vector 512 bit");
    assertThat(Kernels.vector(128).describe()).isEqualTo("vector 128 bit");
    assertThat(Kernels.scalar().describe()).isEqualTo("scalar (forced)");
  }

  /** Prints what a process without the vector module would choose. */
  public static final class Child {
    private Child() {}

    public static void main(String[] words) {
      for (String word : words) {
        try {
          System.out.println(word + " -> " + Kernels.choose(word).describe());
        } catch (IllegalStateException e) {
          System.out.println(word + " -> " + e.getMessage());
        }
      }
    }
  }

  /** Without the module scalar code runs, and says how to be faster; a forced width fails. */
  @Test
  void withoutTheVectorModule() throws IOException, InterruptedException {
    String here = String.join(File.pathSeparator, place(Kernels.class), place(Child.class));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
                "-XX:TieredStopAtLevel=1", "-cp", here, Child.class.getName(), "auto", "scalar", "vector", "vector256")
            .redirectErrorStream(true)
            .start();
    String text;
    try (InputStream output = child.getInputStream()) {
      text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String missing =
        "the module jdk.incubator.vector is not there; start java with --add-modules jdk.incubator.vector";
    assertThat(text.lines())
        .containsExactly(
            "auto -> scalar: add --add-modules jdk.incubator.vector to be many times faster",
            "scalar -> scalar: add --add-modules jdk.incubator.vector to be many times faster",
            "vector -> carousel.kernels=vector: " + missing,
            "vector256 -> carousel.kernels=vector256: " + missing);
  }

  private static String place(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
  }
}

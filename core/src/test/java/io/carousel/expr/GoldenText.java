package io.carousel.expr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that must not change unnoticed, in {@code src/test/resources/golden/programs}. With {@code
 * -Dcarousel.golden=write} tests write them anew instead; read the difference before you keep it.
 */
public final class GoldenText {
  private static final Path FOLDER = Path.of("src/test/resources/golden/programs");

  private GoldenText() {}

  public static void check(String name, String text) {
    Path file = FOLDER.resolve(name + ".txt");
    try {
      if ("write".equals(System.getProperty("carousel.golden"))) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, text);
      }
      assertThat(text).as("%s; to write it anew: mvn test -Dcarousel.golden=write", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

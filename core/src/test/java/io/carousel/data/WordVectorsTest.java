package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordVectorsTest {
  private static final Vocabulary WORDS = new Vocabulary(List.of("the", "lstm", "größe", "none"));
  private static final String LINES = "the 1 2.5 -3\nof 7 7 7\ngröße 1e-2 0 4\n. . . 0 0 1\nlstm 4 5 6\nthe 9 9 9\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "6 3\n"})
  void textWithAndWithoutItsFirstLine(String head) throws IOException {
    check(Files.writeString(folder.resolve("vectors.txt"), head + LINES));
  }

  @Test
  void compressedText() throws IOException {
    Path file = folder.resolve("vectors.vec.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(LINES.replace("\n", " \r\n").getBytes(StandardCharsets.UTF_8));
    }
    check(file);
  }

  @Test
  void binary() throws IOException {
    check(Files.write(folder.resolve("vectors.bin"), binary(4)));
  }

  @Test
  void aFileThatBreaksOffOrIsWrongIsRefusedByLine() throws IOException {
    byte[] all = binary(5);
    Path file = Files.write(folder.resolve("short.bin"), all);
    refused(file, "line 6: must be word 5 of 5 with 3 floats, the file ends within it");
    refused(Files.writeString(folder.resolve("a"), "the 1 2 3\nlstm 1 2\n"),
        "line 2: must have 3 numbers after the word, got 2");
    refused(Files.writeString(folder.resolve("b"), "the 1 2 3\nlstm 1 x 2\n"),
        "line 2: must have 3 numbers after the word, got \"x\"");
    refused(Files.writeString(folder.resolve("c"), "the 1 NaN 3\n"), "line 1: must have finite numbers, got NaN (NaN)");
    refused(Files.writeString(folder.resolve("e"), "3 2\nthe 1 2\nlstm 1 2\n"),
        "line 4: must be word 3 of 3, as the first line counts them, the file ends; copy it again, or leave out the"
            + " first line if it was cut on purpose");
    refused(Files.writeString(folder.resolve("zip"), "PK\3\4and so on"),
        "line 1: must be text, binary or gzip, got a zip archive; unpack it and name the file in it");
    refused(Files.writeString(folder.resolve("f"), "1 900000000\nthe 1 2\n"),
        "line 1: vectors must have at most 65536 numbers, got 900000000; is the file damaged?");
    refused(Files.writeString(folder.resolve("d"), ""),
        "line 1: must have a word and its numbers, the file is empty");
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    Path file = folder.resolve("nowhere.vec");
    assertThatThrownBy(() -> WordVectors.read(file, new Vocabulary(List.of("the"))))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be read: there is no such file");
  }

  private static void refused(Path file, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> WordVectors.read(file, WORDS))
        .withMessage("WordVectors: " + file + ", " + message);
  }

  private static void check(Path file) throws IOException {
    WordVectors vectors = WordVectors.read(file, WORDS);
    assertThat(vectors.dimension()).isEqualTo(3);
    assertThat(vectors.found()).isEqualTo(3);
    assertThat(vectors.missing()).isEqualTo(1);
    float[] table = new float[WORDS.size() * 3];
    java.util.Arrays.fill(table, 8);
    vectors.into(table);
    assertThat(table).containsExactly(8, 8, 8, 8, 8, 8, 1, 2.5f, -3, 4, 5, 6, 0.01f, 0, 4, 8, 8, 8);
    assertThatIllegalArgumentException().isThrownBy(() -> vectors.into(new float[6]))
        .withMessageContaining("give the Embedding a dimension of 3");
  }

  /** Four words, of which the first line says {@code count}. */
  private static byte[] binary(int count) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((count + " 3\n").getBytes(StandardCharsets.UTF_8));
    word(out, "the", 1, 2.5f, -3);
    word(out, "of", 7, 7, 7);
    word(out, "größe", 0.01f, 0, 4);
    word(out, "lstm", 4, 5, 6);
    return out.toByteArray();
  }

  private static void word(ByteArrayOutputStream out, String word, float... numbers) throws IOException {
    out.write((word + " ").getBytes(StandardCharsets.UTF_8));
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    out.write(bytes.array());
    out.write('\n');
  }
}

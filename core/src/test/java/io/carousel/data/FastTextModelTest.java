package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FastTextModelTest {
  private static final int DIMENSION = 3;
  private static final int BUCKET = 50;
  private static final List<String> ENTRIES = List.of("</s>", "the", "größe", "__label__good");
  private static final int WORDS = 3;

  @TempDir Path folder;

  /** The values of gensim's tests, which took them from fastText. */
  @Test
  void hashesAreThoseOfFastText() {
    Map.of(
        "команда", 1725507386L, "маленьких", 3011324125L, "mysterious", 1903186891L, "odyssey", 310195777L, "北海道",
        4096045468L, "札幌", 3909947444L)
        .forEach((word, hash) -> {
          byte[] text = word.getBytes(StandardCharsets.UTF_8);
          assertThat(Integer.toUnsignedLong(FastTextModel.Parts.hash(text, 0, text.length))).as(word).isEqualTo(hash);
        });
  }

  @Test
  void aWordIsTheMeanOfItsRowAndItsParts() throws IOException {
    Vocabulary vocabulary = new Vocabulary(List.of("größe", "lstm", "</s>", "the"));
    WordVectors vectors = WordVectors.read(write(12, 3, 4, false), vocabulary);
    assertThat(vectors.dimension()).isEqualTo(DIMENSION);
    assertThat(vectors.found()).isEqualTo(4);
    float[] table = new float[vocabulary.size() * DIMENSION];
    vectors.into(table);
    is(table, 2, 2, "<gr", "<grö", "grö", "größ", "röß", "röße", "öße", "öße>", "ße>");
    is(table, 3, -1, "<ls", "<lst", "lst", "lstm", "stm", "stm>", "tm>");
    is(table, 4, 0);
    is(table, 5, 1, "<th", "<the", "the", "the>", "he>");
  }

  /** One character counts where it is not the border, and a word of one character has parts of three with it. */
  @Test
  void shortPartsLeaveTheBordersOut() throws IOException {
    Vocabulary vocabulary = new Vocabulary(List.of("aß"));
    float[] table = new float[vocabulary.size() * DIMENSION];
    WordVectors.read(write(12, 1, 2, false), vocabulary).into(table);
    is(table, 2, -1, "<a", "a", "aß", "ß", "ß>");
  }

  @Test
  void withoutPartsAWordThatTheModelNeverSawHasNoVector() throws IOException {
    Vocabulary vocabulary = new Vocabulary(List.of("lstm", "the", "__label__good"));
    WordVectors vectors = WordVectors.read(write(12, 0, 0, false), vocabulary);
    assertThat(vectors.found()).isEqualTo(1);
    assertThat(vectors.missing()).isEqualTo(2);
    float[] table = new float[vocabulary.size() * DIMENSION];
    vectors.into(table);
    assertThat(Arrays.copyOfRange(table, 9, 12)).containsExactly(row(1));
    assertThat(Arrays.copyOfRange(table, 12, 15)).containsOnly(0);
  }

  @Test
  void compressed() throws IOException {
    Path file = folder.resolve("model.bin.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(Files.readAllBytes(write(12, 3, 6, false)));
    }
    assertThat(WordVectors.read(file, new Vocabulary(List.of("the", "then"))).found()).isEqualTo(2);
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    refused(write(11, 3, 6, false), "must be a model of version 12, got 11; load and save it with fastText 0.2 or"
        + " later, or write its vectors as text (.vec)");
    refused(write(12, 3, 6, true), "is quantized; read the .bin that it was made of, or its vectors as text (.vec)");
    byte[] all = Files.readAllBytes(write(12, 3, 6, false));
    refused(Files.write(folder.resolve("short"), Arrays.copyOf(all, 30)), "the file ends within its head");
    refused(Files.write(folder.resolve("short"), Arrays.copyOf(all, 100)), "the file ends within its dictionary");
    refused(Files.write(folder.resolve("short"), Arrays.copyOf(all, 400)), "the file ends within its matrix");
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 1 << 30);
    refused(Files.write(folder.resolve("huge"), all), "its head is damaged: 1073741824 numbers, 3 words of 4 entries,"
        + " 50 buckets");
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 4);
    refused(Files.write(folder.resolve("other"), all), "its matrix must be [53,4], got [53,3]");
  }

  private static void refused(Path file, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WordVectors.read(file, new Vocabulary(List.of("the", "other"))))
        .withMessage("WordVectors: " + file + ", a fastText model: " + message);
  }

  /** A model that fastText itself wrote, before its files had a version. */
  @Test
  void aModelFromBeforeVersionsIsRefused() {
    Path file = Path.of(
        System.getenv().getOrDefault("CAROUSEL_DATA", "../../shared/data"), "word-vectors", "lee_fasttext.bin");
    assumeTrue(Files.exists(file), "no " + file + "; CAROUSEL_DATA names the folder of data sets");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WordVectors.read(file, new Vocabulary(List.of("the"))))
        .withMessageEndingWith("must be text, or binary as word2vec or fastText 0.2 write it, got neither; load an older"
            + " model and save it again, or write its vectors as text");
  }

  // ------------------------------------------------------------------------------------------

  /** The row of a word is the mean of one of the model's words, or none (−1), and of some parts. */
  private static void is(float[] table, int id, int word, String... parts) {
    float[] sum = word < 0 ? new float[DIMENSION] : row(word);
    for (String part : parts) {
      long hash = 2166136261L;
      for (byte each : part.getBytes(StandardCharsets.UTF_8)) {
        hash = ((hash ^ (each & 0xffffffffL)) * 16777619L) & 0xffffffffL;
      }
      float[] row = row(WORDS + (int) (hash % BUCKET));
      for (int k = 0; k < DIMENSION; k++) {
        sum[k] += row[k];
      }
    }
    int count = parts.length + (word < 0 ? 0 : 1);
    for (int k = 0; k < DIMENSION; k++) {
      assertThat(table[id * DIMENSION + k]).isCloseTo(sum[k] / count, within(1e-5f));
    }
  }

  private static float[] row(int row) {
    return new float[] {row, (row * 7 % 11) - 5, 1f / (row + 1)};
  }

  /** A model as fastText's source writes it. */
  private Path write(int version, int shortest, int longest, boolean quantized) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(793712314).putInt(version);
    for (int each : new int[] {DIMENSION, 5, 5, 1, 5, 1, 2, 2, BUCKET, shortest, longest, 100}) {
      out.putInt(each); // dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate
    }
    out.putDouble(1e-4);
    out.putInt(ENTRIES.size()).putInt(WORDS).putInt(1).putLong(1000).putLong(-1);
    for (int i = 0; i < ENTRIES.size(); i++) {
      out.put(ENTRIES.get(i).getBytes(StandardCharsets.UTF_8)).put((byte) 0).putLong(100 - i);
      out.put((byte) (i < WORDS ? 0 : 1));
    }
    out.put((byte) (quantized ? 1 : 0));
    out.putLong(WORDS + BUCKET).putLong(DIMENSION);
    for (int i = 0; i < WORDS + BUCKET; i++) {
      for (float each : row(i)) {
        out.putFloat(each);
      }
    }
    out.put((byte) 0).putLong(1).putLong(DIMENSION);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(out.array(), 0, out.position());
    return Files.write(folder.resolve("model" + version + longest + quantized + ".bin"), bytes.toByteArray());
  }
}

package io.carousel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void writesWhatItReads() throws IOException {
    float[] many = new float[50_000]; // More than one chunk.
    for (int i = 0; i < many.length; i++) {
      many[i] = Float.intBitsToFloat(i * 85_899);
    }
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.of(many, 50, 1000));
    tensors.put("empty", Tensor.zeros(0, 3));
    tensors.put("scalar ü \"", Tensor.of(new float[] {-0.0f}));
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    metadata.put("b", "line\nfeed");
    metadata.put("a", "");
    Path file = folder.resolve("t");
    Safetensors.write(file, tensors, metadata);

    Safetensors.Content content = Safetensors.read(file);
    assertThat(content.metadata()).containsExactlyEntriesOf(metadata);
    assertThat(Safetensors.readMetadata(file)).isEqualTo(metadata);
    assertThat(content.tensors().keySet()).containsExactly("z", "empty", "scalar ü \"");
    tensors.forEach((name, tensor) -> {
      Tensor read = tensor(content, name);
      assertThat(read.sizes()).isEqualTo(tensor.sizes());
      for (int i = 0; i < tensor.values().length; i++) {
        assertThat(Float.floatToRawIntBits(read.values()[i]))
            .isEqualTo(Float.floatToRawIntBits(tensor.values()[i]));
      }
    });
    byte[] bytes = Files.readAllBytes(file);
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
    Safetensors.write(file, tensors, metadata);
    assertThat(file).hasBinaryContent(bytes);
  }

  @Test
  void writesTheBytesOfTheFormat() throws IOException {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("w", Tensor.of(new float[] {1, 2}, 2));
    Path file = folder.resolve("t");
    Safetensors.write(file, tensors, new LinkedHashMap<>());
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    assertThat(file)
        .hasBinaryContent(bytes(header + " ".repeat(56 - header.length()), 0x3f800000, 0x40000000));
  }

  @Test
  void readsTensorsInTheOrderOfTheirBytes() throws IOException {
    Path file =
        file(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"b\":{\"data_offsets\":[0,4],\"shape\":[],\"dtype\":\"F32\"}}  ",
            0x3f800000,
            0x40000000);
    Safetensors.Content content = Safetensors.read(file);
    assertThat(content.tensors().keySet()).containsExactly("b", "a");
    assertThat(tensor(content, "a").get(0)).isEqualTo(2f);
    assertThat(tensor(content, "b").rank()).isZero();
  }

  @Test
  void readsWhatTheFormatsOwnLibraryWrites() throws URISyntaxException {
    Safetensors.Content content = Safetensors.read(resource("python.safetensors"));
    assertThat(content.metadata()).containsOnly(Map.entry("format", "pt"));
    assertThat(tensor(content, "layer.weight").sizes()).containsExactly(2, 3);
    assertThat(tensor(content, "layer.weight").values()).containsExactly(0, 0.25f, 0.5f, 0.75f, 1, 1.25f);
    assertThat(tensor(content, "layer.bias").values()).containsExactly(-1.5f, 2.5f);
    assertThat(tensor(content, "scale").get()).isEqualTo(0.125f);
    assertThat(tensor(content, "none").sizes()).containsExactly(0, 4);
    Path half = resource("half.safetensors");
    assertThatThrownBy(() -> Safetensors.read(half))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tensor \"half\": numbers must be 32-bit floats (F32), got \"F16\"");
  }

  @Test
  void readsAFileWithoutTensors() throws IOException {
    assertThat(Safetensors.read(file("{}")).tensors()).isEmpty();
  }

  /** Each header goes with 8 bytes of numbers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'w':[0,8]                                         | must be JSON",
        "{'w':[0,8]}                                        | \"w\" must be an object",
        "{'w':{}}                                           | \"dtype\" must be a text, got"
            + " nothing",
        "{'w':{'dtype':'F32','shape':[2]}}                  | data_offsets must be two whole"
            + " numbers, got null",
        "{'w':{'dtype':'F16','shape':[4],'data_offsets':[0,8]}}   | tensor \"w\": numbers must be"
            + " 32-bit floats (F32), got \"F16\"",
        "{'w':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}   | got \"I64\"; convert the file"
            + " to F32",
        "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}   | [3] must have 12 bytes, got"
            + " data_offsets [0, 8]",
        "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}  | sizes must not be negative",
        "{'w':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}} | must be a list of whole"
            + " numbers",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}   | must have 8 bytes",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}  | must have 8 bytes",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}                     | got"
            + " \"x\" too",
        "{'w':{'dtype':'F32','shape':[2147483647,2147483647,4],'data_offsets':[0,8]}}     | at most"
            + " 2147483639 numbers",
        "{'w':{'dtype':'F32','shape':[4294967296],'data_offsets':[0,8]}}                  | whole"
            + " numbers of 32 bits",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}                           | must"
            + " begin at byte 0 where the header ends, got 4",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"
            + " | must begin at byte 4 where \"w\" ends, got 0",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}"
            + " | \"w\" must occur once",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}   | must have 4 bytes of numbers,"
            + " got 4 more",
        "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}  | must have 12 bytes of numbers,"
            + " got 8; the file is truncated",
        "{'__metadata__':{'a':1}}                                 | __metadata__: \"a\" must be a"
            + " text, got 1",
        "{'__metadata__':'a'}                                     | \"__metadata__\" must be an"
            + " object",
      })
  void refusesABrokenHeader(String header, String message) throws IOException {
    Path file = file(header.replace('\'', '"'), 0x3f800000, 0x40000000);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesAHeaderThatIsNotUtf8() throws IOException {
    byte[] bytes = bytes("{\"__metadata__\":{\"a\":\"b\"}}");
    bytes[8 + 22] = (byte) 0xff;
    Path file = Files.write(folder.resolve("t"), bytes);
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessageContaining("the header must be UTF-8");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 9, 20, 63, 64, 71})
  void refusesATruncatedFile(int length) throws IOException {
    byte[] bytes =
        bytes("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}  ", 1, 2);
    assertThat(bytes).hasSizeGreaterThan(71);
    Path file = Files.write(folder.resolve("t"), java.util.Arrays.copyOf(bytes, length));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageMatching("(?s).*(only|empty|truncated).*");
  }

  @Test
  void saysWhatAForeignFileLooksLike() throws IOException {
    assertForeign("PK\u0003\u0004 and more bytes", "a zip archive");
    assertForeign("\u0089HDF\r\n\u001a\n and more", "an HDF5 file");
    assertForeign("label\ttext\nham\thello", "a text file");
    assertForeign("\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}", "a file of another kind");
    assertForeign("\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u0000{}", "a file of another kind");
    assertThatThrownBy(() -> Safetensors.read(folder))
        .hasMessage(folder + ": cannot be read: it is a folder");
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Safetensors.read(none))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(none + ": cannot be read: there is no such file");
  }

  @Test
  void refusesATensorCalledMetadata() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("__metadata__", Tensor.zeros(1));
    assertThatThrownBy(() -> Safetensors.write(folder.resolve("t"), tensors, new LinkedHashMap<>()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder.resolve("t")).doesNotExist();
  }

  private void assertForeign(String content, String kind) throws IOException {
    Path file = Files.write(folder.resolve("f"), content.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Safetensors.read(file))
        .hasMessageContaining("must be a safetensors file, got " + kind);
  }

  private static Tensor tensor(Safetensors.Content content, String name) {
    return Objects.requireNonNull(content.tensors().get(name), name);
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(SafetensorsTest.class.getResource("/store/" + name)).toURI());
  }

  private Path file(String header, int... words) throws IOException {
    return Files.write(folder.resolve("t"), bytes(header, words));
  }

  private static byte[] bytes(String header, int... words) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(8 + text.length + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(text.length).put(text);
    for (int word : words) {
      buffer.putInt(word);
    }
    return buffer.array();
  }
}

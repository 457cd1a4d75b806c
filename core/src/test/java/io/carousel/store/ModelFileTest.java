package io.carousel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir Path folder;

  @Test
  void keepsWeightsAndManifest() throws IOException {
    ModelFile model = model();
    model.write(folder);
    Path file = folder.resolve(ModelFile.NAME);
    byte[] bytes = Files.readAllBytes(file);
    for (Path path : List.of(folder, file)) {
      ModelFile read = ModelFile.read(path);
      assertThat(read.manifest()).isEqualTo(model.manifest());
      assertThat(read.tensor("lstm.W").values()).containsExactly(1, 2, 3, 4);
      assertThat(read.tensors().keySet()).containsExactly("lstm.W", "dense.b");
    }
    assertThat(ModelFile.readManifest(folder).task().strings("classes"))
        .containsExactly("ham", "späm\u202e");
    model.write(file);
    assertThat(file).hasBinaryContent(bytes);
  }

  /** Whatever bit flips on the disk or the wire, the file is refused. */
  @Test
  void noticesEveryFlippedBit() throws IOException {
    model().write(folder);
    byte[] bytes = Files.readAllBytes(folder.resolve(ModelFile.NAME));
    Path damaged = folder.resolve("damaged");
    for (int i = 0; i < bytes.length; i++) {
      byte whole = bytes[i];
      bytes[i] ^= (byte) (1 << i % 8);
      Files.write(damaged, bytes);
      assertThatThrownBy(() -> ModelFile.read(damaged))
          .as("byte %d, %s", i, (char) whole)
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith(damaged + ": ")
          .hasMessageNotContaining("\n");
      bytes[i] = whole;
    }
  }

  @Test
  void noticesEveryTruncation() throws IOException {
    model().write(folder);
    byte[] bytes = Files.readAllBytes(folder.resolve(ModelFile.NAME));
    Path damaged = folder.resolve("damaged");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(damaged, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> ModelFile.read(damaged))
          .as("%d bytes", length)
          .isInstanceOf(ModelFormatException.class);
    }
  }

  @Test
  void noticesAnotherShapeOfTheSameBytes() throws IOException {
    model().write(folder);
    Path file = folder.resolve(ModelFile.NAME);
    SequencedMap<String, Tensor> reshaped = new LinkedHashMap<>();
    reshaped.put("lstm.W", Tensor.of(model().tensor("lstm.W").values(), 4));
    reshaped.put("dense.b", model().tensor("dense.b"));
    Safetensors.write(file, reshaped, Safetensors.readMetadata(file));
    assertThatThrownBy(() -> ModelFile.read(file)).hasMessageContaining("must match its SHA-256");
  }

  @Test
  void refusesForeignAndNewerFiles() throws IOException {
    assertMetadata("without a manifest");
    assertMetadata("of the format \"pt\"", "format", "pt");
    assertMetadata(
        "format version must be at most 1, got 2; it comes from a newer Carousel, use that one",
        "format",
        "carousel",
        "format_version",
        "2",
        "carousel",
        "{}");
    assertMetadata(
        "got 2147483647; it comes from a newer",
        "format",
        "carousel",
        "format_version",
        "12345678901");
    assertMetadata(
        "with the version \"one\"; the file is corrupted",
        "format",
        "carousel",
        "format_version",
        "one");
    assertMetadata(
        "must hold format_version, sha256 and carousel",
        "format",
        "carousel",
        "format_version",
        "1");
  }

  @Test
  void refusesAManifestWithoutItsParts() throws IOException {
    Path file = folder.resolve("m");
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "carousel");
    metadata.put("format_version", "1");
    metadata.put("sha256", "");
    metadata.put("carousel", "{\"task\":{}}");
    Safetensors.write(file, new LinkedHashMap<>(), metadata);
    assertThatThrownBy(() -> ModelFile.readManifest(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": manifest: \"architecture\" must be an object, got nothing");
  }

  @Test
  void refusesAMissingFileAndAMissingTensor() {
    assertThatThrownBy(() -> ModelFile.read(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(folder.resolve(ModelFile.NAME) + ": cannot be read: there is no such file");
    assertThatThrownBy(() -> model().tensor("gru.W"))
        .hasMessage("model file: must have a tensor \"gru.W\", got [lstm.W, dense.b]");
  }

  private void assertMetadata(String message, String... entries) throws IOException {
    Path file = folder.resolve("m");
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      metadata.put(entries[i], entries[i + 1]);
    }
    Safetensors.write(file, new LinkedHashMap<>(), metadata);
    for (int i = 0; i < 2; i++) {
      boolean whole = i == 0;
      assertThatThrownBy(
              () -> {
                if (whole) {
                  ModelFile.read(file);
                } else {
                  ModelFile.readManifest(file);
                }
              })
          .isInstanceOf(ModelFormatException.class)
          .hasMessageStartingWith(file + ": ")
          .hasMessageContaining(message);
    }
  }

  private static ModelFile model() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("lstm.W", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    tensors.put("dense.b", Tensor.of(new float[] {0.25f}, 1));
    Manifest manifest =
        new Manifest(
            new JsonObject()
                .put("name", "text-classifier")
                .put("classes", List.of("ham", "späm\u202e")),
            new JsonObject().put("layers", List.of(new JsonObject().put("units", 2))),
            new JsonObject().put("vocabulary", List.of("the", "\"a\"")),
            new JsonObject().put("seed", 7).put("learningRate", 1e-3f));
    return new ModelFile(manifest, tensors);
  }
}

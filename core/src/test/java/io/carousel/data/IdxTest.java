package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carousel.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  private static final byte[] IMAGES = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, (byte) 255, 51, 102};
  private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, (byte) 200};

  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file"), bytes);
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void readsImagesAndLabelsPlainAndZipped() throws IOException {
    for (byte[] bytes : new byte[][] {IMAGES, zipped(IMAGES)}) {
      Tensor images = Idx.images(file(bytes));
      assertThat(images.sizes()).containsExactly(2, 1, 2);
      assertThat(images.values()).containsExactly(0f, 1f, 0.2f, 0.4f);
    }
    assertThat(Idx.labels(file(LABELS))).containsExactly(7, 0, 200);
    assertThat(Idx.labels(file(zipped(LABELS)))).containsExactly(7, 0, 200);
  }

  @Test
  void saysInOneLineWhatIsWrong() throws IOException {
    refused("must be an IDX file, plain or gzip, begins with [60, 104, 116, 109]", "<html>".getBytes(StandardCharsets.US_ASCII));
    refused("must be an IDX file, plain or gzip, begins with []", new byte[0]);
    refused("must hold unsigned bytes, type 8, got type 13", new byte[] {0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0});
    refused("ends within its head; fetch it again", Arrays.copyOf(LABELS, 6));
    refused("must have 3 bytes for [3], has only 2; fetch it again", Arrays.copyOf(LABELS, LABELS.length - 1));
    refused("must have 3 bytes for [3], has more; fetch it again", Arrays.copyOf(LABELS, LABELS.length + 1));
    refused("holds more than one array can, [-1]", new byte[] {0, 0, 8, 1, -1, -1, -1, -1});
    refused("labels must have one axis, got [2, 1, 2]; are these the images?", IMAGES);
    byte[] zip = zipped(LABELS);
    refused("is a damaged gzip file", Arrays.copyOf(zip, zip.length - 9));
  }

  private void refused(String message, byte[] bytes) throws IOException {
    Path file = file(bytes);
    assertThatThrownBy(() -> Idx.labels(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}

package io.carousel.store;

import io.carousel.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes safetensors files: 8 bytes with the length N of the header, N bytes of JSON, raw
 * numbers.
 *
 * <p>Reading is strict: every rule of the format is checked before a number is read, so a file that
 * is accepted has one meaning. Numbers are 32-bit floats, little-endian, in row-major order; other
 * types are refused by name. Writing is deterministic: tensors lie in the order of the map, the
 * header is padded with spaces to a multiple of 8 bytes, and the same content gives the same bytes.
 *
 * <p>Source: the safetensors format description, Hugging Face, github.com/huggingface/safetensors.
 */
public final class Safetensors {
  /** The longest header that the format allows, in bytes. */
  private static final int LONGEST_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 16;

  /**
   * What a file holds.
   *
   * @param tensors the tensors by name, in the order of their bytes in the file
   * @param metadata the texts of {@code __metadata__}
   */
  public record Content(
      SequencedMap<String, Tensor> tensors, SequencedMap<String, String> metadata) {}

  private Safetensors() {}

  /**
   * Reads a whole file. @throws ModelFormatException if it cannot be read or breaks a rule of the
   * format
   */
  public static Content read(Path file) {
    return read(file, null);
  }

  /** Reads only the texts of {@code __metadata__}, after the same checks of the header. */
  public static SequencedMap<String, String> readMetadata(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return header(file, in).metadata();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads a whole file and feeds name, sizes and bytes of every tensor to a digest on the way. */
  static Content read(Path file, @Nullable MessageDigest digest) {
    try (InputStream in = Files.newInputStream(file)) {
      SafetensorsHeader header = header(file, in);
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      byte[] chunk = new byte[CHUNK];
      for (SafetensorsHeader.Entry entry : header.entries()) {
        float[] values = new float[entry.count()];
        if (digest != null) {
          digest.update(heading(entry.name(), entry.sizes()));
        }
        for (int at = 0; at < values.length; ) {
          int count = Math.min(values.length - at, CHUNK / Float.BYTES);
          int bytes = count * Float.BYTES;
          if (in.readNBytes(chunk, 0, bytes) < bytes) {
            throw new ModelFormatException(file + ": became shorter while it was read; try again");
          }
          ByteBuffer.wrap(chunk)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer()
              .get(values, at, count);
          if (digest != null) {
            digest.update(chunk, 0, bytes);
          }
          at += count;
        }
        tensors.put(entry.name(), Tensor.of(values, entry.sizes()));
      }
      return new Content(tensors, header.metadata());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Writes a file whole or not at all; see {@link AtomicFiles#write}.
   *
   * @param tensors the tensors, written in the order of the map
   * @param metadata texts for {@code __metadata__}, which is left out when there are none
   */
  public static void write(
      Path file, SequencedMap<String, Tensor> tensors, SequencedMap<String, String> metadata)
      throws IOException {
    SequencedMap<String, int[]> sizes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> sizes.put(name, tensor.sizes()));
    byte[] json = SafetensorsHeader.of(metadata, sizes).toJson().getBytes(StandardCharsets.UTF_8);
    int length = Math.ceilDiv(json.length, 8) * 8;
    if (length > LONGEST_HEADER) {
      throw new IllegalArgumentException(
          "Safetensors: the header must have at most "
              + LONGEST_HEADER
              + " bytes, got "
              + length
              + "; shorten the metadata");
    }
    byte[] head =
        Arrays.copyOf(
            ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array(),
            Long.BYTES + length);
    System.arraycopy(json, 0, head, Long.BYTES, json.length);
    Arrays.fill(head, Long.BYTES + json.length, head.length, (byte) ' ');
    AtomicFiles.write(
        file,
        out -> {
          out.write(head);
          byte[] chunk = new byte[CHUNK];
          for (Tensor tensor : tensors.values()) {
            writeValues(tensor.values(), chunk, out);
          }
        });
  }

  /**
   * Feeds to a digest what {@link #read(Path, MessageDigest)} will feed to it when these tensors
   * are read.
   */
  static void digest(SequencedMap<String, Tensor> tensors, MessageDigest digest) {
    byte[] chunk = new byte[CHUNK];
    OutputStream sink =
        new OutputStream() {
          @Override
          public void write(int b) {
            digest.update((byte) b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
          }
        };
    tensors.forEach((name, tensor) -> {
      digest.update(heading(name, tensor.sizes()));
      try {
        writeValues(tensor.values(), chunk, sink);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  private static void writeValues(float[] values, byte[] chunk, OutputStream out)
      throws IOException {
    for (int at = 0; at < values.length; ) {
      int count = Math.min(values.length - at, CHUNK / Float.BYTES);
      ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values, at, count);
      out.write(chunk, 0, count * Float.BYTES);
      at += count;
    }
  }

  private static byte[] heading(String name, int[] sizes) {
    return (name + " " + Arrays.toString(sizes) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static SafetensorsHeader header(Path file, InputStream in) throws IOException {
    long size = Files.size(file);
    byte[] start = in.readNBytes(Long.BYTES + 1);
    if (start.length < Long.BYTES + 1) {
      throw new ModelFormatException(
          file
              + ": must be a safetensors file, got "
              + (start.length == 0 ? "an empty file" : "only " + start.length + " bytes"));
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (start[Long.BYTES] != '{' || length < 2 || length > LONGEST_HEADER) {
      throw new ModelFormatException(file + ": must be a safetensors file, got " + kind(start));
    }
    if (length > size - Long.BYTES) {
      throw new ModelFormatException(
          file
              + ": must have a header of "
              + length
              + " bytes, got "
              + (size - Long.BYTES)
              + "; the file is truncated, copy or train it again");
    }
    byte[] header = new byte[(int) length];
    header[0] = '{';
    if (in.readNBytes(header, 1, header.length - 1) < header.length - 1) {
      throw new ModelFormatException(file + ": became shorter while it was read; try again");
    }
    return SafetensorsHeader.parse(header, size - Long.BYTES - length, file.toString());
  }

  /** What the first nine bytes look like, for somebody who has named the wrong file. */
  private static String kind(byte[] start) {
    String magic = new String(start, StandardCharsets.ISO_8859_1);
    if (magic.startsWith("PK")) {
      return "a zip archive (.keras, .pt and .npz files are that)";
    }
    if (magic.startsWith("\u0089HDF")) {
      return "an HDF5 file (.h5 files are that)";
    }
    if (magic.startsWith("GGUF")) {
      return "a GGUF file";
    }
    for (byte b : start) {
      if ((b < ' ' || b > '~') && b != '\n' && b != '\r' && b != '\t') {
        return "a file of another kind, or a corrupted one";
      }
    }
    return "a text file";
  }

  private static ModelFormatException unreadable(Path file, IOException e) {
    String reason =
        Files.isDirectory(file)
            ? "it is a folder"
            : e instanceof NoSuchFileException
                ? "there is no such file"
                : e instanceof AccessDeniedException
                    ? "no permission to read it"
                    : String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
    return new ModelFormatException(file + ": cannot be read: " + reason, e);
  }
}

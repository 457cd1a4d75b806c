package io.carousel.data;

import io.carousel.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Arrays of bytes in the IDX format of MNIST, plain or gzip: two zero bytes, the type 8, the number of axes, the sizes
 * as big-endian whole numbers, the bytes in row-major order.
 *
 * <p>Source: LeCun, Cortes, Burges: The MNIST database of handwritten digits, section on file formats.
 */
public final class Idx {
  private static final int UNSIGNED_BYTE = 8;
  private static final int MOST_AXES = 8;

  private Idx() {}

  /**
   * The numbers of a file divided by 255, so that they are from 0 to 1: images [N,h,w].
   *
   * @throws DataException if the file is no such array; says what it is
   * @throws IOException if it cannot be read
   */
  public static Tensor images(Path file) throws IOException {
    Array array = read(file);
    float[] values = new float[array.bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(array.bytes[i]) / 255f;
    }
    return Tensor.of(values, array.sizes);
  }

  /**
   * The numbers of a file with one axis as they are: labels [N], from 0 to 255.
   *
   * @throws DataException if the file is no such array; says what it is
   * @throws IOException if it cannot be read
   */
  public static int[] labels(Path file) throws IOException {
    Array array = read(file);
    if (array.sizes.length != 1) {
      throw new DataException(
          file + ": labels must have one axis, got " + Arrays.toString(array.sizes) + "; are these the images?");
    }
    int[] labels = new int[array.bytes.length];
    Arrays.setAll(labels, i -> Byte.toUnsignedInt(array.bytes[i]));
    return labels;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Array(int[] sizes, byte[] bytes) {}

  private static Array read(Path file) throws IOException {
    try (InputStream in = open(file)) {
      byte[] head = in.readNBytes(4);
      boolean idx = head.length == 4 && head[0] == 0 && head[1] == 0 && head[3] > 0 && head[3] <= MOST_AXES;
      if (!idx) {
        throw new DataException(file + ": must be an IDX file, plain or gzip, begins with " + Arrays.toString(head));
      }
      if (head[2] != UNSIGNED_BYTE) {
        throw new DataException(file + ": must hold unsigned bytes, type 8, got type " + head[2]);
      }
      int[] sizes = new int[head[3]];
      byte[] text = in.readNBytes(4 * sizes.length);
      if (text.length < 4 * sizes.length) {
        throw new DataException(file + ": ends within its head; fetch it again");
      }
      long count = 1;
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = ByteBuffer.wrap(text).getInt(4 * i);
        count = sizes[i] < 0 || count > Integer.MAX_VALUE ? Long.MAX_VALUE : count * sizes[i];
      }
      if (count > Integer.MAX_VALUE - 8) {
        throw new DataException(file + ": holds more than one array can, " + Arrays.toString(sizes));
      }
      byte[] bytes = in.readNBytes((int) count);
      if (bytes.length < count || in.read() >= 0) {
        throw new DataException(
            file + ": must have " + count + " bytes for " + Arrays.toString(sizes) + ", has "
                + (bytes.length < count ? "only " + bytes.length : "more") + "; fetch it again");
      }
      return new Array(sizes, bytes);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw new DataException(file + ": is a damaged gzip file, " + e.getMessage() + "; fetch it again", e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(2);
    boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return zipped ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16)) : in;
  }
}

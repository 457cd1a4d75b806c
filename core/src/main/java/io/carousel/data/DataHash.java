package io.carousel.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of data as stored, which says later what a model was trained on.
 *
 * <p>Of a file it is what {@code sha256sum} prints. Of a folder for each class it covers, class by
 * class and file by file in the order of their names, the class and file name, the size and the bytes.
 */
public final class DataHash {
  private DataHash() {}

  /**
   * The hash of a file or of a folder for each class, as 64 hexadecimal digits.
   *
   * @throws DataException if it cannot be read
   */
  public static String of(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return ClassFolders.read(path, new Columns("", null, true, false)).sha256();
      }
      MessageDigest digest = sha256();
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = Files.newInputStream(path)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
      return hex(digest);
    } catch (IOException e) {
      throw TextTables.unreadable(path.toString(), path, e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("DataHash: every Java platform must have SHA-256", e);
    }
  }

  static void update(MessageDigest digest, String name, byte[] content) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(content.length).flip());
    digest.update(content);
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}

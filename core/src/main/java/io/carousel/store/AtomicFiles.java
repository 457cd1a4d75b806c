package io.carousel.store;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * Writes whole files: whoever looks, at any time and after any crash, sees the old file or the new
 * one.
 *
 * <p>The content goes to a hidden file beside the target, is forced to the disk, and takes the
 * target's name in one step. When anything goes wrong on the way, the hidden file is removed and
 * the target is as it was.
 */
public final class AtomicFiles {

  /** What a file shall hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to a buffered stream that the caller closes. */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFiles() {}

  /** Writes a text as UTF-8; see {@link #write}. */
  public static void writeText(Path target, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(target, out -> out.write(bytes));
  }

  /**
   * Writes a file, or replaces it.
   *
   * @throws IOException if it cannot be written, with a message of one line that says why and what
   *     to do; the target is then as it was before
   */
  public static void write(Path target, Content content) throws IOException {
    Path place = target;
    Path temporary = null;
    try {
      if (Files.isSymbolicLink(target) && Files.exists(target)) {
        place = target.toRealPath(); // The link stays a link.
      }
      if (Files.isDirectory(place)) {
        throw new IOException(
            target + ": must be a file, got a folder; remove it or choose another name");
      }
      temporary = create(place);
      // Not a channel: those close themselves when the thread is interrupted, and a run that is
      // asked to stop
      // must still be able to save.
      try (FileOutputStream file = new FileOutputStream(temporary.toFile());
          BufferedOutputStream out = new BufferedOutputStream(file, 1 << 16)) {
        content.writeTo(out);
        out.flush();
        file.getFD().sync();
      }
      Files.move(
          temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      temporary = null;
      forceFolder(place);
    } catch (IOException e) {
      throw explained(target, e);
    } finally {
      if (temporary != null) {
        discard(temporary);
      }
    }
  }

  /** An empty file of a new name in the folder of {@code place}. */
  private static Path create(Path place) throws IOException {
    String prefix = "." + place.getFileName() + "." + ProcessHandle.current().pid();
    // Not Files.createTempFile: that makes files which only their owner may read.
    for (int i = 0; ; i++) {
      Path candidate = place.resolveSibling(prefix + "-" + i + ".tmp");
      try {
        return Files.createFile(candidate);
      } catch (FileAlreadyExistsException e) {
        if (i == 10_000) {
          throw e;
        }
      }
    }
  }

  /**
   * Makes the new name survive a power failure, where the system can; a folder is no file on
   * Windows.
   */
  private static void forceFolder(Path place) {
    Path folder = place.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        return; // The file itself is whole either way.
      }
    }
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      return; // The first failure is the one to report.
    }
  }

  /** The same failure, in words for the one who has to do something about it. */
  static IOException explained(Path target, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith(target + ": ")) {
      return e;
    }
    String said = message.toLowerCase(Locale.ROOT);
    String reason;
    if (said.contains("no space left")
        || said.contains("not enough space")
        || said.contains("quota exceeded")) {
      reason = "no space is left on its disk; free some or choose another folder";
    } else if (e instanceof AccessDeniedException || said.contains("permission denied")) {
      reason = "no permission to write in its folder; change that or choose another folder";
    } else if (said.contains("read-only file system")) {
      reason = "its disk is read-only; choose another folder";
    } else if (e instanceof NoSuchFileException) {
      reason = "its folder does not exist; create it first";
    } else if (said.contains("not a directory")) {
      reason = "its folder is a file; choose another folder";
    } else if (said.contains("name too long")) {
      reason = "the name is too long; choose a shorter one";
    } else {
      reason = message.lines().findFirst().orElse(e.getClass().getSimpleName());
    }
    return new IOException(target + ": cannot be written: " + reason, e);
  }
}

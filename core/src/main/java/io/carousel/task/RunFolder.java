package io.carousel.task;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * The folder that a run writes its files to, claimed before the work that they are the result of.
 *
 * <p>All files are first written into a hidden folder within it; only when all of them are there, and on the
 * disk, do they take their places, one rename each. So a full disk, a crash or a kill leaves the files of the
 * old run or of the new one.
 */
public final class RunFolder implements AutoCloseable {
  /** Fills a folder with files. */
  @FunctionalInterface
  public interface Content {
    /** Writes every file into {@code folder}. */
    void writeTo(Path folder) throws IOException;
  }

  private final Path path;
  private final Path unfinished;
  private final boolean created;
  private boolean written;

  private RunFolder(Path path, Path unfinished, boolean created) {
    this.path = path;
    this.unfinished = unfinished;
    this.created = created;
  }

  /**
   * Claims a folder, and so finds out early whether it can be written to.
   *
   * @param force whether the files of a run that is there already may be replaced; other files stay in any
   *     case
   * @throws IllegalArgumentException if the folder exists and {@code force} is false
   * @throws IOException if it cannot be made or written to, with a message of one line
   */
  public static RunFolder claim(Path path, boolean force) throws IOException {
    boolean there = Files.isDirectory(path);
    if (there && !force) {
      throw new IllegalArgumentException(
          path + ": the folder of the run must be new, but it exists; choose another one, or replace the run in it with"
              + " --force");
    }
    try {
      Files.createDirectories(path);
      Path unfinished = path.resolve(".unfinished-" + ProcessHandle.current().pid());
      clear(unfinished); // of a process of the same number that was killed
      Files.createDirectory(unfinished);
      return new RunFolder(path, unfinished, !there);
    } catch (IOException e) {
      throw explained(path, e);
    }
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /**
   * Writes files, which take the places of old ones once all are written.
   *
   * @param names the files, in the order in which they take their places; an old one that is not written is
   *     removed
   * @throws IOException if they cannot be written, with a message of one line; the old ones are then still
   *     there
   */
  void replace(List<String> names, Content content) throws IOException {
    try {
      content.writeTo(unfinished);
    } catch (IOException e) {
      // Its message names the file where it is written, which is of no use to the reader.
      throw new IOException(String.valueOf(e.getMessage()).replace(unfinished.toString(), path.toString()), e);
    }
    written = true;
    try {
      for (String name : names) {
        Path file = unfinished.resolve(name);
        if (Files.exists(file)) {
          Files.move(
              file, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
          Files.deleteIfExists(path.resolve(name));
        }
      }
      Files.delete(unfinished);
    } catch (IOException e) {
      throw explained(path, e);
    }
  }

  /** Removes what was not finished, and the folder itself if it is new and nothing was written to it. */
  @Override
  public void close() {
    try {
      clear(unfinished);
      if (created && !written) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      return; // It is hidden, and what matters is in its place.
    }
  }

  private static void clear(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static IOException explained(Path path, IOException e) {
    String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    String reason =
        e instanceof AccessDeniedException || said.contains("permission denied") ? "no permission to write there"
            : e instanceof FileAlreadyExistsException || said.contains("not a directory")
                ? "there is a file in its place"
            : said.contains("no space left") ? "no space is left on its disk"
            : said.contains("read-only file system") ? "its disk is read-only"
            : e instanceof NoSuchFileException ? "the folder above it does not exist"
            : said.lines().findFirst().orElse(e.getClass().getSimpleName());
    return new IOException(path + ": the folder of the run cannot be made: " + reason + "; choose another one", e);
  }
}

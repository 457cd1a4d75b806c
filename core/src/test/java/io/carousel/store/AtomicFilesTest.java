package io.carousel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path folder;

  @Test
  void writesAndReplaces() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    AtomicFiles.writeText(file, "new ü");
    assertThat(file).hasContent("new ü");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    assertThatThrownBy(() ->
            AtomicFiles.write(
                file,
                out -> {
                  out.write(new byte[200_000]);
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + ": cannot be written: no space is left on its disk; free some or choose another"
                + " folder");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a.txt");
  }

  @Test
  void anExceptionOfTheContentGoesThroughAndLeavesNothing() throws IOException {
    Path file = folder.resolve("a.txt");
    assertThatThrownBy(() ->
            AtomicFiles.write(
                file,
                out -> {
                  throw new IllegalStateException("stop");
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");
    assertThat(names()).isEmpty();
  }

  @Test
  void theNewFileIsNotThereBeforeItIsWhole() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.write(
        file,
        out -> {
          out.write('x');
          out.flush();
          assertThat(file).doesNotExist();
        });
    assertThat(file).hasContent("x");
  }

  @Test
  void writesEvenWhenTheThreadIsInterrupted() throws IOException {
    Path file = folder.resolve("a.txt");
    Thread.currentThread().interrupt();
    try {
      AtomicFiles.writeText(file, "saved");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file).hasContent("saved");
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFiles.writeText(file, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a.txt"));
    AtomicFiles.writeText(link, "new");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void saysWhyItCannotWrite() throws IOException {
    Path none = folder.resolve("none").resolve("a.txt");
    assertThatThrownBy(() -> AtomicFiles.writeText(none, ""))
        .hasMessage(none + ": cannot be written: its folder does not exist; create it first");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    assertThatThrownBy(() -> AtomicFiles.writeText(sub, ""))
        .hasMessage(sub + ": must be a file, got a folder; remove it or choose another name");
    AtomicFiles.writeText(folder.resolve("plain"), "");
    Path below = folder.resolve("plain").resolve("a.txt");
    assertThatThrownBy(() -> AtomicFiles.writeText(below, ""))
        .hasMessage(below + ": cannot be written: its folder is a file; choose another folder");
  }

  @Test
  void wordsForFailuresThatATestCannotCause() {
    Path file = Path.of("runs", "model");
    assertThat(AtomicFiles.explained(file, new AccessDeniedException("runs")))
        .hasMessage(
            file
                + ": cannot be written: no permission to write in its folder; change that or choose"
                + " another folder");
    assertThat(
            AtomicFiles.explained(
                file, new FileSystemException("runs", null, "Read-only file system")))
        .hasMessageContaining("its disk is read-only");
    assertThat(AtomicFiles.explained(file, new IOException("Input/output error\nmore")))
        .hasMessage(file + ": cannot be written: Input/output error");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}

package io.carousel.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final List<String> NAMES = List.of("figures", "model");

  @TempDir private Path folder;

  private static void write(Path path, boolean force, String content) throws IOException {
    try (RunFolder run = RunFolder.claim(path, force)) {
      run.replace(NAMES, unfinished -> {
        for (String name : NAMES) {
          Files.writeString(unfinished.resolve(name), content);
        }
      });
    }
  }

  @Test
  void writesIntoANewFolder() throws IOException {
    Path path = folder.resolve("a/b");
    write(path, false, "new");
    assertThat(path).isDirectoryContaining(file -> file.endsWith("model"));
    assertThat(path.toFile().list()).containsExactlyInAnyOrder("figures", "model");
  }

  @Test
  void replacesOnlyWhenForcedAndLeavesOtherFiles() throws IOException {
    write(folder.resolve("run"), false, "old");
    Path notes = Files.writeString(folder.resolve("run/notes.txt"), "mine");
    assertThatThrownBy(() -> write(folder.resolve("run"), false, "new"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(folder.resolve("run")
            + ": the folder of the run must be new, but it exists; choose another one, or"
            + " replace the run in it with --force");
    assertThat(folder.resolve("run/model")).hasContent("old");
    write(folder.resolve("run"), true, "new");
    assertThat(folder.resolve("run/model")).hasContent("new");
    assertThat(notes).hasContent("mine");
  }

  @Test
  void whatFailsHalfWayLeavesTheOldRun() throws IOException {
    Path path = folder.resolve("run");
    write(path, false, "old");
    assertThatThrownBy(() -> {
      try (RunFolder run = RunFolder.claim(path, true)) {
        run.replace(NAMES, unfinished -> {
          Files.writeString(unfinished.resolve("figures"), "new");
          throw new IOException(unfinished.resolve("model") + ": no space");
        });
      }
    }).hasMessage(path.resolve("model") + ": no space");
    assertThat(path.resolve("figures")).hasContent("old");
    assertThat(path.toFile().list()).containsExactlyInAnyOrder("figures", "model");
  }

  @Test
  void aRunThatFailsLeavesNoNewFolder() throws IOException {
    Path path = folder.resolve("run");
    try (RunFolder run = RunFolder.claim(path, false)) {
      assertThat(run.path()).isDirectory();
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aFileThatTheNewRunDoesNotHaveIsGone() throws IOException {
    Path path = folder.resolve("run");
    write(path, false, "old");
    try (RunFolder run = RunFolder.claim(path, true)) {
      run.replace(NAMES, unfinished -> Files.writeString(unfinished.resolve("model"), "new"));
    }
    assertThat(path.toFile().list()).containsExactly("model");
  }

  @Test
  void saysWhyItCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> RunFolder.claim(file, true)).isInstanceOf(IOException.class)
        .hasMessage(file
            + ": the folder of the run cannot be made: there is a file in its place; choose another one");
    assertThatThrownBy(() -> RunFolder.claim(file.resolve("run"), false)).isInstanceOf(IOException.class)
        .hasMessage(file.resolve("run")
            + ": the folder of the run cannot be made: there is a file in its place; choose another one");
    assertThat(file).hasContent("x");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void withoutPermissionItIsRefusedBeforeAnyWork() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(closed), "whoever runs this may write anywhere");
    assertThatThrownBy(() -> RunFolder.claim(closed.resolve("run"), false)).isInstanceOf(IOException.class)
        .hasMessage(closed.resolve("run")
            + ": the folder of the run cannot be made: no permission to write there; choose another one");
  }
}

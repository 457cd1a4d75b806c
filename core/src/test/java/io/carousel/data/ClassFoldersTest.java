package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {
  private static final Columns COLUMNS = Columns.named("text", "label");

  @TempDir Path folder;

  @BeforeEach
  void fill() throws IOException {
    text("train/pos/0_9.txt", "good");
    text("train/pos/10_8.txt", "fine\nindeed");
    text("train/neg/0_2.txt", "bad");
    text("train/neg/.DS_Store", "\u0000");
    text("train/urls_pos.txt", "http");
    text("train/unsup/0_0.txt", "no label");
  }

  @Test
  void readsAFolderForEachClassInTheOrderOfNames() {
    TextTable table = TextTables.read(folder.resolve("train"), COLUMNS);
    assertThat(table.texts()).containsExactly("bad", "good", "fine\nindeed");
    assertThat(table.labels()).containsExactly("neg", "pos", "pos");
    assertThat(table.where(1)).isEqualTo(folder.resolve("train/pos/0_9.txt").toString());
    assertThat(table.notes()).containsExactly(folder.resolve("train") + ": left out unsup, urls_pos.txt");
    assertThat(TextTables.read(folder.resolve("train"), COLUMNS.withoutLabel()).labels()).isNull();
  }

  @Test
  void hashesNamesAndContents() throws IOException {
    String before = DataHash.of(folder.resolve("train"));
    assertThat(before).hasSize(64).isEqualTo(TextTables.read(folder.resolve("train"), COLUMNS).sha256());
    Files.move(folder.resolve("train/neg/0_2.txt"), folder.resolve("train/neg/0_3.txt"));
    String renamed = DataHash.of(folder.resolve("train"));
    assertThat(renamed).isNotEqualTo(before);
    text("train/neg/0_3.txt", "bed");
    assertThat(DataHash.of(folder.resolve("train"))).isNotEqualTo(renamed);
  }

  @Test
  void notesEmptyTextsAndClasses() throws IOException {
    text("train/neg/1_1.txt", " ");
    Files.createDirectories(folder.resolve("train/void"));
    TextTable table = TextTables.read(folder.resolve("train"), COLUMNS);
    assertThat(table.texts()).hasSize(4);
    assertThat(table.notes())
        .containsExactly(
            folder.resolve("train/void") + ": no files, so no class \"void\"",
            folder.resolve("train") + ": left out unsup, urls_pos.txt",
            folder.resolve("train") + ": 1 empty text, kept as a sequence without steps");
  }

  @Test
  void saysWhenTheFolderIsNotOne() throws IOException {
    fails(folder, ": must hold a folder for each class with a text in each file, but train/neg is a folder;"
        + " give the folder right above the classes");
    fails(folder.resolve("train/neg"), ": must hold a folder for each class with a text in each file, but"
        + " holds 0_2.txt; give the folder right above the classes");
    Files.createDirectories(folder.resolve("nothing"));
    fails(folder.resolve("nothing"), ": must hold a folder for each class with a text in each file, but holds"
        + " nothing; give the folder right above the classes");
  }

  @Test
  void saysWhichFileIsNotUtf8() throws IOException {
    Path file = folder.resolve("train/pos/0_9.txt");
    Files.write(file, "one\ntwo \u00fcber\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> TextTables.read(folder.resolve("train"), COLUMNS))
        .isInstanceOf(DataException.class)
        .hasMessage(file + " line 2: must be UTF-8, the byte 0xFC is not; save the file as UTF-8");
    text("train/pos/0_9.txt", "\uFEFFa real \uFFFD");
    assertThat(TextTables.read(folder.resolve("train"), COLUMNS).texts()).contains("a real \uFFFD");
  }

  private static void fails(Path path, String message) {
    assertThatThrownBy(() -> TextTables.read(path, COLUMNS))
        .isInstanceOf(DataException.class)
        .hasMessage(path + message);
  }

  private void text(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, content);
  }
}

package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsTest {
  @TempDir Path folder;

  @Test
  void orderIsByTextOrByNumber() {
    assertThat(Labels.of(table("b", "ä", "a", "b")).names()).containsExactly("a", "b", "ä");
    assertThat(Labels.of(table("10", "9", "-1", "9")).names()).containsExactly("-1", "9", "10");
    assertThat(Labels.of(table("10", "9", "x")).names()).containsExactly("10", "9", "x");
  }

  @Test
  void encodesByPosition() {
    Labels labels = Labels.of(table("spam", "ham", "spam"));
    assertThat(labels.encode(table("ham", "spam"))).containsExactly(0, 1);
    assertThat(labels.name(1)).isEqualTo("spam");
    assertThat(labels.size()).isEqualTo(2);
  }

  @Test
  void refusesOneClass() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "text,kind\nx,a\ny,a\n");
    TextTable table = TextTables.read(file, Columns.named("text", "kind"));
    assertThatThrownBy(() -> Labels.of(table)).isInstanceOf(DataException.class)
        .hasMessage(file + ": column \"kind\" must hold at least two different labels, got only \"a\" in 2"
            + " rows; add rows of another class");
  }

  @Test
  void refusesClassThatTrainingNeverSaw() throws IOException {
    Labels labels = Labels.of(table("a", "b"));
    Path file = Files.writeString(folder.resolve("test.csv"), "text,kind\nx,a\ny,c\n");
    TextTable test = TextTables.read(file, Columns.named("text", "kind"));
    assertThatThrownBy(() -> labels.encode(test)).isInstanceOf(DataException.class)
        .hasMessage(file + " line 3: column \"kind\" must hold a class that training has seen (a, b), got"
            + " \"c\"; correct it, or train with examples of it");
  }

  @Test
  void namesTheFileOfAnUnseenClassFolder() throws IOException {
    Path file = folder.resolve("test/meh/1.txt");
    Files.createDirectories(folder.resolve("test/meh"));
    Files.writeString(file, "x");
    TextTable test = TextTables.read(folder.resolve("test"), Columns.named("text", "label"));
    assertThatThrownBy(() -> Labels.of(table("neg", "pos")).encode(test)).isInstanceOf(DataException.class)
        .hasMessage(file + ": the folders of classes must hold a class that training has seen (neg, pos), got"
            + " \"meh\"; correct it, or train with examples of it");
  }

  @Test
  void refusesLabelsThatNoTwoRowsShare() {
    String[] ids = IntStream.range(0, 20).mapToObj(Integer::toString).toArray(String[]::new);
    assertThatThrownBy(() -> Labels.of(table(ids))).isInstanceOf(DataException.class)
        .hasMessage("texts: the labels must hold labels that rows share, but all 20 are different; choose the"
            + " column of the labels");
    ids[0] = "1";
    assertThat(Labels.of(table(ids)).size()).isEqualTo(19);
  }

  @Test
  void refusesTableWithoutLabels() {
    assertThatThrownBy(() -> Labels.of(TextTable.of(List.of("x"), null))).isInstanceOf(DataException.class)
        .hasMessage("texts: must have labels, it was read without; name their column");
    assertThatThrownBy(() -> new Labels(List.of("a", "a"))).isInstanceOf(IllegalArgumentException.class);
  }

  private static TextTable table(String... labels) {
    return TextTable.of(Collections.nCopies(labels.length, "x"), List.of(labels));
  }
}

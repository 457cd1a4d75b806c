package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTablesTest {
  private static final Columns COLUMNS = Columns.named("text", "label");

  @TempDir Path folder;

  @Test
  void readsTsvWithQuotesAsText() throws IOException {
    Path file = file("a.tsv", "label\tid\ttext\n1\t7\tsay \"hi, there\n0\t8\t\"\r\n");
    TextTable table = TextTables.read(file, COLUMNS);
    assertThat(table.texts()).containsExactly("say \"hi, there", "\"");
    assertThat(table.labels()).containsExactly("1", "0");
    assertThat(table.columns()).containsExactly("label", "id", "text");
    assertThat(table.where(1)).isEqualTo(file + " line 3");
    assertThat(table.notes()).isEmpty();
  }

  @Test
  void readsCsvWithQuotedCommasAndLineBreaks() throws IOException {
    Path file = file("a.csv", "text,label\n\"one, \"\"two\"\"\nthree\",a\nfour,b\n");
    TextTable table = TextTables.read(file, COLUMNS);
    assertThat(table.texts()).containsExactly("one, \"two\"\nthree", "four");
    assertThat(table.labels()).containsExactly("a", "b");
    assertThat(table.where(1)).isEqualTo(file + " line 4");
  }

  @Test
  void recognizesSemicolonsAndTabsInCsv() throws IOException {
    assertThat(TextTables.read(file("a.csv", "text;label\n\"x;y\";a\n"), COLUMNS).texts())
        .containsExactly("x;y");
    assertThat(TextTables.read(file("b.csv", "text\tlabel\n\"x\ty\"\ta\n"), COLUMNS).texts())
        .containsExactly("x\ty");
    Columns odd = Columns.named("te;xt", "label");
    assertThat(TextTables.read(file("c.csv", "\"te;xt\",label\nx,a\n"), odd).texts())
        .containsExactly("x");
  }

  @Test
  void recognizesFilesWithoutASuffix() throws IOException {
    Columns numbers = Columns.numbered(2, 1);
    assertThat(TextTables.read(file("tabs", "ham\tOk, lar\nspam\t\"Free\n"), numbers).texts())
        .containsExactly("Ok, lar", "\"Free");
    assertThat(TextTables.read(file("commas.txt", "ham,\"Ok, lar\"\nspam,Free\n"), numbers).texts())
        .containsExactly("Ok, lar", "Free");
    // One column: commas further down are text.
    Columns first = new Columns("1", null, false, false);
    assertThat(TextTables.read(file("plain.txt", "one\ntwo, three\n"), first).texts())
        .containsExactly("one", "two, three");
  }

  @Test
  void readsGzipWhateverItsName() throws IOException {
    byte[] packed = gzip("text\tlabel\nx\ta\ny\tb\n");
    assertThat(TextTables.read(file("a.tsv.gz", packed), COLUMNS).texts()).containsExactly("x", "y");
    assertThat(TextTables.read(file("b.TSV", packed), COLUMNS).texts()).containsExactly("x", "y");
    byte[] csv = gzip("text,label\n\"x,y\",a\n");
    assertThat(TextTables.read(file("c.csv.gz", csv), COLUMNS).texts()).containsExactly("x,y");
  }

  @Test
  void dropsByteOrderMark() throws IOException {
    TextTable table = TextTables.read(file("a.csv", "\uFEFFtext,label\nx,a\n"), COLUMNS);
    assertThat(table.columns()).containsExactly("text", "label");
  }

  @Test
  void needsNoLineEndAtTheEnd() throws IOException {
    assertThat(TextTables.read(file("a.tsv", "text\tlabel\nx\ta\ny\tb"), COLUMNS).texts())
        .containsExactly("x", "y");
    assertThat(TextTables.read(file("a.csv", "text,label\nx,a\ny,b"), COLUMNS).texts())
        .containsExactly("x", "y");
  }

  @Test
  void skipsEmptyLinesButKeepsEmptyTexts() throws IOException {
    for (String name : List.of("a.tsv", "a.csv")) {
      String separator = name.endsWith("csv") ? "," : "\t";
      Path file = file(name, "text,label\n\nx,a\n,b\n\n  ,b\n\n".replace(",", separator));
      TextTable table = TextTables.read(file, COLUMNS);
      assertThat(table.texts()).containsExactly("x", "", "  ");
      assertThat(table.emptyTexts()).isEqualTo(2);
      assertThat(table.notes()).containsExactly(file + ": 2 empty texts, kept as a sequence without steps");
    }
  }

  @Test
  void anEmptyLineOfASingleColumnIsAnEmptyText() throws IOException {
    Columns text = Columns.named("text", null);
    assertThat(TextTables.read(file("a.tsv", "text\nx\n\ny\n"), text).texts()).containsExactly("x", "", "y");
    assertThat(TextTables.read(file("a.csv", "text\nx\n\ny\n"), text).texts()).containsExactly("x", "", "y");
    assertThat(TextTables.read(file("b.csv", "text\n\n"), text).texts()).containsExactly("");
  }

  @Test
  void keepsRowsAsTheyWere() throws IOException {
    Path file = file("a.csv", "id,text,label\n 7 ,\"x,y\", spam \n");
    TextTable table = TextTables.read(file, COLUMNS.keepingRows());
    assertThat(table.row(0)).containsExactly(" 7 ", "x,y", " spam ");
    assertThat(table.labels()).containsExactly("spam");
    TextTable without = TextTables.read(file, COLUMNS.withoutLabel());
    assertThat(without.labels()).isNull();
    assertThatThrownBy(() -> without.row(0)).isInstanceOf(IllegalStateException.class)
        .hasMessage("TextTable: rows were not kept; read with Columns.keepingRows()");
  }

  @Test
  void subsetKeepsWhereRowsCameFrom() throws IOException {
    Path file = file("a.tsv", "text\tlabel\nx\ta\ny\tb\nz\ta\n");
    TextTable table = TextTables.read(file, COLUMNS.keepingRows()).subset(new int[] {2, 0});
    assertThat(table.texts()).containsExactly("z", "x");
    assertThat(table.labels()).containsExactly("a", "a");
    assertThat(table.where(0)).isEqualTo(file + " line 4");
    assertThat(table.row(1)).containsExactly("x", "a");
    assertThat(TextTable.of(List.of("p", "q"), null).subset(new int[] {1}).where(0))
        .isEqualTo("texts number 1");
  }

  @Test
  void readsATextOfFiveMillionCharacters() throws IOException {
    String text = "word ".repeat(1_000_000);
    for (String name : List.of("a.tsv", "a.csv")) {
      String separator = name.endsWith("csv") ? "," : "\t";
      Path file = file(name, "text" + separator + "label\n" + text + separator + "a\nx" + separator + "b\n");
      TextTable table = TextTables.read(file, COLUMNS);
      assertThat(table.texts().get(0)).isEqualTo(text);
      assertThat(table.texts().get(1)).isEqualTo("x");
    }
  }

  @Test
  void hashIsThatOfTheFileAsStored() throws IOException {
    Path plain = file("a.csv", "abc");
    assertThat(DataHash.of(plain))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Path packed = file("a.tsv.gz", gzip("text\tlabel\nx\ta\n"));
    assertThat(TextTables.read(packed, COLUMNS).sha256()).isEqualTo(DataHash.of(packed)).hasSize(64);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Path missing = folder.resolve("none.tsv");
    fails(missing, COLUMNS, ": there must be a file or folder here, there is none; check the path (from "
        + Path.of("").toAbsolutePath() + ")");
    fails(file("a.tsv", "label\tbody\tid\nx\ta\tb\n"), COLUMNS,
        ": there must be a text column \"text\", the columns are: label, body, id; choose one of them, or, if"
            + " the first line is not a header, read without one, by number");
    fails(file("a.tsv", "text\tclass\nx\ta\n"), COLUMNS,
        ": there must be a label column \"label\", the columns are: text, class; choose one of them, or, if"
            + " the first line is not a header, read without one, by number");
    fails(file("a.tsv", "ham\tGo until jurong point, crazy.. Available\n"), COLUMNS,
        ": there must be a label column \"label\", the columns are: ham, Go until jurong point, crazy..…;"
            + " choose one of them, or, if the first line is not a header, read without one, by number");
    fails(file("a.tsv", "x\ta\n"), Columns.numbered(3, 1),
        ": the text column must be a number from 1 to 2, the columns that the first line has, got 3");
    fails(file("a.csv", "text,text,label\nx,y,a\n"), COLUMNS,
        ": only one column may be named \"text\", the columns are: text, text, label; rename one of them");
  }

  @Test
  void saysWhenThereIsNothing() throws IOException {
    fails(file("a.tsv", ""), COLUMNS, ": must hold a line of column names and rows, it is empty; check the"
        + " path");
    fails(file("a.csv", ""), Columns.numbered(1, 2), ": must hold rows, it is empty; check the path");
    fails(file("a.csv", "text,label\n"), COLUMNS,
        ": must hold rows below the line of column names, it has none; check the file");
    fails(file("a.tsv", "text\tlabel\tid\n\ta\tx\n \tb\ty\n"), COLUMNS,
        ": column \"text\" must hold texts, it is empty in all 2 rows; choose another column, there are:"
            + " text, label, id");
  }

  @Test
  void saysWhichRowIsWrong() throws IOException {
    fails(file("a.tsv", "text\tlabel\nx\ta\ny\n"), COLUMNS,
        " line 3: a row must have 2 fields like the header, this one has 1; look for a missing tab or a line"
            + " break inside the row");
    fails(file("a.tsv", "text\tlabel\nx\ta\ny\tb\tc\n"), COLUMNS,
        " line 3: a row must have 2 fields like the header, this one has 3; look for a tab inside the text");
    fails(file("a.csv", "a,\"x\ny\"\nb,z,q\n"), Columns.numbered(2, 1),
        " line 3: a row must have 2 fields like the first row, this one has 3; look for a comma inside the"
            + " text that is not within quotes");
    fails(file("a.csv", "text;label\nx\n"), COLUMNS,
        " line 2: a row must have 2 fields like the header, this one has 1; look for a missing semicolon or a"
            + " line break inside the row");
    fails(file("a.tsv", "text\tlabel\nx\ta\ny\t \n"), COLUMNS,
        " line 3: column \"label\" must hold a label, it is empty; fill it in or remove the row");
  }

  @Test
  void saysWhichQuoteIsWrong() throws IOException {
    fails(file("a.csv", "text,label\nx,a\n\"y,b\nz,a\n"), COLUMNS,
        " line 3: must be sound CSV, but: unclosed quoted field at end of input; close every quote, and"
            + " double the quotes inside a quoted field");
    fails(file("a.csv", "text,label\nx,a\n\"y\"z,b\n"), COLUMNS,
        " line 3: must be sound CSV, but: unexpected character after closing quote: 'z' (0x7a); close every"
            + " quote, and double the quotes inside a quoted field");
  }

  @Test
  void saysWhichLineIsNotUtf8() throws IOException {
    byte[] latin = "text\tlabel\nfine\ta\ncaf\u00e9 noir\tb\n".getBytes(StandardCharsets.ISO_8859_1);
    fails(file("a.tsv", latin), COLUMNS, " line 3: must be UTF-8, the byte 0xE9 is not; save the file as"
        + " UTF-8");
    byte[] csv = "text,label\nfine,a\n\"two\nlines \u00e9\",b\n".getBytes(StandardCharsets.ISO_8859_1);
    fails(file("a.csv", csv), COLUMNS, " line 4: must be UTF-8, the byte 0xE9 is not; save the file as"
        + " UTF-8");
    fails(file("b.csv", "text,label\nx,a\n".getBytes(StandardCharsets.UTF_16)), COLUMNS,
        " line 1: must be UTF-8, the byte 0xFE is not; it looks like UTF-16; save the file as UTF-8");
    // The last character is cut off.
    fails(file("c.csv", new byte[] {'t', ',', 'l', '\n', 'x', ',', (byte) 0xC3}), Columns.named("t", "l"),
        " line 2: must be UTF-8, the byte 0xC3 is not; save the file as UTF-8");
  }

  @Test
  void findsBadBytesFarInside() throws IOException {
    byte[] rows = ("text\tlabel\n" + "some words\ta\n".repeat(40_000)).getBytes(StandardCharsets.UTF_8);
    rows["text\tlabel\n".length() + 30_000 * 13 + 3] = (byte) 0xFF;
    fails(file("a.tsv", rows), COLUMNS, " line 30002: must be UTF-8, the byte 0xFF is not; save the file as"
        + " UTF-8");
  }

  @Test
  void saysWhenAnArchiveIsBroken() throws IOException {
    StringBuilder rows = new StringBuilder("text\tlabel\n");
    for (int i = 0; i < 2000; i++) {
      rows.append(i * 7919L % 10007).append('\t').append(i % 2).append('\n');
    }
    byte[] packed = gzip(rows.toString());
    byte[] half = java.util.Arrays.copyOf(packed, packed.length / 2);
    Path file = file("a.tsv.gz", half);
    assertThatThrownBy(() -> TextTables.read(file, COLUMNS)).isInstanceOf(DataException.class)
        .hasMessageMatching("\\Q" + file + "\\E line \\d+: the gzip data must be complete, but ends here;"
            + " copy the file again");
    packed[packed.length - 6] ^= 1;
    Path damaged = file("b.tsv.gz", packed);
    assertThatThrownBy(() -> TextTables.read(damaged, COLUMNS)).isInstanceOf(DataException.class)
        .hasMessage(damaged + " line 2002: the gzip data must be sound, but is damaged (Corrupt GZIP"
            + " trailer); copy the file again");
    fails(file("c.csv", new byte[] {'P', 'K', 3, 4, 0, 0}), COLUMNS,
        ": must be CSV, TSV, either gzipped, or a folder; this is a zip archive; unpack it first");
  }

  @Test
  void columnsWithoutHeaderAreNumbers() {
    assertThatThrownBy(() -> new Columns("text", null, false, false)).isInstanceOf(DataException.class)
        .hasMessage("Columns: without a header the text column must be a number from 1, got \"text\"; count"
            + " the columns");
    assertThatThrownBy(() -> Columns.numbered(1, 0)).isInstanceOf(DataException.class)
        .hasMessage("Columns: without a header the label column must be a number from 1, got \"0\"; count the"
            + " columns");
    assertThatThrownBy(() -> Columns.named("text", "text")).isInstanceOf(DataException.class)
        .hasMessage("Columns: the text and the label must stand in two columns, got \"text\" for both; say which holds"
            + " the labels");
  }

  private static void fails(Path file, Columns columns, String message) {
    assertThatThrownBy(() -> TextTables.read(file, columns))
        .isInstanceOf(DataException.class)
        .hasMessage(file + message);
  }

  private Path file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}

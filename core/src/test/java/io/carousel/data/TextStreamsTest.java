package io.carousel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextStreamsTest {
  @TempDir Path folder;

  @Test
  void linesAreTexts() {
    try (TextLines lines = lines("\uFEFFone\r\n\n drei über 😀 \nlast".getBytes(StandardCharsets.UTF_8))) {
      assertThat(lines.next()).isEqualTo("one");
      assertThat(lines.next()).isEmpty();
      assertThat(lines.next()).isEqualTo(" drei über 😀 ");
      assertThat(lines.line()).isEqualTo(3);
      assertThat(lines.next()).isEqualTo("last");
      assertThat(lines.next()).isNull();
      assertThat(lines.next()).isNull();
    }
    assertThat(lines(new byte[0]).next()).isNull();
    assertThat(TextLines.of(new StringReader("a\nb\n"), "x").next()).isEqualTo("a");
  }

  @Test
  void linesNameTheLineThatIsNotUtf8() {
    TextLines lines = lines("one\ntwo\nth\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(lines.next()).isEqualTo("one");
    assertThat(lines.next()).isEqualTo("two");
    assertThatThrownBy(lines::next).isInstanceOf(DataException.class)
        .hasMessage("standard input line 3: must be UTF-8, the byte 0xE9 is not; save the file as UTF-8");
  }

  @Test
  void aLineIsThereBeforeTheNextIsTyped() {
    InputStream typed = new InputStream() {
      private final Iterator<String> parts = List.of("first\nsec", "ond\n").iterator();

      @Override
      public int read() {
        throw new AssertionError("reads single bytes");
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        byte[] part = parts.next().getBytes(StandardCharsets.UTF_8); // fails if it is asked too often
        System.arraycopy(part, 0, bytes, offset, part.length);
        return part.length;
      }
    };
    TextLines lines = TextLines.of(typed, "standard input");
    assertThat(lines.next()).isEqualTo("first");
    assertThat(lines.next()).isEqualTo("second");
  }

  @Test
  void decodingDoesNotDependOnHowBytesArrive() throws IOException {
    String text = "aé我😀".repeat(30_000) + "\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int portion : new int[] {1, 2, 3, 7, 1 << 16, 1 << 20}) {
      InputStream slow = new ByteArrayInputStream(bytes) {
        @Override
        public synchronized int read(byte[] into, int offset, int length) {
          return super.read(into, offset, Math.min(length, portion));
        }
      };
      try (Reader reader = new Utf8Reader(slow, "x")) {
        assertThat(drain(reader, 1 + portion % 5)).isEqualTo(text);
      }
    }
  }

  @Test
  void peekingLosesNothing() throws IOException {
    byte[] bytes = "first\nsecond".getBytes(StandardCharsets.UTF_8);
    try (Utf8Reader reader = new Utf8Reader(new ByteArrayInputStream(bytes), "x")) {
      assertThat(reader.peekLine()).isEqualTo("first");
      assertThat(drain(reader, 4)).isEqualTo("first\nsecond");
    }
  }

  @Test
  void writesCsvThatReadsBack() throws IOException {
    Path file = folder.resolve("out.csv");
    List<List<String>> rows = List.of(
        List.of("text", "label"), List.of("one, \"two\"\nthree", "a"), List.of("", "b"), List.of("ü", "a"));
    TableWriter.write(file, rows);
    assertThat(Files.readString(file)).isEqualTo("text,label\n\"one, \"\"two\"\"\nthree\",a\n,b\nü,a\n");
    TextTable table = TextTables.read(file, Columns.named("text", "label").keepingRows());
    assertThat(table.row(0)).isEqualTo(rows.get(1));
    assertThat(table.row(1)).isEqualTo(rows.get(2));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void writesTsvAndGzip() throws IOException {
    Path file = folder.resolve("out.tsv.gz");
    TableWriter.write(file, List.of(List.of("text", "p"), List.of("a\tb\nc\"", "0.5")));
    TextTable table = TextTables.read(file, Columns.named("text", "p"));
    assertThat(table.texts()).containsExactly("a b c\"");
    StringWriter out = new StringWriter();
    TableWriter.write(out, true, List.of(List.of("x", "y"), List.of("1", "2")));
    TableWriter.write(out, false, List.of(List.of("x;y", "1,2")));
    assertThat(out).hasToString("x\ty\n1\t2\nx;y,\"1,2\"\n");
  }

  @Test
  void aFailedWriteLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("out.csv"), "old");
    Iterable<List<String>> failing = () -> {
      throw new IllegalStateException("stopped");
    };
    assertThatThrownBy(() -> TableWriter.write(file, failing)).hasMessage("stopped");
    assertThat(Files.readString(file)).isEqualTo("old");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private static TextLines lines(byte[] bytes) {
    return TextLines.of(new ByteArrayInputStream(bytes), "standard input");
  }

  private static String drain(Reader reader, int portion) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] chars = new char[portion];
    for (int n = reader.read(chars); n >= 0; n = reader.read(chars)) {
      text.append(chars, 0, n);
    }
    return text.toString();
  }
}

package io.carousel.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.GZIPInputStream;

/**
 * Vectors of words that others trained, of the words of a {@link Vocabulary} alone: what an embedding can begin with.
 *
 * <pre>
 *   WordVectors vectors = WordVectors.read(Path.of("glove.6B.100d.txt"), vocabulary);
 *   float[] table = parameters.get("embedding.W").values();
 *   vectors.into(table);
 *   parameters.set("embedding.W", table);
 * </pre>
 *
 * A file is text, a word and its numbers a line, as GloVe, word2vec and fastText's {@code .vec} write it, with or
 * without a first line that counts words and numbers; or word2vec's binary form, that line and then each word, a
 * space and its numbers as 32-bit floats; or a fastText model, {@code .bin}, which gives words that it never saw the
 * vector of their parts. All may be compressed with gzip. What is not in the vocabulary is read and forgotten; of a
 * word that stands twice the first vector counts.
 */
public final class WordVectors {
  /** The most numbers of a vector: more say that a file is damaged. */
  static final int LARGEST = 1 << 16;

  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_WORD = 1 << 16;

  private final int dimension;
  private final float[] values;
  private final BitSet found;
  private final int words;

  /**
   * @param values [vocabulary size, dimension], row-major
   * @param found the words that have a vector
   * @param words the number of words that were looked for
   */
  WordVectors(int dimension, float[] values, BitSet found, int words) {
    this.dimension = dimension;
    this.values = values;
    this.found = found;
    this.words = words;
  }

  /** The size of a vector. */
  public int dimension() {
    return dimension;
  }

  /** How many words of the vocabulary have a vector. */
  public int found() {
    return found.cardinality();
  }

  /** How many words of the vocabulary have none. */
  public int missing() {
    return words - found();
  }

  /**
   * Overwrites the rows of the words that have a vector, and leaves the others as they are.
   *
   * @param table [vocabulary size, dimension], row-major
   */
  public void into(float[] table) {
    if (table.length != values.length) {
      throw new IllegalArgumentException(
          "WordVectors: the table must be [" + values.length / dimension + "," + dimension + "], got "
              + table.length + " numbers; give the Embedding a dimension of " + dimension);
    }
    for (int id = found.nextSetBit(0); id >= 0; id = found.nextSetBit(id + 1)) {
      System.arraycopy(values, id * dimension, table, id * dimension, dimension);
    }
  }

  /**
   * The vectors of the words of a vocabulary.
   *
   * @throws IllegalArgumentException if the file is none of those, or breaks off; says at which line
   * @throws IOException if it cannot be read, with a message of one line
   */
  public static WordVectors read(Path file, Vocabulary vocabulary) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      raw.mark(2);
      boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      try (InputStream in = zipped ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER) : raw) {
        if (FastTextModel.isAt(in)) {
          return new FastTextModel(file, in, vocabulary).read();
        }
        return new Reading(file, in, vocabulary).read();
      }
    } catch (IOException e) {
      String why = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
      throw new IOException(file + ": cannot be read: " + why, e);
    }
  }

  /** Zeros, [vocabulary size, dimension]. */
  static float[] table(Vocabulary vocabulary, int dimension) {
    long count = (long) vocabulary.size() * dimension;
    if (count > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "WordVectors: the words' numbers must be fewer than 2^31, got " + vocabulary.size() + " words of " + dimension
              + "; take a smaller vocabulary");
    }
    return new float[(int) count];
  }

  /** One file being read. */
  private static final class Reading {
    private final Path file;
    private final InputStream in;
    private final Vocabulary vocabulary;
    private final BitSet found = new BitSet();
    private byte[] line = new byte[1024];
    private int length;
    private long lines;
    private int dimension;
    private float[] values = {};

    Reading(Path file, InputStream in, Vocabulary vocabulary) {
      this.file = file;
      this.in = in;
      this.vocabulary = vocabulary;
    }

    WordVectors read() throws IOException {
      in.mark(4);
      String first = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
      in.reset();
      if (first.equals("PK\3\4")) {
        lines = 1;
        throw bad("must be text, binary or gzip, got a zip archive; unpack it and name the file in it");
      }
      if (first.indexOf('\0') >= 0) {
        lines = 1;
        throw bad("must be text, or binary as word2vec or fastText 0.2 write it, got neither; load an older model and"
            + " save it again, or write its vectors as text");
      }
      if (!nextLine()) {
        throw bad("must have a word and its numbers, the file is empty");
      }
      String[] head = text(0, length).split(" ");
      boolean counted = head.length == 2 && head[0].matches("\\d{1,18}") && head[1].matches("\\d{1,9}");
      if (counted) {
        begin(Integer.parseInt(head[1]));
        if (isBinary()) {
          binary(Long.parseLong(head[0]));
          return result();
        }
      } else {
        begin(head.length - 1);
        vector();
      }
      long words = 0;
      while (nextLine()) {
        if (length > 0) {
          vector();
          words++;
        }
      }
      if (counted && words < Long.parseLong(head[0])) {
        throw bad("must be word " + (words + 1) + " of " + head[0] + ", as the first line counts them, the file ends;"
            + " copy it again, or leave out the first line if it was cut on purpose");
      }
      return result();
    }

    private WordVectors result() {
      return new WordVectors(dimension, values, found, vocabulary.words().size());
    }

    private void begin(int size) {
      if (size < 1) {
        throw bad("must have a word and its numbers, got no number");
      }
      if (size > LARGEST) {
        throw bad("vectors must have at most " + LARGEST + " numbers, got " + size + "; is the file damaged?");
      }
      dimension = size;
      values = table(vocabulary, size);
    }

    /** True if the bytes after the first word are not those that numbers are written with. */
    private boolean isBinary() throws IOException {
      in.mark(BUFFER);
      byte[] ahead = in.readNBytes(BUFFER / 2);
      in.reset();
      int space = 0;
      while (space < ahead.length && ahead[space] != ' ') {
        space++;
      }
      int end = Math.min(ahead.length, space + 1 + 4 * dimension);
      for (int i = space + 1; i < end; i++) {
        boolean number = ahead[i] == ' ' || ahead[i] == '\n' || ahead[i] == '\r' || ahead[i] == '+'
            || ahead[i] == '-' || ahead[i] == '.' || ahead[i] == 'e' || ahead[i] == 'E'
            || (ahead[i] >= '0' && ahead[i] <= '9');
        if (ahead[i] == '\n') {
          return false;
        }
        if (!number) {
          return true;
        }
      }
      return false;
    }

    /** The words and floats of the binary form; an error names the word as if each stood on a line. */
    private void binary(long count) throws IOException {
      byte[] numbers = new byte[4 * dimension];
      for (long word = 0; word < count; word++) {
        lines = word + 2;
        length = 0;
        int next = in.read();
        while (next == '\n') {
          next = in.read();
        }
        for (; next >= 0 && next != ' '; next = in.read()) {
          append(next);
        }
        if (next < 0 || in.readNBytes(numbers, 0, numbers.length) < numbers.length) {
          throw bad("must be word " + (word + 1) + " of " + count + " with " + dimension
              + " floats, the file ends within it");
        }
        int row = row(text(0, length));
        for (int i = 0; row >= 0 && i < dimension; i++) {
          int bits = (numbers[4 * i] & 0xff) | (numbers[4 * i + 1] & 0xff) << 8
              | (numbers[4 * i + 2] & 0xff) << 16 | (numbers[4 * i + 3] & 0xff) << 24;
          values[row * dimension + i] = finite(Float.intBitsToFloat(bits), "of 32 bits");
        }
      }
    }

    /** The line as a word and its numbers; a word may have spaces in it, as some of GloVe's have. */
    private void vector() {
      int end = length;
      while (end > 0 && line[end - 1] == ' ') {
        end--;
      }
      int numbers = 0;
      int at = end;
      while (numbers < dimension && at > 0) {
        at--;
        while (at > 0 && line[at] != ' ') {
          at--;
        }
        numbers++;
      }
      if (at <= 0) {
        throw bad("must have " + dimension + " numbers after the word, got " + Math.max(0, numbers - 1));
      }
      int row = row(text(0, at));
      if (row < 0) {
        return;
      }
      String[] parts = text(at + 1, end).split(" ");
      for (int i = 0; i < dimension; i++) {
        String part = i < parts.length ? parts[i] : "";
        try {
          values[row * dimension + i] = finite(Float.parseFloat(part), part);
        } catch (NumberFormatException e) {
          throw bad("must have " + dimension + " numbers after the word, got \"" + part + "\"");
        }
      }
    }

    private float finite(float value, String text) {
      if (!Float.isFinite(value)) {
        throw bad("must have finite numbers, got " + value + " (" + text + ")");
      }
      return value;
    }

    /** The row of a word that is wanted and has no vector yet, else −1. */
    private int row(String word) {
      int id = vocabulary.id(word);
      if (id < Vocabulary.FIRST_WORD || found.get(id)) {
        return -1;
      }
      found.set(id);
      return id;
    }

    private boolean nextLine() throws IOException {
      length = 0;
      lines++;
      int next = in.read();
      if (next < 0) {
        return false;
      }
      for (; next >= 0 && next != '\n'; next = in.read()) {
        append(next);
      }
      if (length > 0 && line[length - 1] == '\r') {
        length--;
      }
      return true;
    }

    private void append(int next) {
      if (length == line.length) {
        if (length >= LONGEST_WORD * 16) {
          throw bad("must be a word and its numbers, got a line of more than " + length + " bytes");
        }
        line = Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) next;
    }

    private String text(int from, int to) {
      return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    private IllegalArgumentException bad(String what) {
      return new IllegalArgumentException("WordVectors: " + file + ", line " + lines + ": " + what);
    }
  }
}

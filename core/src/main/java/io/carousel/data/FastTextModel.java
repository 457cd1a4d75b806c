package io.carousel.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * The vectors of a vocabulary's words in a fastText model, {@code .bin}. The vector of a word is the mean of its own
 * row and of the rows of its parts, the n-grams of {@code <word>} by characters, each in the row that its hash
 * says; of a word that the model never saw, of its parts alone.
 *
 * <pre>
 *   magic, version                                        32-bit whole numbers, as all but what is marked; little-endian
 *   dim ws epoch minCount neg wordNgrams loss model bucket minn maxn lrUpdateRate, t (64-bit float)
 *   size words labels, tokens (64), pruned (64, −1 if not)
 *   size times: the word, a byte 0, its count (64), its type (8: 0 word, 1 label); words before labels
 *   quantized (8), rows (64), dim (64), rows × dim 32-bit floats; the rows of words, then of buckets
 *   … the output matrix, not read
 * </pre>
 *
 * <p>The matrix goes by as a stream, of which only the rows that are needed are kept.
 *
 * <p>Source: Bojanowski, Grave, Joulin, Mikolov: Enriching Word Vectors with Subword Information, 2017; the format is
 * that of fastText's {@code dictionary.cc} and {@code fasttext.cc}, version 12.
 */
final class FastTextModel {
  private static final int MAGIC = 793_712_314;
  private static final int VERSION = 12;
  private static final String END_OF_LINE = "</s>";

  private final Path file;
  private final InputStream in;
  private final Vocabulary vocabulary;
  private final BitSet known = new BitSet();
  private final BitSet found = new BitSet();
  private final int[] parts; // of each word of the vocabulary, how many rows make its vector
  private long[] needed = new long[1024]; // a row of the matrix and the word that it is a part of
  private int count;
  private String where = "head";

  /**
   * @param in the file from its first byte
   */
  FastTextModel(Path file, InputStream in, Vocabulary vocabulary) {
    this.file = file;
    this.in = in;
    this.vocabulary = vocabulary;
    this.parts = new int[vocabulary.size()];
  }

  /** True if a stream that can go back begins as such a model. */
  static boolean isAt(InputStream in) throws IOException {
    in.mark(4);
    byte[] first = in.readNBytes(4);
    in.reset();
    return first.length == 4 && ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getInt() == MAGIC;
  }

  WordVectors read() throws IOException {
    try {
      return readAll();
    } catch (EOFException e) {
      throw new IllegalArgumentException(bad("the file ends within its " + where).getMessage(), e);
    }
  }

  private WordVectors readAll() throws IOException {
    ByteBuffer head = next(2 * 4 + 12 * 4 + 8);
    int version = head.getInt(4);
    if (version != VERSION) {
      throw bad("must be a model of version " + VERSION + ", got " + version
          + "; load and save it with fastText 0.2 or later, or write its vectors as text (.vec)");
    }
    int dimension = head.getInt(8);
    int bucket = head.getInt(8 + 8 * 4);
    int shortest = head.getInt(8 + 9 * 4);
    int longest = head.getInt(8 + 10 * 4);
    where = "dictionary";
    ByteBuffer sizes = next(3 * 4 + 2 * 8);
    int entries = sizes.getInt();
    int words = sizes.getInt();
    long pruned = sizes.getLong(20);
    boolean sound = dimension >= 1 && dimension <= WordVectors.LARGEST && words >= 0 && entries >= words
        && (longest > 0 ? bucket > 0 : bucket >= 0);
    if (!sound) {
      throw bad("its head is damaged: " + dimension + " numbers, " + words + " words of " + entries + " entries, "
          + bucket + " buckets");
    }
    dictionary(entries, words, new Parts(words, bucket, shortest, longest));
    where = "matrix";
    if (next(1).get() != 0 || pruned >= 0) {
      throw bad("is quantized; read the .bin that it was made of, or its vectors as text (.vec)");
    }
    ByteBuffer shape = next(16);
    long rows = shape.getLong();
    if (rows != words + (long) bucket || shape.getLong(8) != dimension) {
      throw bad("its matrix must be [" + (words + (long) bucket) + "," + dimension + "], got [" + rows + ","
          + shape.getLong(8) + "]");
    }
    return new WordVectors(dimension, matrix(dimension), found, vocabulary.words().size());
  }

  /** Finds the rows of all words, of those in the model and then of the others. */
  private void dictionary(int entries, int words, Parts parting) throws IOException {
    byte[] text = new byte[256];
    for (int entry = 0; entry < entries; entry++) {
      int length = 0;
      for (int next = in.read(); next != 0; next = in.read()) {
        if (next < 0) {
          throw new EOFException();
        }
        text = length == text.length ? Arrays.copyOf(text, 2 * length) : text;
        text[length++] = (byte) next;
      }
      in.skipNBytes(8);
      boolean isLabel = next(1).get() != 0;
      if (isLabel != entry >= words) {
        throw bad("its dictionary is damaged: words must come before labels");
      }
      String word = new String(text, 0, length, StandardCharsets.UTF_8);
      int id = isLabel ? -1 : vocabulary.id(word);
      if (id >= Vocabulary.FIRST_WORD && !known.get(id)) {
        known.set(id);
        need(entry, id);
        if (!word.equals(END_OF_LINE)) {
          parting.each(word, row -> need(row, id));
        }
      }
    }
    for (int id = Vocabulary.FIRST_WORD; id < vocabulary.size(); id++) {
      if (!known.get(id)) {
        int unknown = id;
        parting.each(vocabulary.words().get(id - Vocabulary.FIRST_WORD), row -> need(row, unknown));
      }
    }
  }

  private void need(int row, int id) {
    needed = count == needed.length ? Arrays.copyOf(needed, 2 * count) : needed;
    needed[count++] = (long) row << 32 | id;
    parts[id]++;
    found.set(id);
  }

  /** The means, [vocabulary size, dimension]: each adds its rows in the order of the matrix. */
  private float[] matrix(int dimension) throws IOException {
    Arrays.sort(needed, 0, count);
    float[] values = WordVectors.table(vocabulary, dimension);
    long size = 4L * dimension;
    long at = 0;
    for (int i = 0; i < count; ) {
      int row = (int) (needed[i] >>> 32);
      in.skipNBytes((row - at) * size);
      at = row + 1L;
      ByteBuffer numbers = next((int) size);
      for (; i < count && needed[i] >>> 32 == row; i++) {
        int id = (int) needed[i];
        for (int k = 0; k < dimension; k++) {
          float number = numbers.getFloat(4 * k);
          if (!Float.isFinite(number)) {
            throw bad("must have finite numbers, got " + number + " in row " + row + " of its matrix");
          }
          values[id * dimension + k] += number;
        }
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= Math.max(1, parts[i / dimension]);
    }
    return values;
  }

  private ByteBuffer next(int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw new EOFException();
    }
    return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException("WordVectors: " + file + ", a fastText model: " + what);
  }

  /**
   * The parts of words.
   *
   * @param words the number of rows before those of the buckets
   * @param bucket the number of buckets
   * @param shortest the fewest characters of a part
   * @param longest the most, 0 if words have no parts
   */
  record Parts(int words, int bucket, int shortest, int longest) {
    /** Says the rows of the parts of a word, one that occurs twice as often as it does. */
    void each(String word, IntConsumer row) {
      byte[] text = ("<" + word + ">").getBytes(StandardCharsets.UTF_8);
      for (int from = 0; from < text.length; from = after(text, from)) {
        int to = from;
        for (int characters = 1; characters <= longest && to < text.length; characters++) {
          to = after(text, to);
          boolean border = characters == 1 && (from == 0 || to == text.length); // < or > alone
          if (characters >= shortest && !border) {
            row.accept(words + Integer.remainderUnsigned(hash(text, from, to), bucket));
          }
        }
      }
    }

    /** The place after the character at a place, in UTF-8. */
    private static int after(byte[] text, int place) {
      int next = place + 1;
      while (next < text.length && (text[next] & 0xC0) == 0x80) {
        next++;
      }
      return next;
    }

    /** FNV-1a of 32 bits, but that a byte above 127 counts as negative, as in fastText's C++. */
    static int hash(byte[] text, int from, int to) {
      int hash = 0x811C9DC5;
      for (int i = from; i < to; i++) {
        hash = (hash ^ text[i]) * 0x01000193;
      }
      return hash;
    }
  }
}

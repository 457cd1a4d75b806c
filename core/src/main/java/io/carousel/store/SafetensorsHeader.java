package io.carousel.store;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file: what lies where in the bytes that follow it.
 *
 * @param metadata the texts of {@code __metadata__}
 * @param entries the tensors, in the order of their bytes
 */
record SafetensorsHeader(SequencedMap<String, String> metadata, List<Entry> entries) {
  private static final String METADATA = "__metadata__";

  /**
   * One tensor.
   *
   * @param sizes its sizes, slowest axis first
   * @param begin its first byte, counted from the end of the header
   * @param end the byte after its last
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(String name, int[] sizes, long begin, long end) {
    int count() {
      return (int) ((end - begin) / Float.BYTES);
    }

    @Override
    public String toString() {
      return name + " " + Arrays.toString(sizes);
    }
  }

  /** The header's JSON without padding. */
  String toJson() {
    JsonObject json = new JsonObject();
    if (!metadata.isEmpty()) {
      json.put(METADATA, metadata);
    }
    for (Entry entry : entries) {
      json.put(
          entry.name,
          new JsonObject()
              .put("dtype", "F32")
              .put("shape", entry.sizes)
              .put("data_offsets", new long[] {entry.begin, entry.end}));
    }
    return json.toString();
  }

  /**
   * Reads and checks a header.
   *
   * @param file how messages call the file
   * @param dataBytes how many bytes follow the header in the file
   * @throws ModelFormatException if the header breaks any rule of the format, or names a type other
   *     than F32
   */
  static SafetensorsHeader parse(byte[] bytes, long dataBytes, String file) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(
          file + ": the header must be UTF-8, got other bytes; the file is corrupted", e);
    }
    JsonObject json = JsonObject.parse(text, file + ": header");
    List<Entry> entries = new ArrayList<>();
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    for (String name : json.names()) {
      JsonObject value = json.object(name);
      if (name.equals(METADATA)) {
        for (String key : value.names()) {
          metadata.put(key, value.string(key));
        }
      } else {
        entries.add(entry(name, value, file));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkCovered(entries, dataBytes, file);
    return new SafetensorsHeader(metadata, List.copyOf(entries));
  }

  private static Entry entry(String name, JsonObject json, String file) {
    String tensor = file + ": tensor \"" + name + "\"";
    for (String key : json.names()) {
      if (!key.equals("dtype") && !key.equals("shape") && !key.equals("data_offsets")) {
        throw new ModelFormatException(
            tensor + ": must have dtype, shape and data_offsets, got \"" + key + "\" too");
      }
    }
    String dtype = json.string("dtype");
    if (!dtype.equals("F32")) {
      throw new ModelFormatException(
          tensor
              + ": numbers must be 32-bit floats (F32), got "
              + Json.excerpt(dtype)
              + "; convert the file to F32");
    }
    int[] sizes = json.integers("shape");
    long bytes = Float.BYTES;
    for (int size : sizes) {
      if (size < 0) {
        throw new ModelFormatException(
            tensor + ": sizes must not be negative, got " + Arrays.toString(sizes));
      }
      bytes = size == 0 ? 0 : Math.multiplyHigh(bytes, size) == 0 ? bytes * size : Long.MIN_VALUE;
      if (bytes < 0) {
        break;
      }
    }
    if (bytes < 0 || bytes / Float.BYTES > Integer.MAX_VALUE - 8) {
      throw new ModelFormatException(
          tensor + ": must have at most 2147483639 numbers, got sizes " + Arrays.toString(sizes));
    }
    Object offsets = json.get("data_offsets");
    if (!(offsets instanceof List<?> list
        && list.size() == 2
        && list.get(0) instanceof Long begin
        && list.get(1) instanceof Long end)) {
      throw new ModelFormatException(
          tensor + ": data_offsets must be two whole numbers, got " + shown(offsets));
    }
    if (begin < 0 || end < begin || end - begin != bytes) {
      throw new ModelFormatException(
          tensor
              + ": "
              + Arrays.toString(sizes)
              + " must have "
              + bytes
              + " bytes, got data_offsets "
              + shown(offsets)
              + "; the file is corrupted");
    }
    return new Entry(name, sizes, begin, end);
  }

  private static String shown(@Nullable Object offsets) {
    return offsets instanceof List<?> list && list.size() <= 4
        ? list.toString()
        : Json.excerpt(offsets);
  }

  /** Every byte after the header belongs to exactly one tensor. */
  private static void checkCovered(List<Entry> entries, long dataBytes, String file) {
    long at = 0;
    String before = "the header";
    for (Entry entry : entries) {
      if (entry.begin != at) {
        throw new ModelFormatException(
            file
                + ": tensor \""
                + entry.name
                + "\" must begin at byte "
                + at
                + " where "
                + before
                + " ends, got "
                + entry.begin
                + "; the file is corrupted");
      }
      at = entry.end;
      before = "\"" + entry.name + "\"";
    }
    if (dataBytes < at) {
      throw new ModelFormatException(
          file
              + ": must have "
              + at
              + " bytes of numbers, got "
              + dataBytes
              + "; the file is truncated, copy or train it again");
    }
    if (dataBytes > at) {
      throw new ModelFormatException(
          file
              + ": must have "
              + at
              + " bytes of numbers, got "
              + (dataBytes - at)
              + " more; the file is corrupted, copy or train it again");
    }
  }

  /** The header for tensors that lie one after the other. */
  static SafetensorsHeader of(SequencedMap<String, String> metadata, Map<String, int[]> sizes) {
    List<Entry> entries = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, int[]> tensor : sizes.entrySet()) {
      if (tensor.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("Safetensors: a tensor must not be called " + METADATA);
      }
      long bytes = Float.BYTES;
      for (int size : tensor.getValue()) {
        bytes *= size;
      }
      entries.add(new Entry(tensor.getKey(), tensor.getValue(), at, at + bytes));
      at += bytes;
    }
    return new SafetensorsHeader(metadata, entries);
  }
}

package io.carousel.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object: names in the order in which they were put, and typed access that explains itself.
 *
 * <pre>{@code
 * var json = new JsonObject().put("units", 64).put("words", List.of("the", "a"));
 * int units = json.integer("units");
 * }</pre>
 *
 * <p>Values are {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code JsonObject},
 * lists of these, and {@code null}. {@link #put} takes the other number types, arrays of {@code
 * int}, {@code long}, {@code float} and {@code double}, and maps with string keys, and turns them
 * into these. A {@code float} becomes the {@code double} with the same shortest text ({@code 0.1f}
 * is {@code 0.1}), which reads back to the same {@code float}. JSON has no word for infinity or
 * not-a-number, so those are refused.
 *
 * <p>It is not bound to classes by reflection, since that costs a cold process a quarter of a
 * second.
 */
public final class JsonObject {
  /** How the object is called in messages: a file and the path inside it. */
  private final String where;

  private final SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();

  /** An empty object. */
  public JsonObject() {
    this("JSON");
  }

  JsonObject(String where) {
    this.where = where;
  }

  /**
   * The object that a text spells.
   *
   * @param where how messages call the text, for example a file name
   * @throws ModelFormatException if the text is not one JSON object, or names something twice
   */
  public static JsonObject parse(String text, String where) {
    return Json.parse(text, where);
  }

  /**
   * Sets a value, replacing an earlier one of this name in its place.
   *
   * @throws IllegalArgumentException if the value has no counterpart in JSON
   */
  public JsonObject put(String name, @Nullable Object value) {
    values.put(name, normal(name, value));
    return this;
  }

  /** Sets a value that came out of the parser: nothing to convert. */
  void putParsed(String name, @Nullable Object value) {
    values.put(name, value);
  }

  /** True if there is a value of this name, be it {@code null}. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The names, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(values.sequencedKeySet());
  }

  /** The value as it is, or {@code null} when it is absent or {@code null}. */
  public @Nullable Object get(String name) {
    return values.get(name);
  }

  /**
   * A text. @throws ModelFormatException if it is absent or something else; so do all that follow
   */
  public String string(String name) {
    return values.get(name) instanceof String text ? text : fail(name, "a text");
  }

  /** A whole number that fits an {@code int}. */
  public int integer(String name) {
    return values.get(name) instanceof Long number && number == number.intValue()
        ? number.intValue()
        : fail(name, "a whole number of 32 bits");
  }

  /** A whole number that fits a {@code long}. */
  public long longInteger(String name) {
    return values.get(name) instanceof Long number ? number : fail(name, "a whole number");
  }

  /** A number. */
  public double number(String name) {
    return values.get(name) instanceof Number number
        ? number.doubleValue()
        : fail(name, "a number");
  }

  /** A truth value. */
  public boolean bool(String name) {
    return values.get(name) instanceof Boolean truth ? truth : fail(name, "true or false");
  }

  /** An object. */
  public JsonObject object(String name) {
    return values.get(name) instanceof JsonObject object ? object : fail(name, "an object");
  }

  /** A list of texts. */
  public List<String> strings(String name) {
    return list(name, String.class, "a list of texts");
  }

  /** A list of objects. */
  public List<JsonObject> objects(String name) {
    return list(name, JsonObject.class, "a list of objects");
  }

  /** A list of whole numbers that fit an {@code int}. */
  public int[] integers(String name) {
    List<Long> numbers = list(name, Long.class, "a list of whole numbers");
    int[] integers = new int[numbers.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = numbers.get(i).intValue();
      if (integers[i] != numbers.get(i)) {
        return fail(name, "a list of whole numbers of 32 bits");
      }
    }
    return integers;
  }

  /** A list of numbers. */
  public double[] numbers(String name) {
    List<Number> list = list(name, Number.class, "a list of numbers");
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i).doubleValue();
    }
    return numbers;
  }

  /** JSON on one line. */
  @Override
  public String toString() {
    return Json.write(this, false);
  }

  /** JSON on many lines, indented by two spaces, ending in a line feed. */
  public String toPrettyString() {
    return Json.write(this, true) + "\n";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonObject object && values.equals(object.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  String where() {
    return where;
  }

  private <V> List<V> list(String name, Class<V> type, String wanted) {
    if (!(values.get(name) instanceof List<?> list)) {
      return fail(name, wanted);
    }
    List<V> typed = new ArrayList<>(list.size());
    for (Object value : list) {
      if (!type.isInstance(value)) {
        return fail(name, wanted);
      }
      typed.add(type.cast(value));
    }
    return Collections.unmodifiableList(typed);
  }

  private <V> V fail(String name, String wanted) {
    String got = has(name) ? Json.excerpt(values.get(name)) : "nothing";
    throw new ModelFormatException(where + ": \"" + name + "\" must be " + wanted + ", got " + got);
  }

  private static @Nullable Object normal(String name, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean truth -> truth;
      case Long number -> number;
      case Integer number -> (long) number;
      case Short number -> (long) number;
      case Byte number -> (long) number;
      case Double number -> finite(name, number);
      case Float number -> finite(name, Double.parseDouble(number.toString()));
      case JsonObject object -> object;
      case Map<?, ?> map -> {
        JsonObject object = new JsonObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          object.put(String.valueOf(entry.getKey()), entry.getValue());
        }
        yield object;
      }
      case Iterable<?> many -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (Object element : many) {
          list.add(normal(name, element));
        }
        yield Collections.unmodifiableList(list);
      }
      default -> {
        if (!value.getClass().isArray()) {
          throw new IllegalArgumentException(
              "JsonObject: \""
                  + name
                  + "\" must be a text, number, truth value, list or object, got a "
                  + value.getClass().getName());
        }
        int length = java.lang.reflect.Array.getLength(value);
        List<@Nullable Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
          list.add(normal(name, java.lang.reflect.Array.get(value, i)));
        }
        yield Collections.unmodifiableList(list);
      }
    };
  }

  private static Double finite(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "JsonObject: \"" + name + "\" must be finite, got " + number);
    }
    return number;
  }
}

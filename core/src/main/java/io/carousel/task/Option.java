package io.carousel.task;

import io.carousel.notation.CellTextException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One option of a ready-made job: its name, its purpose, its default and its range.
 *
 * <p>They are said here once: the command line makes its options, its help and its checks of it, and model
 * files and reports their lists of options.
 *
 * @param <V> its values
 */
public final class Option<V> {
  private final String name;
  private final String purpose;
  private final V byDefault;
  private final String defaultText;
  private final String range;
  private final String example;
  private final Function<String, V> reader;
  private final Predicate<V> allowed;

  private Option(
      String name, String purpose, V byDefault, String defaultText, String range, String example,
      Function<String, V> reader, Predicate<V> allowed) {
    this.name = name;
    this.purpose = purpose;
    this.byDefault = byDefault;
    this.defaultText = defaultText;
    this.range = range;
    this.example = example;
    this.reader = reader;
    this.allowed = allowed;
  }

  /** An option that is a whole number. */
  static Option<Integer> whole(String name, String purpose, int byDefault, int least, int most, String example) {
    return new Option<>(
        name, purpose, byDefault, text(byDefault), "a whole number from " + least + " to " + most, example,
        Integer::parseInt, n -> n >= least && n <= most);
  }

  /** An option that is any whole number. */
  static Option<Long> any(String name, String purpose, long byDefault, String example) {
    return new Option<>(
        name, purpose, byDefault, text(byDefault), "a whole number of 64 bits", example,
        Long::parseLong, n -> true);
  }

  /** An option that is a number. */
  static Option<Double> number(
      String name, String purpose, double byDefault, double least, double most, String example) {
    return new Option<>(
        name, purpose, byDefault, text(byDefault), "a number from " + text(least) + " to " + text(most), example,
        Double::parseDouble, n -> n >= least && n <= most);
  }

  /** An option that is true or false. */
  static Option<Boolean> flag(String name, String purpose, boolean byDefault, String example) {
    return new Option<>(
        name, purpose, byDefault, text(byDefault), "true or false", example,
        text -> {
          String word = text.toLowerCase(Locale.ROOT);
          if (!word.equals("true") && !word.equals("false")) {
            throw new IllegalArgumentException(text);
          }
          return word.equals("true");
        },
        value -> true);
  }

  /** An option that is one of some words. */
  static <E extends Enum<E>> Option<E> choice(String name, String purpose, E byDefault, String example) {
    Class<E> type = byDefault.getDeclaringClass();
    return new Option<>(
        name, purpose, byDefault, text(byDefault), words(type, ", ", " or "), example,
        text -> Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT)), value -> true);
  }

  /** An option that is one or several of some words, with commas between them. */
  static <E extends Enum<E>> Option<Set<E>> choices(
      String name, String purpose, Set<E> byDefault, Class<E> type, String example) {
    return new Option<>(
        name, purpose, byDefault, text(byDefault),
        "one or several of " + words(type, ", ", " and ") + ", with commas", example,
        text -> {
          Set<E> chosen = EnumSet.noneOf(type);
          for (String word : text.split(",", -1)) {
            chosen.add(Enum.valueOf(type, word.strip().toUpperCase(Locale.ROOT)));
          }
          return Collections.unmodifiableSet(chosen);
        },
        chosen -> !chosen.isEmpty());
  }

  /** An option that is a file, none unless it is given. */
  static Option<String> file(String name, String purpose, String range, String example) {
    return new Option<>(
        name, purpose, "", "none", range, example,
        text -> {
          if (text.isBlank()) { // a variable of the shell that is not set
            throw new IllegalArgumentException();
          }
          return text.equals("none") ? "" : Path.of(text).toString();
        },
        file -> true);
  }

  /** An option that is a cell, by its name in the catalogue or a file with its equations. */
  static Option<CellChoice> cell(String name, String purpose, CellChoice byDefault, String example) {
    return new Option<>(
        name, purpose, byDefault, text(byDefault), CellChoice.range(), example, CellChoice::of, cell -> true);
  }

  /** The same with a default that depends on the data; {@code how} says in which way. */
  Option<V> byData(String how) {
    return new Option<>(name, purpose, byDefault, how, range, example, reader, allowed);
  }

  /** Its name, {@code max-length}. */
  public String name() {
    return name;
  }

  /** What it is for. */
  public String purpose() {
    return purpose;
  }

  /** The value where none is given. */
  public V byDefault() {
    return byDefault;
  }

  /** The default for people, which may depend on the data. */
  public String defaultText() {
    return defaultText;
  }

  /** What it may be, {@code a whole number from 1 to 4096}. */
  public String range() {
    return range;
  }

  /** A value as one would type it. */
  public String example() {
    return example;
  }

  /**
   * The value that a text spells.
   *
   * @throws IllegalArgumentException if it is out of range; says the range and an example
   */
  public V parse(String text) {
    V value;
    try {
      value = reader.apply(text);
    } catch (CellTextException e) { // says itself where and why
      throw e;
    } catch (IllegalArgumentException e) { // the enums' and the numbers' own, whose words are for programmers
      throw outOfRange(text.isEmpty() ? "nothing" : text);
    }
    return check(value);
  }

  /** The value itself. @throws IllegalArgumentException if it is out of range */
  public V check(V value) {
    if (!allowed.test(value)) {
      throw outOfRange(text(value));
    }
    return value;
  }

  /** A value as one would type it: {@code mean,max}. */
  static String text(Object value) {
    return switch (value) {
      case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
      case String none when none.isEmpty() -> "none";
      case Double number when !Double.isFinite(number) -> number.toString();
      case Double number -> {
        BigDecimal plain = BigDecimal.valueOf(number).stripTrailingZeros();
        yield plain.toPlainString();
      }
      case Set<?> words -> {
        StringJoiner list = new StringJoiner(",");
        words.forEach(word -> list.add(text(word)));
        yield list.toString();
      }
      default -> value.toString();
    };
  }

  @Override
  public String toString() {
    return name;
  }

  private IllegalArgumentException outOfRange(String got) {
    return new IllegalArgumentException(
        name + ": must be " + range + ", got " + got + "; for example " + example);
  }

  private static String words(Class<? extends Enum<?>> type, String between, String beforeLast) {
    Enum<?>[] all = type.getEnumConstants();
    String last = text(all[all.length - 1]);
    return String.join(between, Arrays.stream(all).limit(all.length - 1L).map(Option::text).toList())
        + beforeLast + last;
  }
}

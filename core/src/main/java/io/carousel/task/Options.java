package io.carousel.task;

import io.carousel.store.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Values for the options of a ready-made job. What is not given has its default. Immutable.
 *
 * <pre>
 *   Options options = TextClassifierOptions.defaults().with(UNITS, 128).with(SEED, 7L);
 * </pre>
 */
public final class Options {
  private final List<Option<?>> all;
  private final SequencedMap<Option<?>, Object> given;

  private Options(List<Option<?>> all, SequencedMap<Option<?>, Object> given) {
    this.all = all;
    this.given = Collections.unmodifiableSequencedMap(given);
  }

  /** All defaults. */
  static Options of(List<Option<?>> all) {
    return new Options(List.copyOf(all), new LinkedHashMap<>());
  }

  /** Every option of the job, in the order of its help. */
  public List<Option<?>> all() {
    return all;
  }

  /** The value of an option. */
  @SuppressWarnings("unchecked") // with() lets only values of the option's type in
  public <V> V get(Option<V> option) {
    require(option);
    Object value = given.get(option);
    return value == null ? option.byDefault() : (V) value;
  }

  /** True if the option was given, false if it has its default. */
  public boolean isGiven(Option<?> option) {
    require(option);
    return given.containsKey(option);
  }

  /** These with another value. @throws IllegalArgumentException if it is out of the option's range */
  public <V> Options with(Option<V> option, V value) {
    require(option);
    SequencedMap<Option<?>, Object> changed = new LinkedHashMap<>(given);
    changed.put(option, option.check(value));
    return new Options(all, changed);
  }

  /** These with the value that a text spells. @throws IllegalArgumentException if it is out of range */
  public <V> Options withText(Option<V> option, String text) {
    return with(option, option.parse(text));
  }

  /** Every option with its value as text, for people. */
  public SequencedMap<String, String> texts() {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    for (Option<?> option : all) {
      texts.put(option.name(), Option.text(get(option)));
    }
    return texts;
  }

  /** Every option with its value, for model files. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    for (Option<?> option : all) {
      Object value = get(option);
      json.put(option.name().replace('-', '_'), value instanceof Number || value instanceof Boolean
          ? value : Option.text(value));
    }
    return json;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    given.forEach((option, value) -> parts.add(option.name() + "=" + Option.text(value)));
    return "Options" + parts;
  }

  private void require(Option<?> option) {
    if (!all.contains(option)) {
      throw new IllegalArgumentException("Options: " + option.name()
          + " must be an option of this job, got that of another");
    }
  }
}

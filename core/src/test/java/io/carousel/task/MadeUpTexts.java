package io.carousel.task;

import io.carousel.data.TextTable;
import io.carousel.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/** Texts whose label depends on one word among others, so that a small model learns them in seconds. */
final class MadeUpTexts {
  private static final List<String> SUBJECTS = List.of("sports", "weather", "music");
  private static final List<List<String>> TELLING =
      List.of(List.of("goal", "match"), List.of("rain", "sunny"), List.of("song", "concert"));
  private static final List<String> OTHERS =
      List.of("the", "a", "today", "was", "we", "saw", "and", "then", "long", "good", "bad", "very");

  private MadeUpTexts() {}

  /** So many texts on so many subjects, at most three. */
  static TextTable table(int rows, int subjects, long key) {
    List<String> texts = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int subject = row % subjects;
      int length = 3 + CounterRandom.below(8, key, 100L * row);
      int at = CounterRandom.below(length, key, 100L * row + 1);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        List<String> from = i == at ? TELLING.get(subject) : OTHERS;
        text.append(from.get(CounterRandom.below(from.size(), key, 100L * row + 2 + i))).append(' ');
      }
      texts.add(text.toString());
      labels.add(SUBJECTS.get(subject));
    }
    return TextTable.of(texts, labels);
  }
}

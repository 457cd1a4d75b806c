package io.carousel.bench.longmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.carousel.data.Batch;
import io.carousel.data.Sample;
import io.carousel.tensor.CounterRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sequences are those of the papers. */
class TasksTest {
  private static final int SAMPLES = 300;

  static List<Task> tasks() {
    return Task.ALL;
  }

  private static Sample sample(Task task, int number) {
    return task.sequences(5).training().make(CounterRandom.key(9, number));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void sequencesAreAFunctionOfTheirSeed(Task task) {
    Task.Sequences one = task.sequences(5);
    Task.Sequences other = task.sequences(6);
    int[] rows = {0, 1, 2, 3};
    assertThat(features(one.test().batch(rows))).containsExactly(features(task.sequences(5).test().batch(rows)));
    assertThat(features(one.test().batch(rows))).isNotEqualTo(features(other.test().batch(rows)));
    assertThat(features(one.test().batch(rows))).isNotEqualTo(features(one.checks().apply(0).batch(rows)));
    assertThat(one.test().batch(rows).featureCount()).isEqualTo(task.features());
    assertThat(task.model(Cells.ALL.getFirst().make().apply(3)).outputs()).isEqualTo(task.outputs());
  }

  private static float[] features(Batch batch) {
    return Objects.requireNonNull(batch.features());
  }

  /** Outputs that are the targets are right; those of other rows are not. */
  @ParameterizedTest
  @MethodSource("tasks")
  void rightAnswersAreRightAndOthersWrong(Task task) {
    int[] rows = new int[40];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    Batch batch = task.sequences(5).test().batch(rows);
    Score right = new Score();
    task.judge(answers(task, batch, false), batch, right);
    assertThat(right.rows()).isEqualTo(40);
    assertThat(task.solved(right)).isEqualTo(!(task instanceof ReberGrammar)); // it has two right answers
    Score wrong = new Score();
    task.judge(answers(task, batch, true), batch, wrong);
    assertThat(task.solved(wrong)).isFalse();
    assertThat(wrong.wrong()).isGreaterThan(10);
  }

  private static float[] answers(Task task, Batch batch, boolean shifted) {
    int rows = batch.rows();
    int places = task.eachStep() ? batch.steps() : 1;
    int outputs = task.outputs();
    float[] answers = new float[places * rows * outputs];
    for (int t = 0; t < places; t++) {
      for (int b = 0; b < rows; b++) {
        int from = t * rows + (b + (shifted ? 1 : 0)) % rows;
        int[] classes = batch.classes();
        if (classes != null && outputs > 1) {
          answers[(t * rows + b) * outputs + classes[from]] = 1;
        } else {
          float[] targets = batch.targets();
          answers[t * rows + b] = classes != null ? classes[from] : Objects.requireNonNull(targets)[from];
        }
      }
    }
    return answers;
  }

  @Test
  void theAddingProblemOf1997() {
    Set<Integer> lengths = new HashSet<>();
    boolean zeroed = false;
    for (int i = 0; i < SAMPLES; i++) {
      Sample sample = sample(AddingProblem.of1997(100), i);
      float[] x = sample.features();
      lengths.add(sample.length());
      double sum = 0;
      int early = 0;
      int marked = 0;
      for (int t = 0; t < sample.length(); t++) {
        assertThat(x[2 * t]).isBetween(-1f, 1f);
        if (x[2 * t + 1] == 1) {
          sum += x[2 * t];
          early += t < 10 ? 1 : 0;
          marked++;
          assertThat(t).isLessThan(49);
          zeroed |= t == 0;
          assertThat(t > 0 || x[0] == 0).isTrue();
        } else {
          assertThat(x[2 * t + 1]).isEqualTo(t == 0 || t == sample.length() - 1 ? -1 : 0);
        }
      }
      assertThat(marked).isEqualTo(2);
      assertThat(early).isBetween(1, 2);
      assertThat((double) Objects.requireNonNull(sample.targets())[0]).isCloseTo(0.5 + sum / 4, within(1e-6));
    }
    assertThat(lengths).hasSize(11).allMatch(length -> length >= 100 && length <= 110);
    assertThat(zeroed).as("the rare case occurs").isTrue();
  }

  @Test
  void theAddingProblemOf2016() {
    for (int i = 0; i < 50; i++) {
      Sample sample = sample(AddingProblem.of2016(600), i);
      float[] x = sample.features();
      assertThat(sample.length()).isEqualTo(600);
      float[] halves = new float[2];
      int marked = 0;
      for (int t = 0; t < 600; t++) {
        assertThat(x[2 * t]).isBetween(0f, 1f);
        if (x[2 * t + 1] != 0) {
          marked++;
          halves[t / 300] += x[2 * t];
        }
      }
      assertThat(marked).isEqualTo(2);
      assertThat(halves[0] * halves[1]).as("one in each half").isPositive();
      assertThat(Objects.requireNonNull(sample.targets())[0]).isEqualTo(halves[0] + halves[1]);
    }
  }

  @Test
  void temporalOrder() {
    int[] counts = new int[4];
    for (int i = 0; i < SAMPLES; i++) {
      Sample sample = sample(new TemporalOrder(), i);
      String text = text(sample, 8, "abcdXYEB");
      assertThat(text).matches("E[abcd]{9,19}[XY][abcd]{29,49}[XY][abcd]{38,58}B").hasSizeBetween(100, 110);
      String order = text.replaceAll("[^XY]", "");
      int id = Objects.requireNonNull(sample.classes())[0];
      assertThat(List.of("XX", "XY", "YX", "YY").get(id)).isEqualTo(order);
      assertThat(text.indexOf(order.charAt(0))).isBetween(10, 20);
      counts[id]++;
    }
    assertThat(counts).doesNotContain(0);
  }

  @Test
  void copyMemory() {
    CopyMemory task = new CopyMemory(100);
    Sample sample = sample(task, 0);
    String in = text(sample, 10, "abcdefgh.!");
    assertThat(in).matches("[a-h]{10}\\.{99}!\\.{10}").hasSize(120);
    StringBuilder out = new StringBuilder();
    for (int symbol : Objects.requireNonNull(sample.classes())) {
      out.append("abcdefgh.".charAt(symbol));
    }
    assertThat(out.toString()).isEqualTo(".".repeat(110) + in.substring(0, 10));
    assertThat(task.baseline()).isCloseTo(0.1733, within(1e-4));
  }

  @Test
  void twoSequences() {
    double squares = 0;
    int count = 0;
    for (int i = 0; i < SAMPLES; i++) {
      Sample sample = sample(new TwoSequences(100), i);
      float[] x = sample.features();
      float first = 2f * Objects.requireNonNull(sample.classes())[0] - 1;
      assertThat(new float[] {x[0], x[1], x[2]}).containsExactly(first, first, first);
      for (int t = 3; t < sample.length(); t++, count++) {
        squares += x[t] * x[t];
      }
    }
    assertThat(squares / count).isCloseTo(0.2, within(0.01));
  }

  @Test
  void reberStringsFollowTheGrammar() {
    List<String> training = ReberGrammar.strings(1, Set.of());
    List<String> test = ReberGrammar.strings(2, new HashSet<>(training));
    assertThat(training).hasSize(256).allMatch(
        string -> string.matches("B([TP])B(TS*(XX|XS)|.*)[BTPSXVE]*E\\1E") && string.length() >= 9);
    assertThat(test).hasSize(256).doesNotContainAnyElementsOf(training);
    assertThat(training.stream().filter(string -> string.charAt(1) == 'T').count()).isBetween(90L, 166L);
    assertThat(ReberGrammar.followers("BTBTXSETE"))
        .containsExactly("TP", "B", "TP", "SX", "XS", "E", "T", "E");
    assertThat(ReberGrammar.followers("BPBPTVPSEPE"))
        .containsExactly("TP", "B", "TP", "TV", "TV", "PV", "XS", "E", "P", "E");
    training.forEach(ReberGrammar::followers); // refuses what is no string of the grammar
    assertThatIllegalArgumentException().isThrownBy(() -> ReberGrammar.followers("BTBTXVETE"))
        .withMessageContaining("BTBTXVETE must follow the grammar");
  }

  /** Either of the symbols that may come next will do, but none that may not. */
  @Test
  void reberStringsAreRightWhereTheNextSymbolsAreAboveAllOthers() {
    ReberGrammar task = new ReberGrammar();
    String string = "BTBTXSETE";
    int[] classes = new int[8];
    int[] in = new int[8];
    for (int t = 0; t < 8; t++) {
      in[t] = "BTPSXVE".indexOf(string.charAt(t));
      classes[t] = "BTPSXVE".indexOf(string.charAt(t + 1));
    }
    Batch batch = new Batch(8, null, Symbols.oneHot(in, 7), new int[] {8}, classes, null);
    float[] outputs = new float[8 * 7];
    String[] after = ReberGrammar.followers(string);
    for (int t = 0; t < 8; t++) {
      for (int k = 0; k < 7; k++) {
        outputs[t * 7 + k] = after[t].indexOf("BTPSXVE".charAt(k)) >= 0 ? 0.4f : 0.1f;
      }
    }
    assertThat(wrong(task, outputs, batch)).isZero();
    outputs[6 * 7 + 2] = 0.5f; // after the inner E it says P, where T came at first
    assertThat(wrong(task, outputs, batch)).isEqualTo(1);
  }

  private static int wrong(Task task, float[] outputs, Batch batch) {
    Score score = new Score();
    task.judge(outputs, batch, score);
    return score.wrong();
  }

  private static String text(Sample sample, int kinds, String symbols) {
    StringBuilder text = new StringBuilder();
    for (int t = 0; t < sample.length(); t++) {
      text.append(symbols.charAt(Symbols.largest(sample.features(), t * kinds, kinds)));
    }
    return text.toString();
  }
}

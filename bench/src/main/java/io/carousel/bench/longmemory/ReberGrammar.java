package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.data.Batch;
import io.carousel.data.Dataset;
import io.carousel.data.Sample;
import io.carousel.data.TensorDataset;
import io.carousel.tensor.CounterRandom;
import io.carousel.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The embedded Reber grammar: which symbols may come next, at each step of a string.
 *
 * <p>A string is B, then T or P, then a string of Reber's grammar, then the same T or P again, then E; where the grammar
 * has two ways to go on, each is as likely. The network reads all symbols but the last and predicts the next at each
 * step. 256 strings are drawn for training, and 256 for the test that are not among them. A string is right if at all
 * steps the outputs of the one or two symbols that may come next are larger than all others; the task is solved when
 * all training and all test strings are right. Source: Hochreiter, Schmidhuber: Long Short-Term Memory, 1997, section
 * 5.1, after Fahlman, 1991. Differs from the source: the outputs are a softmax.
 */
record ReberGrammar() implements Task {
  private static final int ROWS = 256;
  private static final String SYMBOLS = "BTPSXVE";
  private static final int KINDS = SYMBOLS.length();

  /** Reber's grammar: for each node the symbols that lead on, and the nodes that they lead to; node 7 is the end. */
  private static final String[] ARROWS = {"B", "TP", "SX", "TV", "XS", "PV", "E"};
  private static final int[][] NODES = {{1}, {2, 3}, {2, 4}, {3, 5}, {3, 6}, {4, 6}, {7}};
  private static final int END = 7;

  @Override
  public String name() {
    return "reber";
  }

  @Override
  public String text() {
    return "Which symbols may come next at each step of strings of the embedded Reber grammar (Hochreiter, Schmidhuber"
        + " 1997, section 5.1).";
  }

  @Override
  public String goal() {
    return "256 training strings, of which all sequences are drawn, and 256 other test strings all right";
  }

  @Override
  public int features() {
    return KINDS;
  }

  @Override
  public int outputs() {
    return KINDS;
  }

  @Override
  public int memory() {
    return 10;
  }

  @Override
  public Activation output() {
    return Activation.SOFTMAX;
  }

  @Override
  public boolean eachStep() {
    return true;
  }

  @Override
  public Recipe recipe() {
    return new Recipe(32, 4, 5e-3, 40_000, 500);
  }

  @Override
  public Sequences sequences(long seed) {
    List<String> training = strings(CounterRandom.key(seed, "training"), Set.of());
    List<String> test = strings(CounterRandom.key(seed, "test"), new HashSet<>(training));
    Dataset all = dataset(training);
    return new Sequences(
        key -> sample(training.get(CounterRandom.below(ROWS, key, 0))), number -> all, dataset(test));
  }

  private static Dataset dataset(List<String> strings) {
    int[] lengths = strings.stream().mapToInt(string -> string.length() - 1).toArray();
    int steps = Arrays.stream(lengths).max().orElse(1);
    Tensor x = Tensor.zeros(strings.size(), steps, KINDS);
    int[][] classes = new int[strings.size()][];
    for (int row = 0; row < classes.length; row++) {
      Sample sample = sample(strings.get(row));
      System.arraycopy(sample.features(), 0, x.values(), row * steps * KINDS, sample.features().length);
      classes[row] = Arrays.copyOf(Objects.requireNonNull(sample.classes()), steps);
    }
    return TensorDataset.ofStepClasses(x, classes).withLengths(lengths);
  }

  /** Strings drawn at random but for some. */
  static List<String> strings(long key, Set<String> but) {
    List<String> strings = new ArrayList<>();
    for (long i = 0; strings.size() < ROWS; i++) {
      String string = string(CounterRandom.key(key, i));
      if (!but.contains(string)) {
        strings.add(string);
      }
    }
    return strings;
  }

  private static String string(long key) {
    StringBuilder text = new StringBuilder();
    int node = 0;
    for (long step = 0; node != END; step++) {
      int way = CounterRandom.below(ARROWS[node].length(), key, step);
      text.append(ARROWS[node].charAt(way));
      node = NODES[node][way];
    }
    char around = CounterRandom.below(2, key, -1) == 0 ? 'T' : 'P';
    return "B" + around + text + around + "E";
  }

  private static Sample sample(String string) {
    int length = string.length() - 1;
    int[] in = new int[length];
    int[] next = new int[length];
    for (int t = 0; t < length; t++) {
      in[t] = SYMBOLS.indexOf(string.charAt(t));
      next[t] = SYMBOLS.indexOf(string.charAt(t + 1));
    }
    return Sample.ofStepClasses(length, Symbols.oneHot(in, KINDS), next);
  }

  /**
   * The symbols that may follow each symbol of a string but its last.
   *
   * @throws IllegalArgumentException if it is no string of the grammar
   */
  static String[] followers(String string) {
    int length = string.length() - 1;
    String[] after = new String[length];
    after[0] = "TP";
    int node = 0;
    for (int t = 1; t < length; t++) {
      after[t] = node == END ? "E" : ARROWS[node];
      if (t + 1 < length) {
        char symbol = string.charAt(t + 1);
        if (node == END) {
          after[t] = string.substring(1, 2);
        } else {
          int way = ARROWS[node].indexOf(symbol);
          if (way < 0) {
            throw new IllegalArgumentException("ReberGrammar: " + string + " must follow the grammar, does not at " + (t + 1));
          }
          node = NODES[node][way];
        }
      }
    }
    return after;
  }

  @Override
  public void judge(float[] outputs, Batch batch, Score score) {
    int[] classes = Objects.requireNonNull(batch.classes());
    int rows = batch.rows();
    for (int b = 0; b < rows; b++) {
      StringBuilder string = new StringBuilder("B");
      int length = batch.lengths()[b];
      for (int t = 0; t < length; t++) {
        string.append(SYMBOLS.charAt(classes[t * rows + b]));
      }
      String[] after = followers(string.toString());
      boolean right = true;
      for (int t = 0; t < length; t++) {
        right &= above(outputs, (t * rows + b) * KINDS, after[t]);
      }
      score.row(right);
    }
  }

  /** True if the outputs of some symbols are larger than those of all others. */
  private static boolean above(float[] outputs, int from, String symbols) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < KINDS; k++) {
      if (symbols.indexOf(SYMBOLS.charAt(k)) >= 0) {
        least = Math.min(least, outputs[from + k]);
      } else {
        most = Math.max(most, outputs[from + k]);
      }
    }
    return least > most;
  }

  @Override
  public boolean solved(Score score) {
    return score.wrong() == 0;
  }
}

package io.carousel.bench.longmemory;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The program behind {@code carousel bench long-memory}: trains each cell on each task, keeps the outcomes in a file,
 * and writes the page with the table and the plot from it.
 */
public final class LongMemory {
  private static final String USAGE =
      """
      Usage: carousel bench long-memory [OPTIONS]
      Which cells solve which tasks of long memory, and after how many sequences: trains each on each.

        --tasks T1,T2     of %s (all)
        --cells C1,C2     of %s (all)
        --seed N          decides first weights and sequences (1)
        --threads N       any number gives the same figures (1)
        --budget N        the most training sequences, instead of each task's own
        --units N         the size of the state, instead of each task's own
        --batch N         the sequences of a step, instead of each task's own
        --rate R          the learning rate, instead of each task's own
        --json FILE       keeps the outcomes; a task and cell that it has are replaced (bench/results/long-memory.json)
        --page FILE       the page that is written from all of them, with a plot beside it (docs/long-memory.md)
      """;

  private final PrintStream out;
  private List<Task> tasks = Task.ALL;
  private List<Cells.Entry> cells = Cells.ALL;
  private long seed = 1;
  private int threads = 1;
  private long budget;
  private int units;
  private int batch;
  private double rate;
  private Path json;
  private Path page;

  private LongMemory(Path home, PrintStream out) {
    this.out = out;
    this.json = home.resolve("bench/results/long-memory.json");
    this.page = home.resolve("docs/long-memory.md");
  }

  /**
   * Does what the arguments say; progress goes to {@code err}.
   *
   * @param home the folder of the project
   * @param commit the sources that this was built from
   * @throws IllegalArgumentException if the arguments are wrong, with one line that says how
   */
  public static void run(String[] arguments, Path home, String commit, PrintStream out, PrintStream err)
      throws IOException {
    LongMemory program = new LongMemory(home, out);
    if (program.read(arguments)) {
      program.work(commit, err);
    }
  }

  /** Reads the arguments; false if only help was asked for. */
  private boolean read(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      if (name.equals("--help") || name.equals("-h")) {
        out.printf(USAGE, names(Task.ALL, Task::name), names(Cells.ALL, Cells.Entry::name));
        return false;
      }
      if (!USAGE.contains("\n  " + name + " ")) {
        throw new IllegalArgumentException("there is no option " + name + "; see carousel bench long-memory --help");
      }
      if (++i == arguments.length) {
        throw new IllegalArgumentException(name + ": needs a value; see carousel bench long-memory --help");
      }
      String value = arguments[i];
      switch (name) {
        case "--tasks" -> tasks = chosen(name, value, Task.ALL, Task::name);
        case "--cells" -> cells = chosen(name, value, Cells.ALL, Cells.Entry::name);
        case "--seed" -> seed = (long) number(name, value, Long.MIN_VALUE);
        case "--threads" -> threads = (int) number(name, value, 1);
        case "--budget" -> budget = (long) number(name, value, 1);
        case "--units" -> units = (int) number(name, value, 1);
        case "--batch" -> batch = (int) number(name, value, 1);
        case "--rate" -> rate = number(name, value, 0);
        case "--json" -> json = Path.of(value);
        case "--page" -> page = Path.of(value);
        default -> throw new IllegalStateException(name);
      }
    }
    return true;
  }

  private void work(String commit, PrintStream err) throws IOException {
    for (Path file : List.of(json, page)) { // before training for hours, not after
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    Outcomes outcomes = new Outcomes(json);
    int done = 0;
    int all = tasks.size() * cells.size();
    for (Task task : tasks) {
      for (Cells.Entry cell : cells) {
        Recipe recipe = recipe(task.recipe());
        String who = String.format(Locale.ROOT, "%d of %d: %s %s", ++done, all, task.name(), cell.name());
        Attempt attempt =
            Attempt.run(task, cell, recipe, seed, threads, progress -> err.println(line(who, recipe, progress)));
        outcomes.add(new Outcome(task.name(), cell.name(), seed, recipe, commit, attempt));
        out.printf(
            Locale.ROOT, "%-18s %-16s %-10s %,9d sequences  %s%n", task.name(), cell.name(), attempt.end(),
            attempt.sequences(), attempt.figure());
        write(outcomes);
      }
    }
  }

  private void write(Outcomes outcomes) throws IOException {
    String plot = String.valueOf(page.getFileName()).replaceFirst("\\.md$", "") + ".svg";
    Files.writeString(page, new Page(outcomes.all()).text(plot));
    Files.writeString(page.resolveSibling(plot), Plot.svg(outcomes.all()));
  }

  private Recipe recipe(Recipe own) {
    return new Recipe(
        units > 0 ? units : own.units(), batch > 0 ? batch : own.batch(), rate > 0 ? rate : own.rate(),
        budget > 0 ? budget : own.budget(), own.every());
  }

  private static String line(String who, Recipe recipe, Attempt.Progress progress) {
    double perSecond = progress.sequences() / progress.seconds();
    return String.format(
        Locale.ROOT, "%s: %,d of %,d sequences, %.0f/s, at most %.0f s left, loss %.5f, %s", who, progress.sequences(),
        recipe.budget(), perSecond, (recipe.budget() - progress.sequences()) / perSecond, progress.loss(),
        progress.check());
  }

  private static <V> List<V> chosen(String option, String list, List<V> all, Function<V, String> name) {
    List<V> found = new ArrayList<>();
    for (String word : list.split(",", -1)) {
      found.add(
          all.stream().filter(each -> name.apply(each).equals(word)).findFirst().orElseThrow(
              () -> new IllegalArgumentException(
                  option + ": must be of " + names(all, name) + ", got " + (word.isBlank() ? "nothing" : word))));
    }
    return found;
  }

  private static <V> String names(List<V> all, Function<V, String> name) {
    return String.join(", ", all.stream().map(name).toList());
  }

  private static double number(String option, String text, double least) {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= Integer.MAX_VALUE && (option.equals("--rate") || value == Math.rint(value))) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below, as a value out of range is
    }
    throw new IllegalArgumentException(
        option + ": must be a " + (option.equals("--rate") ? "" : "whole ") + "number of at least " + least + ", got "
            + text);
  }
}

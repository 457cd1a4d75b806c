package io.carousel.bench.longmemory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The outcomes as a page of Markdown. */
final class Page {
  private static final String HEAD =
      """
      # Long memory

      Which cells learn to remember, and after how many training sequences: the tasks of Hochreiter and Schmidhuber's paper
      of 1997 and those of 2015 and 2016. Written by `./carousel bench long-memory`; do not edit.

      A network is one recurrent layer and one dense layer, trained with Adam on sequences that are made from the seed, the
      norm of the gradients clipped to 1. The recipe of a task (units, batch, learning rate) was chosen for the LSTM on
      other seeds and is the same for all cells: a cell that fails here fails with that recipe and within that budget. A
      network is checked on the way on sequences it was not trained on; after two good checks in a row it is tested.

      Gates begin so that units remember for 1 to T steps (chrono initialization, Tallec and Ollivier 2018); `as-is` are the
      cells as the library begins them, with a forget gate that is three quarters open, which forgets within ten steps:
      training then finds nothing to hold on to. `lstm-1997` has no forget gate; only its input gate begins so,
      which was changed after its as-is form had failed adding-600 at the seed of this page. `slstm`, `mlstm`
      and the plain networks begin as the library begins them, `irnn` and `indrnn` with relu. The biases are drawn here; those of
      `Initializers.chrono`, `init b_f = chrono(T)` in a cell's text, are spread evenly over the same values.

      """;

  private final List<Outcome> outcomes;

  Page(List<Outcome> outcomes) {
    this.outcomes = outcomes;
  }

  /**
   * The page.
   *
   * @param plot the name of the plot beside it
   */
  String text(String plot) {
    StringBuilder page = new StringBuilder(HEAD);
    summary(page);
    page.append("\n![Training loss over sequences](").append(plot).append(")\n");
    for (Task task : Task.ALL) {
      List<Outcome> of = outcomes.stream().filter(each -> each.task().equals(task.name())).toList();
      if (!of.isEmpty()) {
        section(task, of, page);
      }
    }
    Set<String> commits = new TreeSet<>();
    Set<Long> seeds = new TreeSet<>();
    outcomes.forEach(each -> {
      commits.add(each.commit());
      seeds.add(each.seed());
    });
    page.append("\n## Provenance\n\nSeed ").append(join(seeds)).append(", commit ").append(join(commits)).append(
        ". The same seed gives the same figures on any number of threads and any machine; the time is that of a busy"
            + " machine and says nothing about speed, for which see [bench/NOTES.md](../bench/NOTES.md).\n"
            + "A row again, or a cell that is new: `./carousel bench long-memory --cells NAME --tasks NAME`.\n");
    return page.toString();
  }

  /** Cells by tasks: the sequences until a task was solved, or a dash. */
  private void summary(StringBuilder page) {
    Set<String> tasks = new LinkedHashSet<>();
    Task.ALL.forEach(task -> tasks.add(task.name()));
    tasks.retainAll(outcomes.stream().map(Outcome::task).toList());
    page.append("Training sequences until the task was solved; – not solved within the budget; blank: not tried.\n\n| cell |");
    tasks.forEach(task -> page.append(" ").append(task).append(" |"));
    page.append("\n|---|").append("---:|".repeat(tasks.size())).append("\n");
    for (Cells.Entry cell : Cells.ALL) {
      if (outcomes.stream().noneMatch(each -> each.cell().equals(cell.name()))) {
        continue;
      }
      page.append("| ").append(cell.name()).append(" |");
      for (String task : tasks) {
        List<String> found = outcomes.stream()
            .filter(each -> each.cell().equals(cell.name()) && each.task().equals(task))
            .map(each -> each.attempt().end() == Attempt.End.SOLVED ? count(each.attempt().sequences()) : "–").toList();
        page.append(" ").append(String.join(", ", found)).append(" |");
      }
      page.append("\n");
    }
  }

  private static void section(Task task, List<Outcome> of, StringBuilder page) {
    page.append("\n## ").append(task.name()).append("\n\n").append(task.text()).append("\nSolved: ").append(task.goal())
        .append(".\n");
    Set<String> recipes = new LinkedHashSet<>();
    of.forEach(each -> recipes.add(each.recipe().toString()));
    page.append("Trained with ").append(String.join("; or ", recipes)).append(".\n\n");
    page.append("| cell | parameters | | sequences | test | seconds |\n|---|---:|---|---:|---|---:|\n");
    for (Outcome each : of) {
      Attempt attempt = each.attempt();
      page.append("| ").append(each.cell()).append(" | ").append(count(attempt.parameters())).append(" | ")
          .append(attempt.end()).append(" | ").append(count(attempt.sequences())).append(" | ")
          .append(attempt.figure()).append(" | ").append(Math.round(attempt.seconds())).append(" |\n");
    }
  }

  private static String join(Set<?> values) {
    return String.join(", ", values.stream().map(String::valueOf).toList());
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}

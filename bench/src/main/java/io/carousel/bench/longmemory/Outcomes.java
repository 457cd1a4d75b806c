package io.carousel.bench.longmemory;

import io.carousel.store.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The file of outcomes: one of a task, a cell and a seed takes the place of an earlier one. */
final class Outcomes {
  private final Path file;
  private final List<Outcome> all = new ArrayList<>();

  /** Reads the file if there is one. */
  Outcomes(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      JsonObject json = JsonObject.parse(Files.readString(file), file.toString());
      json.objects("outcomes").forEach(row -> all.add(Outcome.of(row)));
    }
  }

  List<Outcome> all() {
    return List.copyOf(all);
  }

  /** Adds an outcome and writes the file, so that what is interrupted leaves what it had. */
  void add(Outcome outcome) throws IOException {
    all.removeIf(each -> each.isOf(outcome.task(), outcome.cell(), outcome.seed()));
    all.add(outcome);
    List<String> tasks = Task.ALL.stream().map(Task::name).toList();
    List<String> cells = Cells.ALL.stream().map(Cells.Entry::name).toList();
    all.sort(
        Comparator.<Outcome>comparingInt(each -> tasks.indexOf(each.task()))
            .thenComparingInt(each -> cells.indexOf(each.cell())).thenComparingLong(Outcome::seed));
    JsonObject json = new JsonObject().put("outcomes", all.stream().map(Outcome::json).toList());
    Files.writeString(file, json.toPrettyString() + "\n");
  }
}

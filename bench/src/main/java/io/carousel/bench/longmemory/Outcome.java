package io.carousel.bench.longmemory;

import io.carousel.store.JsonObject;
import java.util.Arrays;

/**
 * An attempt with all that decided it.
 *
 * @param commit the sources it was made with
 */
record Outcome(String task, String cell, long seed, Recipe recipe, String commit, Attempt attempt) {
  JsonObject json() {
    return new JsonObject()
        .put("task", task)
        .put("cell", cell)
        .put("seed", seed)
        .put("end", attempt.end().toString())
        .put("sequences", attempt.sequences())
        .put("figure", attempt.figure())
        .put("tests", attempt.tests())
        .put("parameters", attempt.parameters())
        .put("seconds", Math.round(attempt.seconds()))
        .put("units", recipe.units())
        .put("batch", recipe.batch())
        .put("rate", recipe.rate())
        .put("budget", recipe.budget())
        .put("every", recipe.every())
        .put("commit", commit)
        .put("curve", attempt.curve().stream().mapToDouble(loss -> (float) (double) loss).toArray());
  }

  static Outcome of(JsonObject row) {
    String end = row.string("end");
    Attempt.End ended = Arrays.stream(Attempt.End.values()).filter(each -> each.toString().equals(end)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("end: must be a word of this program, got " + end));
    return new Outcome(
        row.string("task"), row.string("cell"), row.longInteger("seed"),
        new Recipe(
            row.integer("units"), row.integer("batch"), row.number("rate"), row.longInteger("budget"),
            row.integer("every")),
        row.string("commit"),
        new Attempt(
            ended, row.longInteger("sequences"), row.integer("tests"), row.string("figure"),
            row.integer("parameters"), row.number("seconds"),
            Arrays.stream(row.numbers("curve")).boxed().toList()));
  }

  boolean isOf(String otherTask, String otherCell, long otherSeed) {
    return task.equals(otherTask) && cell.equals(otherCell) && seed == otherSeed;
  }
}

package io.carousel.bench.longmemory;

import io.carousel.compile.Compiler;
import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.data.Batches;
import io.carousel.data.Dataset;
import io.carousel.kernel.Team;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;
import java.util.List;

/** What a model that is being trained answers, at each step if it is asked for that, and how that is judged. */
final class Answers implements AutoCloseable {
  private static final int BATCH = 128;

  private final Task task;
  private final Model model;
  private final Team team;
  private final Runner runner;

  Answers(Task task, Model model, Parameters parameters, int threads) {
    this.task = task;
    this.model = model;
    this.team = Team.of(threads);
    this.runner = Compiler.compile(List.of(model.inference())).runner(team);
    for (Parameters.Slot slot : parameters.slots()) {
      runner.set(slot.name(), parameters.values(), slot.offset());
    }
  }

  /** The score on some sequences with the parameters as they are now. */
  Score score(Dataset data) {
    Score score = new Score();
    runner.parametersChanged();
    for (int[] rows : Batches.of(data, BATCH, 0, false)) {
      Batch batch = data.batch(rows);
      model.feed(batch, runner::set, runner::set);
      runner.run(batch.rows(), batch.steps(), 0);
      task.judge(runner.output(0), batch, score);
    }
    return score;
  }

  @Override
  public void close() {
    team.close();
  }
}

package io.carousel.cli;

import io.carousel.store.JsonObject;
import io.carousel.store.ModelFile;
import io.carousel.task.RunFiles;
import io.carousel.task.RunFolder;
import io.carousel.task.TextClassifierRun;
import io.carousel.task.TextClassifierTraining;
import io.carousel.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs a training with its progress, so that Ctrl-C keeps the best model, and says what came of it. */
final class Training {
  private Training() {}

  /** Trains, writes the run into its folder and prints the figures; the exit code. */
  static int run(TextClassifierTraining training, RunFolder folder, StopRequest stop, boolean json,
      Terminal terminal)
      throws IOException {
    stop.check();
    long begun = System.nanoTime();
    Progress progress = new Progress(terminal);
    try (TextClassifierRun run = training.tell(terminal::tell).listener(progress).stop(stop).run()) {
      boolean stopped = run.history().end() == History.End.STOPPED;
      if (progress.steps() == 0) {
        stop.check();
      }
      write(run, folder);
      double seconds = (System.nanoTime() - begun) * 1e-9;
      Path model = folder.path().resolve(ModelFile.NAME);
      Path report = folder.path().resolve(RunFiles.REPORT);
      TextClassifierRun.Evaluated evaluated = run.evaluated();
      if (json) {
        JsonObject object = run.metrics().put("model", model.toString());
        if (evaluated != null) {
          object.put("report", report.toString());
        }
        terminal.print(object.put("seconds", Math.rint(seconds * 10) / 10));
      } else {
        if (evaluated != null) {
          Figures.print(evaluated.on(), evaluated.metrics(), run.classifier().labels(), terminal);
        }
        terminal.print("");
        terminal.print("model   " + model + (stopped ? "  (stopped: the best so far)" : ""));
        if (evaluated != null) {
          terminal.print("report  " + report);
        }
        terminal.print("time    " + Progress.time(seconds));
      }
      String problem = run.problem();
      if (problem != null) {
        terminal.tell("carousel: " + problem + "; the model of epoch " + run.history().best().epoch()
            + " is kept in " + model);
        return Failures.BAD_INPUT;
      }
      return 0;
    }
  }

  /**
   * Writes the run; if that fails, for want of space for example, what was trained is put elsewhere and not
   * lost.
   */
  private static void write(TextClassifierRun run, RunFolder folder) throws IOException {
    try {
      run.write(folder);
    } catch (IOException e) {
      Path elsewhere;
      try (RunFolder rescue = RunFolder.claim(Files.createTempDirectory("carousel-run-"), true)) {
        run.write(rescue);
        elsewhere = rescue.path();
      } catch (IOException again) {
        e.addSuppressed(again);
        throw e;
      }
      throw new IOException(e.getMessage() + "; the run is in " + elsewhere + " instead", e);
    }
  }
}

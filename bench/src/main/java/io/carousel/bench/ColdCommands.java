package io.carousel.bench;

import io.carousel.bench.Contender.ContenderException;
import io.carousel.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one contender for {@link ColdJob}s: the same model, data and training on all sides, an
 * embedding of 64, a bidirectional LSTM of 64, its last outputs, a softmax; batches of 32 grouped by length.
 *
 * @param version of the contender
 */
record ColdCommands(String name, String version, Commands commands) {
  /** What a contender says on a line of its own when it has taken its first step. */
  static final String FIRST_STEP = "first step";

  /** The text to classify. */
  private static final String TEXT = "I have never laughed so much, a wonderful film: go and win a prize now";

  /** Options of {@code carousel train text-classifier} that make its recipe a plain one. */
  static final List<String> RECIPE =
      List.of(
          "--epochs", "1", "--validation", "0", "--max-length", "200", "--keep", "head", "--vocabulary", "20000",
          "--embedding", "64", "--units", "64", "--shortcut", "false", "--pooling", "last", "--dropout", "0",
          "--embedding-dropout", "0", "--word-dropout", "0", "--weight-decay", "0", "--learning-rate", "0.001",
          "--batch", "32");

  /** How a job is started. */
  @FunctionalInterface
  interface Commands {
    /** The process for a job; a model is written to, or read from, {@code folder}. */
    Launch launch(ColdJob job, Path folder);
  }

  /** The launcher of this project; for the first step a class that says when it is done. */
  static ColdCommands ours(ColdData data, int threads) {
    List<String> training = new ArrayList<>(data.options());
    training.addAll(RECIPE);
    training.addAll(List.of("--threads", Integer.toString(threads)));
    String remedy = "see CONTRIBUTING.md";
    return new ColdCommands(
        Suite.OURS, Kernels.chosen().describe(),
        (job, folder) -> {
          String model = folder.toString();
          return switch (job) {
            case FIRST_STEP ->
                Launch.java(Suite.OURS, FirstStep.class.getName(), Launch.classPath(), training, remedy);
            case EPOCH ->
                launcher(
                    remedy, joined(List.of("train", "text-classifier", "--out", model, "--force"), training));
            case PREDICT -> launcher(remedy, List.of("predict", model, "--text", TEXT));
          };
        });
  }

  private static Launch launcher(String remedy, List<String> arguments) {
    return new Launch(
        Suite.OURS, List.of(Machine.home().resolve("carousel").toString()), arguments, Map.of(), remedy);
  }

  /**
   * PyTorch's side, {@code pytorch_cold.py}.
   *
   * @throws ContenderException if it is not there
   */
  static ColdCommands pytorch(ColdData data, @Nullable String python, int threads) {
    String name = PeerKind.PYTORCH.toString();
    return new ColdCommands(
        name, said(Launch.python(name, python, "pytorch_cold", "torch", List.of("version"))),
        (job, folder) -> {
          String model = folder.resolve("model.pt").toString();
          List<String> common = List.of(job == ColdJob.PREDICT ? "predict" : "train", "--model", model, "--threads",
              Integer.toString(threads));
          List<String> arguments = switch (job) {
            case FIRST_STEP, EPOCH -> joined(common, data.options());
            case PREDICT -> joined(common, List.of("--text", TEXT));
          };
          return Launch.python(name, python, "pytorch_cold", "torch", arguments);
        });
  }

  /** The only line that a process says. */
  private static String said(Launch launch) {
    try (Child child = Child.start(launch)) {
      String line = child.line();
      if (line == null) {
        throw child.failed(child.lastWords() + "; " + launch.remedy());
      }
      return line;
    }
  }

  private static List<String> joined(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }
}

package io.carousel.bench;

import io.carousel.data.Columns;
import io.carousel.data.TextTables;
import io.carousel.task.Option;
import io.carousel.task.Options;
import io.carousel.task.TextClassifierOptions;
import io.carousel.task.TextClassifierTraining;
import io.carousel.train.StepInfo;
import io.carousel.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Begins to train a text classifier, says when the first step is done, and ends; see {@link ColdJob#FIRST_STEP}. */
final class FirstStep {
  private FirstStep() {}

  /** The arguments are those of {@code carousel train text-classifier}, as {@link ColdCommands} writes them. */
  public static void main(String[] args) {
    List<String> words = new ArrayList<>(List.of(args));
    boolean header = !words.remove("--no-header");
    Columns columns = new Columns(value(words, "--text"), value(words, "--label"), header, false);
    Options options = TextClassifierOptions.defaults();
    for (Option<?> option : options.all()) {
      if (words.contains("--" + option.name())) {
        options = options.withText(option, value(words, "--" + option.name()));
      }
    }
    TextClassifierTraining.of(TextTables.read(Path.of(value(words, "--data")), columns))
        .columns(columns)
        .options(options)
        .listener(
            new TrainingListener() {
              @Override
              public void onStep(StepInfo info) {
                System.out.println(ColdCommands.FIRST_STEP);
                System.exit(0);
              }
            })
        .run();
  }

  private static String value(List<String> words, String option) {
    return words.get(words.indexOf(option) + 1);
  }
}

package io.carousel.train;

import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;

/** Hands parameters and batches to a runner. */
final class Feed {
  private final Model model;
  private final Targets targets;
  private final boolean lengths;

  Feed(Model model, Targets targets) {
    this.model = model;
    this.targets = targets;
    this.lengths = model.usesLengths() || Targets.ofSteps(model);
  }

  Targets targets() {
    return targets;
  }

  void parameters(Runner runner, Parameters parameters) {
    for (Parameters.Slot slot : parameters.slots()) {
      runner.set(slot.name(), parameters.values(), slot.offset());
    }
  }

  void batch(Runner runner, Batch batch) {
    int[] tokens = batch.tokens();
    float[] features = batch.features();
    model.checkInput(batch.rows(), batch.steps(), tokens, features);
    targets.check(model, batch);
    if (tokens != null) {
      runner.set(Input.TOKENS, tokens);
    } else if (features != null) {
      runner.set(Input.FEATURES, features);
    }
    if (lengths) {
      runner.set(Input.LENGTHS, batch.lengths());
    }
    int[] classes = batch.classes();
    float[] values = batch.targets();
    if (targets == Targets.CLASSES && classes != null) {
      runner.set(targets.input(), classes);
    } else if (values != null) {
      runner.set(targets.input(), values);
    }
  }
}

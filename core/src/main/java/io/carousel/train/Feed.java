package io.carousel.train;

import io.carousel.compile.Runner;
import io.carousel.data.Batch;
import io.carousel.model.Model;
import io.carousel.parameter.Parameters;

/** Hands parameters and batches to a runner. */
final class Feed {
  private final Model model;
  private final Targets targets;

  Feed(Model model, Targets targets) {
    this.model = model;
    this.targets = targets;
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
    model.feed(batch, runner::set, runner::set);
    targets.check(model, batch);
    int[] classes = batch.classes();
    float[] values = batch.targets();
    if (targets == Targets.CLASSES && classes != null) {
      runner.set(targets.input(), classes);
    } else if (values != null) {
      runner.set(targets.input(), values);
    }
  }
}

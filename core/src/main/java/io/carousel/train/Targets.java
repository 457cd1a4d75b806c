package io.carousel.train;

import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.layer.Model;
import io.carousel.tensor.Shape;

/** What a batch says is to be learned: the class of each row, or values. */
enum Targets {
  CLASSES("classes"),
  VALUES("targets");

  private final String input;

  Targets(String input) {
    this.input = input;
  }

  /** Which of the two a batch has; classes if both. */
  static Targets of(Batch batch) {
    if (batch.classes() == null && batch.targets() == null) {
      throw new IllegalArgumentException(
          "Trainer: the data must have classes or target values, they have none");
    }
    return batch.classes() != null ? CLASSES : VALUES;
  }

  /** The name of the input that holds them. */
  String input() {
    return input;
  }

  /** The input that holds them, for the outputs of a model. */
  Expr expr(Model model) {
    return this == CLASSES
        ? Expr.intInput(input, Shape.of(Shape.B))
        : Expr.input(input, Shape.of(Shape.B, model.outputs()));
  }

  /** Checks that a batch has them, and that they suit the model. */
  void check(Model model, Batch batch) {
    if (of(batch) != this) {
      throw new IllegalArgumentException("Trainer: all batches must have " + input + ", got one with others");
    }
    if (this == VALUES && batch.targetCount() != model.outputs()) {
      throw new IllegalArgumentException(
          "Trainer: there must be as many target values as outputs, " + model.outputs() + ", got "
              + batch.targetCount() + "; change the last layer's units");
    }
    int[] classes = batch.classes();
    if (this == CLASSES && classes != null) {
      int bound = Math.max(2, model.outputs());
      for (int each : classes) {
        if (each < 0 || each >= bound) {
          throw new IllegalArgumentException(
              "Trainer: classes must be from 0 to " + (bound - 1) + " for " + model.outputs()
                  + " outputs, got " + each + "; change the last layer's units");
        }
      }
    }
  }
}

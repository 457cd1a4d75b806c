package io.carousel.train;

import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.model.Model;
import io.carousel.tensor.Shape;

/** What a batch says is to be learned, of each row or, where the output is a sequence, each step: classes or values. */
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
    Shape output = model.inference().shape();
    return this == CLASSES ? Expr.intInput(input, output.drop(-1)) : Expr.input(input, output);
  }

  /** True if targets stand at each step. */
  static boolean ofSteps(Model model) {
    return Shape.isTime(model.inference().shape().size(0));
  }

  /** Checks that a batch has them, and that they suit the model. */
  void check(Model model, Batch batch) {
    if (of(batch) != this) {
      throw new IllegalArgumentException("Trainer: all batches must have " + input + ", got one with others");
    }
    int[] classes = batch.classes();
    int given = this == CLASSES && classes != null ? classes.length / batch.rows() : batch.targetCount();
    int steps = ofSteps(model) ? batch.steps() : 1;
    if (given != steps * (this == CLASSES ? 1 : model.outputs())) {
      throw new IllegalArgumentException(
          ofSteps(model)
              ? "Trainer: the output is a sequence, so there must be " + input + " at each of the " + steps
                  + " steps of a row, got " + given + " a row; end the model with a Pooling, or a recurrent layer"
                  + " without returnSequences(), if there is one target a row"
              : this == CLASSES
                  ? "Trainer: there must be one class a row, got " + given + "; end the model with a sequence"
                  : "Trainer: there must be as many target values as outputs, " + model.outputs() + ", got "
                      + given + "; change the last layer's units");
    }
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

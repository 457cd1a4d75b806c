package io.carousel.train;

import io.carousel.data.Batch;
import io.carousel.expr.Expr;
import io.carousel.model.Model;
import io.carousel.tensor.Shape;
import java.util.Arrays;
import java.util.function.BiConsumer;

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

  /** The name of the input that holds them, for an output of that name, or "" if there is only one. */
  String input(String output) {
    return output.isEmpty() ? input : output + "." + input;
  }

  /** The input that holds them, for the only output of a model. */
  Expr expr(Model model) {
    return expr(model.inference(), "");
  }

  /** The input that holds them, for an output. */
  Expr expr(Expr output, String name) {
    Shape shape = output.shape();
    return this == CLASSES ? Expr.intInput(input(name), shape.drop(-1)) : Expr.input(input(name), shape);
  }

  /** True if targets stand at each step. */
  static boolean ofSteps(Expr output) {
    return Shape.isTime(output.shape().size(0));
  }

  /**
   * Gives them to a run, checked that they suit the output.
   *
   * @param steps T of the whole batch
   */
  void feed(
      Expr output, String name, Batch batch, int steps, BiConsumer<String, int[]> ints,
      BiConsumer<String, float[]> floats) {
    check(output, batch);
    int[] classes = batch.classes();
    float[] values = batch.targets();
    boolean longer = ofSteps(output) && steps > batch.steps();
    if (this == CLASSES && classes != null) {
      ints.accept(input(name), longer ? Arrays.copyOf(classes, classes.length / batch.steps() * steps) : classes);
    } else if (values != null) {
      floats.accept(input(name), longer ? Arrays.copyOf(values, values.length / batch.steps() * steps) : values);
    }
  }

  private void check(Expr output, Batch batch) {
    if (of(batch) != this) {
      throw new IllegalArgumentException("Trainer: all batches must have " + input + ", got one with others");
    }
    int outputs = output.shape().size(-1);
    boolean ofSteps = ofSteps(output);
    int[] classes = batch.classes();
    int given = this == CLASSES && classes != null ? classes.length / batch.rows() : batch.targetCount();
    int steps = ofSteps ? batch.steps() : 1;
    if (given != steps * (this == CLASSES ? 1 : outputs)) {
      throw new IllegalArgumentException(
          ofSteps
              ? "Trainer: the output is a sequence, so there must be " + input + " at each of the " + steps
                  + " steps of a row, got " + given + " a row; end the model with a Pooling, or a recurrent layer"
                  + " without returnSequences(), if there is one target a row"
              : this == CLASSES
                  ? "Trainer: there must be one class a row, got " + given
                      + "; end the model with a sequence, by returnSequences(), if there is one at each step"
                  : "Trainer: there must be as many target values as outputs, " + outputs + ", got "
                      + given + "; change the last layer's units, or end with a sequence if there are some at each step");
    }
    if (this == CLASSES && classes != null) {
      int bound = Math.max(2, outputs);
      for (int each : classes) {
        if (each < 0 || each >= bound) {
          throw new IllegalArgumentException(
              "Trainer: classes must be from 0 to " + (bound - 1) + " for " + outputs
                  + " outputs, got " + each + "; change the last layer's units");
        }
      }
    }
  }
}

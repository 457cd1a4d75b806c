package io.carousel.bench;

import io.carousel.cell.Cell;
import io.carousel.cell.CoupledLstmCell;
import io.carousel.cell.DropoutCell;
import io.carousel.cell.GruCell;
import io.carousel.cell.LayerNormLstmCell;
import io.carousel.cell.LstmCell;
import io.carousel.cell.PeepholeLstmCell;
import io.carousel.cell.RnnCell;
import io.carousel.layer.Recurrent;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.train.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Forward and backward pass of a layer of some cell, all outputs, without an optimizer: whether other cells than
 * the LSTM run as fast as it does.
 */
record CellShape(Kind kind, Size size) implements Job.InSteps {
  /** The cells. */
  enum Kind {
    LSTM,
    GRU,
    GRU_BEFORE,
    PEEPHOLE,
    COUPLED,
    LAYER_NORM,
    /** Dropout of the output on its way back in, of the half. */
    DROPOUT,
    RNN,
    OWN;

    Cell of(int units) {
      return switch (this) {
        case LSTM -> new LstmCell(units);
        case GRU -> new GruCell(units);
        case GRU_BEFORE -> new GruCell(units, false);
        case PEEPHOLE -> new PeepholeLstmCell(units);
        case COUPLED -> new CoupledLstmCell(units);
        case LAYER_NORM -> new LayerNormLstmCell(units);
        case DROPOUT -> new DropoutCell(new LstmCell(units), 0.5, DropoutCell.Of.STATE);
        case RNN -> new RnnCell(units);
        case OWN -> new CarryCell(units);
      };
    }
  }

  /** The sizes. */
  enum Size {
    S(50, 32, 64),
    M1(100, 64, 256);

    private final int steps;
    private final int rows;
    private final int units;

    /** T, B, and both F and H. */
    Size(int steps, int rows, int units) {
      this.steps = steps;
      this.rows = rows;
      this.units = units;
    }

    int steps() {
      return steps;
    }

    int rows() {
      return rows;
    }

    int units() {
      return units;
    }
  }

  /** Each cell in each size. */
  static final List<CellShape> ALL =
      Arrays.stream(Size.values())
          .flatMap(size -> Arrays.stream(Kind.values()).map(kind -> new CellShape(kind, size)))
          .toList();

  /** The LSTM of the same size, which others are compared with. */
  CellShape lstm() {
    return new CellShape(Kind.LSTM, size);
  }

  @Override
  public String id() {
    return "cells " + this;
  }

  @Override
  public String text() {
    return kind.of(size.units) + " on " + size.units + "; T" + size.steps + " B" + size.rows;
  }

  @Override
  public double work() {
    return Work.ofTrainingStep(model(), size.rows, size.steps);
  }

  Model model() {
    return Model.sequential(
        Input.sequence(size.units), Recurrent.of(kind.of(size.units)).with(true, false));
  }

  @Override
  public Steps start(int threads) {
    Model model = model();
    Loss loss = Loss.MEAN_SQUARED_ERROR;
    return TrainingSteps.gradients(model, MadeUp.batch(model, size.steps, size.rows, loss), loss, threads);
  }

  /** {@code gru-before-S}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + size;
  }
}

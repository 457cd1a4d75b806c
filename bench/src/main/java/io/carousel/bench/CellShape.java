package io.carousel.bench;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.cell.ConvLstmCell;
import io.carousel.cell.CoupledLstmCell;
import io.carousel.cell.DepthwiseConvLstmCell;
import io.carousel.cell.DropConnectCell;
import io.carousel.cell.DropoutCell;
import io.carousel.cell.GruCell;
import io.carousel.cell.GruDCell;
import io.carousel.cell.IndRnnCell;
import io.carousel.cell.LayerNormGruCell;
import io.carousel.cell.LayerNormLstmCell;
import io.carousel.cell.LstmCell;
import io.carousel.cell.LstmOptions;
import io.carousel.cell.MLstmCell;
import io.carousel.cell.MguCell;
import io.carousel.cell.MinGruCell;
import io.carousel.cell.MinLstmCell;
import io.carousel.cell.OriginalLstmCell;
import io.carousel.cell.PeepholeLstmCell;
import io.carousel.cell.ProjectedLstmCell;
import io.carousel.cell.QrnnCell;
import io.carousel.cell.RnnCell;
import io.carousel.cell.SLstmCell;
import io.carousel.cell.SruCell;
import io.carousel.cell.ZoneoutCell;
import io.carousel.layer.Recurrent;
import io.carousel.layer.Reshape;
import io.carousel.model.Input;
import io.carousel.model.Model;
import io.carousel.train.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
    RNN_RELU,
    /** Functions other than the usual, and a limit before them. */
    LSTM_HARD,
    ORIGINAL,
    /** Half as many outputs as cells. */
    PROJECTED,
    LAYER_NORM_GRU,
    MGU,
    /** Dropout of what is written into the cell. */
    DROPOUT_CANDIDATE,
    DROPOUT_GRU,
    ZONEOUT,
    DROP_CONNECT,
    SRU,
    /** Windows of two inputs, fo-pooling. */
    QRNN,
    MIN_GRU,
    MIN_LSTM,
    IND_RNN,
    /** Four heads. */
    SLSTM,
    /** Heads of 16 units. */
    MLSTM,
    GRU_D,
    OWN,
    /** Windows of 3×3 places over images of 16×16 places. */
    CONV_LSTM,
    /** The same, each channel on its own before channels are mixed. */
    DEPTHWISE_LSTM;

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
        case RNN_RELU -> new RnnCell(units, Activation.RELU);
        case LSTM_HARD -> new LstmCell(
            units,
            LstmOptions.STANDARD.activation(Activation.SOFTSIGN)
                .recurrentActivation(Activation.HARD_SIGMOID).clip(3));
        case ORIGINAL -> new OriginalLstmCell(units);
        case PROJECTED -> new ProjectedLstmCell(units / 2, units);
        case LAYER_NORM_GRU -> new LayerNormGruCell(units);
        case MGU -> new MguCell(units);
        case DROPOUT_CANDIDATE -> new DropoutCell(new LstmCell(units), 0.5, DropoutCell.Of.CANDIDATE);
        case DROPOUT_GRU -> new DropoutCell(new GruCell(units), 0.5, DropoutCell.Of.STATE);
        case ZONEOUT -> ZoneoutCell.of(new LstmCell(units), 0.05, 0.5);
        case DROP_CONNECT -> new DropConnectCell(new LstmCell(units), 0.5);
        case SRU -> new SruCell(units);
        case QRNN -> new QrnnCell(units);
        case MIN_GRU -> new MinGruCell(units);
        case MIN_LSTM -> new MinLstmCell(units);
        case IND_RNN -> new IndRnnCell(units);
        case SLSTM -> new SLstmCell(units, 4);
        case MLSTM -> new MLstmCell(units, units / 16);
        case GRU_D -> new GruDCell(units);
        case OWN -> new CarryCell(units);
        case CONV_LSTM -> ConvLstmCell.of(units, WINDOW, WINDOW);
        case DEPTHWISE_LSTM -> DepthwiseConvLstmCell.of(units, WINDOW, WINDOW);
      };
    }

    boolean readsImages() {
      return compareTo(OWN) > 0;
    }

    /** The number of inputs: as many as units, but for GRU-D three times as many. */
    int inputs(int units) {
      return this == GRU_D ? 3 * units : units;
    }
  }

  /** The sizes. */
  enum Size {
    S(50, 32, 64),
    M1(100, 64, 256),
    /** Images, of as many channels as there are units. */
    IMAGES(10, 16, 16);

    private final int steps;
    private final int rows;
    private final int units;

    /** T, B, and H, which is F too but for GRU-D. */
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

  private static final int WINDOW = 3;
  private static final int PLACES = 16;

  /** Each cell in each size that is meant for it. */
  static final List<CellShape> ALL =
      Arrays.stream(Size.values())
          .flatMap(size -> Arrays.stream(Kind.values())
              .filter(kind -> kind.readsImages() == (size == Size.IMAGES))
              .map(kind -> new CellShape(kind, size)))
          .toList();

  /** The LSTM of the same size, which this is compared with; null if this is one, or reads images. */
  @Nullable CellShape lstm() {
    return kind == Kind.LSTM || kind.readsImages() ? null : new CellShape(Kind.LSTM, size);
  }

  @Override
  public String id() {
    return "cells " + this;
  }

  @Override
  public String text() {
    return kind.of(size.units) + " on " + kind.inputs(size.units) + "; T" + size.steps + " B" + size.rows;
  }

  @Override
  public double work() {
    return Work.ofTrainingStep(model(), size.rows, size.steps);
  }

  Model model() {
    if (kind.readsImages()) {
      return Model.sequential(
          Input.sequence(PLACES, PLACES, kind.inputs(size.units)), Recurrent.of(kind.of(size.units)).with(true, false),
          Reshape.to(PLACES * PLACES * size.units));
    }
    return Model.sequential(
        Input.sequence(kind.inputs(size.units)), Recurrent.of(kind.of(size.units)).with(true, false));
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

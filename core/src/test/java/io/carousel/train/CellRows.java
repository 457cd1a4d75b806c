package io.carousel.train;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.cell.CoupledLstmCell;
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
import io.carousel.model.Input;
import io.carousel.train.LayerContractTest.Row;
import java.util.List;

/** The rows of the cells in the layer contract: of each kind one that gives its last output or one in reverse. */
final class CellRows {
  private CellRows() {}

  static List<Row> rows(Input in) {
    int f = in.features();
    LstmOptions other =
        LstmOptions.STANDARD.activation(Activation.SOFTSIGN).recurrentActivation(Activation.HARD_SIGMOID)
            .clip(0.75).forgetBias(0.5);
    return List.of(
        last(in, new LstmCell(3), 4 * 3 * (f + 3 + 1)),
        last(in, new LstmCell(17, other), 4 * 17 * (f + 17 + 1)),
        reverse(in, new LstmCell(3, LstmOptions.STANDARD.withoutBias()), 4 * 3 * (f + 3)),
        last(in, new RnnCell(17), 17 * (f + 17 + 1)),
        reverse(in, new RnnCell(6, Activation.RELU), 6 * (f + 6 + 1)),
        last(in, RnnCell.irnn(5).clip(1.5).withoutBias(), 5 * (f + 5)),
        last(in, new GruCell(18, false), 3 * 18 * (f + 18 + 1)),
        last(in, new GruCell(4).activation(Activation.ELU).recurrentActivation(Activation.HARD_SIGMOID_ONNX)
            .clip(0.75), 3 * 4 * (f + 4 + 2)),
        reverse(in, new GruCell(4).withoutBias(), 3 * 4 * (f + 4)),
        last(in, new PeepholeLstmCell(17), 4 * 17 * (f + 17 + 1) + 3 * 17),
        reverse(in, new PeepholeLstmCell(3, other), 4 * 3 * (f + 3 + 1) + 3 * 3),
        last(in, new CoupledLstmCell(17), 3 * 17 * (f + 17 + 1)),
        reverse(in, new CoupledLstmCell(3, other), 3 * 3 * (f + 3 + 1)),
        last(in, new LayerNormLstmCell(17), 4 * 17 * (f + 17 + 3) + 2 * 17),
        reverse(in, new LayerNormLstmCell(3), 4 * 3 * (f + 3 + 3) + 2 * 3),
        last(in, new OriginalLstmCell(17), 3 * 17 * (f + 17 + 1)),
        last(in, new ProjectedLstmCell(3, 17), 4 * 17 * (f + 3 + 1) + 17 * 3),
        reverse(in, new ProjectedLstmCell(4, 3), 4 * 3 * (f + 4 + 1) + 3 * 4),
        last(in, new LayerNormGruCell(17), 3 * 17 * (f + 17 + 3) + 17),
        reverse(in, new LayerNormGruCell(4), 3 * 4 * (f + 4 + 3) + 4),
        last(in, new MguCell(17), 2 * 17 * (f + 17 + 1)),
        reverse(in, new MguCell(3), 2 * 3 * (f + 3 + 1)),
        last(in, new MinGruCell(17), 2 * 17 * (f + 1)),
        reverse(in, new MinLstmCell(6), 3 * 6 * (f + 1)),
        last(in, new IndRnnCell(17), 17 * (f + 2)),
        reverse(in, new IndRnnCell(3, Activation.TANH), 3 * (f + 2)),
        last(in, new SruCell(17), 4 * 17 * f + 4 * 17),
        reverse(in, new SruCell(f), 3 * f * f + 4 * f),
        last(in, new QrnnCell(17), 2 * 3 * 17 * f + 3 * 17),
        reverse(in, new QrnnCell(3, 1, QrnnCell.Pooling.F), 2 * 3 * f + 2 * 3),
        reverse(in, new QrnnCell(6, 3, QrnnCell.Pooling.IFO), 3 * 4 * 6 * f + 4 * 6),
        last(in, new SLstmCell(17), 4 * 17 * (f + 17 + 1)),
        reverse(in, new SLstmCell(6, 2), 4 * 6 * (f + 3 + 1)),
        last(in, new MLstmCell(18, 1), (f + 1) * (4 * 18 + 2)),
        reverse(in, new MLstmCell(6, 3), (f + 1) * (4 * 6 + 6)),
        last(in, new DropoutCell(new LstmCell(17), 0.4, DropoutCell.Of.STATE), 4 * 17 * (f + 17 + 1)),
        reverse(in, new DropoutCell(new LstmCell(6), 0.4, DropoutCell.Of.CANDIDATE), 4 * 6 * (f + 6 + 1)),
        last(in, new DropoutCell(new GruCell(4, false), 0.4, DropoutCell.Of.STATE), 3 * 4 * (f + 4 + 1)),
        last(in, new DropoutCell(new GruCell(4), 0.4, DropoutCell.Of.CANDIDATE), 3 * 4 * (f + 4 + 2)),
        last(in, ZoneoutCell.of(new LstmCell(17), 0.25, 0.5), 4 * 17 * (f + 17 + 1)),
        reverse(in, ZoneoutCell.of(new GruCell(3), 0.5), 3 * 3 * (f + 3 + 2)),
        last(in, new DropConnectCell(new LstmCell(17), 0.5), 4 * 17 * (f + 17 + 1)),
        reverse(in, ZoneoutCell.of(new DropConnectCell(new PeepholeLstmCell(3), 0.5), 0.0, 0.25),
            4 * 3 * (f + 3 + 1) + 3 * 3),
        last(Input.sequence(9), new GruDCell(17), 3 * 17 * (2 * 3 + 17 + 1) + 3 * 3 + 4 * 17),
        reverse(Input.sequence(6), new GruDCell(4), 3 * 4 * (2 * 2 + 4 + 1) + 3 * 2 + 3 * 4));
  }

  private static Row last(Input in, Cell cell, int parameters) {
    return new Row(cell.toString(), in, Recurrent.of(cell), "[B," + cell.units() + "]", parameters);
  }

  private static Row reverse(Input in, Cell cell, int parameters) {
    return new Row(
        "reverse " + cell, in, Recurrent.of(cell).with(true, true), "[B,T," + cell.units() + "]", parameters);
  }
}

package io.carousel.bench.longmemory;

import io.carousel.cell.Activation;
import io.carousel.cell.Cell;
import io.carousel.cell.CoupledLstmCell;
import io.carousel.cell.GruCell;
import io.carousel.cell.IndRnnCell;
import io.carousel.cell.LayerNormGruCell;
import io.carousel.cell.LayerNormLstmCell;
import io.carousel.cell.LstmCell;
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
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The cells of the table: a new one is a line here. */
final class Cells {
  static final List<Entry> ALL =
      List.of(
          new Entry("lstm", LstmCell::new, Beginning.chrono(4, 1, 0)),
          new Entry("lstm-as-is", LstmCell::new, Beginning.AS_IS),
          new Entry("lstm-1997", OriginalLstmCell::new, Beginning.chrono(3, -1, 0)),
          new Entry("lstm-peephole", PeepholeLstmCell::new, Beginning.chrono(4, 1, 0)),
          new Entry("lstm-coupled", CoupledLstmCell::new, Beginning.chrono(3, 0, -1)),
          new Entry("lstm-projected", Cells::projected, Beginning.chrono(4, 1, 0)),
          new Entry("lstm-layer-norm", LayerNormLstmCell::new, Beginning.chrono(4, 1, 0)),
          new Entry("gru", GruCell::new, Beginning.chrono(3, 1, -1)),
          new Entry("gru-as-is", GruCell::new, Beginning.AS_IS),
          new Entry("gru-before", units -> new GruCell(units, false), Beginning.chrono(3, 1, -1)),
          new Entry("gru-layer-norm", LayerNormGruCell::new, Beginning.chrono(3, 1, -1)),
          new Entry("mgu", MguCell::new, Beginning.chrono(2, -1, 0)),
          new Entry("sru", SruCell::new, Beginning.chrono(2, 0, -1)),
          new Entry("mingru", MinGruCell::new, Beginning.chrono(2, -1, 0)),
          new Entry("minlstm", MinLstmCell::new, Beginning.chrono(3, 0, 1)),
          new Entry("qrnn", QrnnCell::new, Beginning.chrono(3, 0, -1)),
          new Entry("slstm", SLstmCell::new, Beginning.AS_IS),
          new Entry("mlstm", units -> new MLstmCell(units, Math.max(1, units / 8)), Beginning.AS_IS),
          new Entry("rnn-tanh", RnnCell::new, Beginning.AS_IS),
          new Entry("irnn", RnnCell::irnn, Beginning.AS_IS),
          new Entry("indrnn", units -> new IndRnnCell(units, Activation.RELU), Beginning.AS_IS));

  /**
   * A cell of the table.
   *
   * @param name its name in commands and files
   * @param make makes it of so many units
   * @param beginning what its parameters begin with
   */
  record Entry(String name, IntFunction<Cell> make, Beginning beginning) {}

  private Cells() {}

  /** The cell of a name, or null. */
  static @Nullable Entry named(String name) {
    return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst().orElse(null);
  }

  /** Twice as many cells as outputs. */
  private static Cell projected(int units) {
    return new ProjectedLstmCell(Math.max(1, units / 2), units);
  }
}

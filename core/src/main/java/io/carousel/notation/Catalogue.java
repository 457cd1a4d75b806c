package io.carousel.notation;

import io.carousel.cell.Cell;
import io.carousel.cell.CoupledLstmCell;
import io.carousel.cell.GruCell;
import io.carousel.cell.GruDCell;
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
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.IntFunction;

/** The library's cells by name, each in Java and as a text with the same equations. */
public final class Catalogue {
  private static final SequencedMap<String, IntFunction<Cell>> CELLS = new LinkedHashMap<>();

  static {
    CELLS.put("lstm", LstmCell::new);
    CELLS.put("gru", GruCell::new);
    CELLS.put("gru_reset_before", units -> new GruCell(units, false));
    CELLS.put("rnn", RnnCell::new);
    CELLS.put("peephole_lstm", PeepholeLstmCell::new);
    CELLS.put("coupled_lstm", CoupledLstmCell::new);
    CELLS.put("layer_norm_lstm", LayerNormLstmCell::new);
    CELLS.put("original_lstm", OriginalLstmCell::new);
    CELLS.put("projected_lstm", units -> new ProjectedLstmCell(units, 4 * units));
    CELLS.put("layer_norm_gru", LayerNormGruCell::new);
    CELLS.put("mgu", MguCell::new);
    CELLS.put("min_gru", MinGruCell::new);
    CELLS.put("min_lstm", MinLstmCell::new);
    CELLS.put("ind_rnn", IndRnnCell::new);
    CELLS.put("sru", SruCell::new);
    CELLS.put("qrnn", QrnnCell::new);
    CELLS.put("slstm", SLstmCell::new);
    CELLS.put("mlstm", units -> new MLstmCell(units, 1));
    CELLS.put("gru_d", GruDCell::new);
  }

  private Catalogue() {}

  /** All names. */
  public static List<String> names() {
    return List.copyOf(CELLS.keySet());
  }

  /** The cell in Java. @throws IllegalArgumentException if there is none with that name */
  public static Cell cell(String name, int units) {
    IntFunction<Cell> made = CELLS.get(name);
    if (made == null) {
      throw unknown(name);
    }
    return made.apply(units);
  }

  /** The cell as text. @throws IllegalArgumentException if there is none with that name */
  public static CellText text(String name) {
    if (!CELLS.containsKey(name)) {
      throw unknown(name);
    }
    try (InputStream file = Catalogue.class.getResourceAsStream(name + ".cell")) {
      return CellText.parse(
          new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException(
        "cell: there is no " + name + " in the catalogue; it has " + String.join(", ", names()));
  }
}

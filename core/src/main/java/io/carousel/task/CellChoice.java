package io.carousel.task;

import io.carousel.layer.Lstm;
import io.carousel.layer.Recurrent;
import io.carousel.notation.Catalogue;
import io.carousel.notation.CellText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which cell a model's recurrent layers run: one of the catalogue, or one as text.
 *
 * @param name its name in the {@link Catalogue}, or that in its text
 * @param text its equations, or null for one of the catalogue
 */
public record CellChoice(String name, @Nullable CellText text) {
  /** The long short-term memory. */
  public static final CellChoice LSTM = new CellChoice("lstm", null);

  /**
   * The cell with a name of the catalogue, or the one in a file.
   *
   * @throws io.carousel.notation.CellTextException if the file holds no cell; says where and why
   * @throws IllegalArgumentException if it is neither
   */
  static CellChoice of(String nameOrFile) {
    if (Catalogue.names().contains(nameOrFile)) {
      return new CellChoice(nameOrFile, null);
    }
    try {
      Path file = Path.of(nameOrFile);
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("neither a name nor a file");
      }
      CellText text = CellText.read(file);
      return new CellChoice(text.name(), text);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(nameOrFile + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** What it may be, in words. */
  static String range() {
    return "one of " + String.join(", ", Catalogue.names()) + ", or a file with a cell's equations";
  }

  /** A layer of the cell that gives its whole sequence. */
  Recurrent layer(int units) {
    if (text != null) {
      return Recurrent.of(text.cell(units)).returnSequences();
    }
    return equals(LSTM)
        ? new Lstm(units).returnSequences()
        : Recurrent.of(Catalogue.cell(name, units)).returnSequences();
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.carousel.notation;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A cell as its equations in text, read and checked.
 *
 * <pre>
 *   cell Minimal(H)
 *   state h[H]
 *   f  = sigmoid(W_f x + U_f h + b_f)
 *   h' = (1 - f) * h + f * tanh(W_h x + U_h (f * h) + b_h)
 * </pre>
 *
 * A prime is the value after the step. Capital names that stand before something are weight matrices, names
 * beginning with {@code b_} and {@code p_} vectors of parameters, whose shapes follow from the equations.
 * {@code docs/cells.md} has the whole language. Equal texts are equal.
 */
public final class CellText {
  private final Syntax syntax;
  private final Names names;
  private final Order order;
  private final Shapes shapes;

  private CellText(Source source) {
    this.syntax = Parser.parse(source);
    this.names = Names.of(syntax);
    this.order = new Order(names);
    this.shapes = Shapes.of(names, order);
  }

  /**
   * Reads a cell.
   *
   * @throws CellTextException if there is something wrong with the text; says where, and what would be right
   */
  public static CellText parse(String text) {
    return new CellText(new Source("", text));
  }

  /**
   * Reads a cell from a file.
   *
   * @throws CellTextException if there is something wrong with the text; says where, and what would be right
   * @throws IOException if the file cannot be read
   */
  public static CellText read(Path file) throws IOException {
    try {
      return new CellText(new Source(file.toString(), Files.readString(file, StandardCharsets.UTF_8)));
    } catch (CharacterCodingException e) {
      throw new CellTextException(
          file + ": must be a cell's equations as text in UTF-8, this is something else; check the path", 1, 1);
    }
  }

  /** The name in its head. */
  public String name() {
    return syntax.name();
  }

  /** The text as it was given. */
  public String text() {
    return syntax.source().text();
  }

  /** The names of its sizes, the first of which is chosen by who uses it. */
  public List<String> sizes() {
    return syntax.sizes().stream().map(Syntax.NamedSize::name).toList();
  }

  /** The cell with the first of its sizes, which is mostly the size of its states. */
  public TextCell cell(int units) {
    return cell(Map.of(syntax.sizes().getFirst().name(), units));
  }

  /**
   * The cell with these sizes; those that are not given have the numbers of the text.
   *
   * @throws IllegalArgumentException if a size has no number, or the cell no such size
   */
  public TextCell cell(Map<String, Integer> given) {
    SequencedMap<String, Integer> all = new LinkedHashMap<>();
    for (Syntax.NamedSize size : syntax.sizes()) {
      Integer number = given.getOrDefault(size.name(), size.number());
      if (number == null) {
        throw new IllegalArgumentException(
            name() + ": the size " + size.name() + " must be given, it has no number in the text; add one");
      }
      all.put(size.name(), number);
    }
    for (String name : given.keySet()) {
      if (!all.containsKey(name)) {
        throw new IllegalArgumentException(name() + ": there must be a size " + name + ", there are " + sizes());
      }
    }
    return new TextCell(this, all);
  }

  /** The equations as LaTeX, in an {@code align} environment. */
  public String latex() {
    return Latex.of(this);
  }

  Syntax syntax() {
    return syntax;
  }

  Names names() {
    return names;
  }

  Order order() {
    return order;
  }

  Shapes shapes() {
    return shapes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellText text && text.text().equals(text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return name();
  }
}

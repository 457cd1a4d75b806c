package io.carousel.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * The labels of a classifier; class {@code k} is the label at {@code k}.
 *
 * <p>The order is by number if all labels are whole numbers, else by text.
 *
 * @param names all different, at least two
 */
public record Labels(List<String> names) {
  private static final int SHOWN = 10;
  private static final int LABEL_SHOWN = 40;
  private static final int LARGE_ENOUGH_TO_JUDGE = 20;

  public Labels {
    names = List.copyOf(names);
    if (names.size() < 2 || new TreeSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("Labels: must be at least two, all different, got " + names);
    }
  }

  /**
   * The labels that occur in a table.
   *
   * @throws DataException if it has fewer than two, or if no two rows share one
   */
  public static Labels of(TextTable table) {
    List<String> given = labels(table);
    List<String> names = new ArrayList<>(new TreeSet<>(given));
    if (names.size() < 2) {
      throw new DataException(
          table.source() + ": " + table.labelPlace() + " must hold at least two different labels, got only \""
              + shorten(names.isEmpty() ? "" : names.getFirst(), LABEL_SHOWN) + "\" in "
              + TableBuilder.count(table.size(), "row") + "; add rows of another class");
    }
    if (names.size() == table.size() && table.size() >= LARGE_ENOUGH_TO_JUDGE) {
      throw new DataException(
          table.source() + ": " + table.labelPlace() + " must hold labels that rows share, but all "
              + table.size() + " are different; choose the column of the labels");
    }
    boolean numbers = true;
    for (String name : names) {
      numbers &= isWholeNumber(name);
    }
    if (numbers) {
      names.sort((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)));
    }
    return new Labels(names);
  }

  public int size() {
    return names.size();
  }

  public String name(int id) {
    return names.get(id);
  }

  /**
   * The class of each row of a table.
   *
   * @throws DataException if the table has no labels, or one that is not among these
   */
  public int[] encode(TextTable table) {
    List<String> given = labels(table);
    Map<String, Integer> ids = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      ids.put(names.get(i), i);
    }
    int[] classes = new int[given.size()];
    for (int i = 0; i < classes.length; i++) {
      Integer id = ids.get(given.get(i));
      if (id == null) {
        throw new DataException(
            table.where(i) + ": " + table.labelPlace() + " must hold a class that training has seen ("
                + list() + "), got \"" + shorten(given.get(i), LABEL_SHOWN)
                + "\"; correct it, or train with examples of it");
      }
      classes[i] = id;
    }
    return classes;
  }

  private static List<String> labels(TextTable table) {
    List<String> labels = table.labels();
    if (labels == null) {
      throw new DataException(table.source() + ": must have labels, it was read without; name their column");
    }
    return labels;
  }

  private String list() {
    StringJoiner list = new StringJoiner(", ");
    for (int i = 0; i < Math.min(SHOWN, names.size()); i++) {
      list.add(shorten(names.get(i), LABEL_SHOWN));
    }
    if (names.size() > SHOWN) {
      list.add("and " + (names.size() - SHOWN) + " more");
    }
    return list.toString();
  }

  /** A user's text fit for one line of a message. */
  static String shorten(String text, int length) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), length); i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) ? ' ' : c);
    }
    if (text.length() > length) {
      if (Character.isHighSurrogate(line.charAt(line.length() - 1))) {
        line.setLength(line.length() - 1);
      }
      line.append('…');
    }
    return line.toString();
  }

  private static boolean isWholeNumber(String label) {
    int digits = label.startsWith("-") ? 1 : 0;
    if (label.length() == digits || label.length() > 18) {
      return false;
    }
    for (int i = digits; i < label.length(); i++) {
      if (label.charAt(i) < '0' || label.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}

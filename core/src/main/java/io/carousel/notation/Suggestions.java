package io.carousel.notation;

import io.carousel.notation.Names.What;
import io.carousel.notation.Syntax.Ref;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is said of a name that a text does not define: what would be right. */
final class Suggestions {
  private final Names names;
  private final Syntax syntax;

  Suggestions(Names names) {
    this.names = names;
    this.syntax = names.syntax();
  }

  /** A next value is used of what is no state. */
  CellTextException noState(String user, Ref ref) {
    return syntax.source().error(ref.at(), user + " uses " + ref + ", the next value of " + ref.name()
        + ", which is no state; " + (known().contains(ref.name()) ? "write " + ref.name() : instead(ref.name())));
  }

  /** A name is used that nothing defines. */
  CellTextException undefined(String user, Ref ref, boolean asMatrix, boolean capital) {
    return syntax.source().error(ref.at(), user + " uses " + ref + ", which is " + problem(ref, asMatrix, capital));
  }

  private String problem(Ref ref, boolean asMatrix, boolean capital) {
    String name = ref.name();
    boolean called = syntax.source().text().startsWith("(", ref.at() + name.length());
    if (asMatrix && called) {
      return "no function" + among(name, Function.words(), "; there are ");
    }
    if (asMatrix) {
      return "not defined; a weight matrix begins with a capital, as " + name.substring(0, 1).toUpperCase(Locale.ROOT)
          + name.substring(1) + ", and element by element is written with *";
    }
    String stem = name.endsWith("_t") ? name.substring(0, name.length() - 2) : name;
    if (names.is(What.STATE, stem)) {
      return "not defined; write " + stem + " for the value before the step, " + stem + "' for the one after it";
    }
    if (capital) {
      return "not defined; a weight matrix stands before what it multiplies, as in " + name
          + " h; for a vector of numbers write p_" + name + ", or declare " + param(name);
    }
    return "not defined; " + instead(name);
  }

  private String instead(String name) {
    String close = nearest(name, known());
    return close != null ? "did you mean " + close + "?"
        : "add an equation " + name + " = …, or declare " + param(name);
  }

  private String param(String name) {
    return "param " + name + "[" + syntax.sizes().getFirst().name() + "]";
  }

  /** All names that an expression may use, those first that nothing uses yet. */
  private List<String> known() {
    List<String> known = new ArrayList<>();
    names.definitions().keySet().stream().filter(name -> !name.endsWith("'")).forEach(known::add);
    syntax.states().forEach(state -> known.add(state.name()));
    syntax.inputs().forEach(input -> known.add(input.name()));
    names.parameters().keySet().stream().filter(name -> !names.isMatrix(name)).forEach(known::add);
    Set<String> used = new HashSet<>();
    syntax.equations().forEach(equation -> equation.right().refs().forEach(ref -> used.add(ref.name())));
    known.sort(Comparator.comparing(used::contains));
    return known;
  }

  /** The nearest of some names as a question, or else all of them. */
  static String among(String name, Collection<String> known, String all) {
    String close = nearest(name, known);
    return close == null ? all + String.join(", ", known) : "; did you mean " + close + "?";
  }

  /** The name that differs least, by at most a third of its letters, or by one. */
  private static @Nullable String nearest(String name, Collection<String> known) {
    String best = null;
    int least = 1 + Math.max(1, name.length() / 3);
    for (String other : known) {
      int distance = distance(name, other);
      if (distance < least) {
        least = distance;
        best = other;
      }
    }
    return best;
  }

  /** Letters to change, add or remove: Levenshtein. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
